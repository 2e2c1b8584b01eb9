"""A cluster that a run starts for itself: it sees no key, leaves nothing behind however the run ends, and its loss is mended."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from evoheur.candidate import Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem_loading import load_problem
from tests.evoheur.evaluation.ray.support.candidates import (
    ENDLESS,
    GUEST,
    HONEST,
    SLOW,
    WORKER,
    below,
    eventually,
    executor,
    recipe,
    survivors,
)
from tests.evoheur.evaluation.ray.support.reporting import ReportingConfig
from tests.support.ray_cluster import RayCluster, RayNode

pytestmark = [pytest.mark.ray, pytest.mark.slow, pytest.mark.xdist_group("daemons")]

CANARY = "sk-canary-5f1e0c"
ROOT = Path(__file__).parents[4]


@pytest.fixture
def importable_tests() -> Iterator[None]:
    """Workers find a user's own sandbox where this process does: on its path."""
    sys.path.append(str(ROOT))
    yield
    sys.path.remove(str(ROOT))


def test_no_process_of_the_cluster_holds_a_key_and_ray_leaves_nothing_in_the_home_folder(
    tmp_path: Path, scheduling: str, importable_tests: None
) -> None:
    """Control service, agents, node, workers and guests: neither their first environment nor that of a worker's Python has it.

    All of them end with the executor, though a candidate runs when it is closed.
    """
    home, reports = tmp_path / "home", tmp_path / "reports"
    home.mkdir()
    reports.mkdir()
    environ = {
        "OPENAI_API_KEY": CANARY,
        "EVOHEUR_ARCHIVE": f"postgresql://user:{CANARY}@db/runs",
        "MY_TOKEN": CANARY,
        "HOME": str(home),
    }
    before = {process.pid for process in below(psutil.Process())}
    made = executor(recipe(scheduling, ReportingConfig(folder=str(reports))), environ, slots=2)

    async def scenario() -> list[psutil.Process]:
        try:
            train = InstanceSet.of_split(load_problem(scheduling), "train")
            scored = await asyncio.gather(*(made.evaluate(EvaluationTask(code=SLOW, instances=train)) for _ in range(6)))
            assert {one.status for one in scored} == {Status.OK}
            ours = [process for process in below(psutil.Process()) if process.pid not in before]
            titles = [" ".join([process.name(), *process.cmdline()]) for process in ours]
            for part in ("evaluation.ray.bridge", "gcs_server", "raylet", "Agent", WORKER, GUEST):
                assert any(part in title for title in titles), f"nothing called {part} among {titles}"
            assert not [title for title in titles if CANARY in title]
            assert not [process for process in ours if CANARY in " ".join(process.environ().values())]
            running = asyncio.ensure_future(made.evaluate(EvaluationTask(code=ENDLESS, instances=train)))
            await asyncio.sleep(0.5)
            assert not running.done()
        finally:
            await made.close()
        await asyncio.gather(running, return_exceptions=True)
        return ours

    ours = asyncio.run(scenario())
    assert not survivors(ours, seconds=10)
    seen = [json.loads(path.read_text()) for path in reports.iterdir()]
    assert len(seen) == 2
    assert all(one["cwd"] == "/" and CANARY not in json.dumps(one["environ"]) for one in seen)
    cache = home / ".cache" / "evoheur"  # where a guest's numba keeps what it compiled, as without Ray
    assert not [path for path in home.rglob("*") if path.is_file() and cache not in path.parents]


_RUN = """
import asyncio, json, sys
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem_loading import load_problem
from tests.evoheur.evaluation.ray.support.candidates import ENDLESS, executor, recipe

problem, settings = sys.argv[1], json.loads(sys.argv[2])
made = executor(recipe(problem), slots=2, **settings)
train = InstanceSet.of_split(load_problem(problem), "train")

async def go_on():
    while True:
        await asyncio.gather(*(made.evaluate(EvaluationTask(code=ENDLESS, instances=train)) for _ in range(2)))

asyncio.run(go_on())
"""


def _kill_a_run(problem: str, settings: Mapping[str, Any], cluster: RayCluster, node: RayNode | None) -> None:
    """Start a run, kill it while both workers are busy, and see that all it had started is gone."""
    run = subprocess.Popen(
        [sys.executable, "-c", _RUN, problem, json.dumps(settings)],
        env={**cluster.environment(), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    home = psutil.Process(run.pid)

    def started() -> list[psutil.Process]:
        return [*below(home), *(node.processes(GUEST) + node.processes(WORKER) if node else ())]

    assert eventually(lambda: sum(GUEST in " ".join(process.cmdline()) for process in started()) >= 2, seconds=90)
    left = started()
    assert sum(WORKER in process.name() + " ".join(process.cmdline()) for process in left if process.is_running()) == 2
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert not survivors(left, seconds=30)


@pytest.mark.nightly  # by day one on a cluster of others is killed
def test_a_run_that_is_killed_takes_its_own_cluster_with_it(ray_cluster: RayCluster, scheduling: str) -> None:
    """`kill -9`: bridge, control service, node, workers and guests."""
    _kill_a_run(scheduling, {}, ray_cluster, None)


def test_a_run_that_is_killed_leaves_nothing_on_a_cluster_of_others(
    ray_cluster: RayCluster, lab: RayNode, scheduling: str
) -> None:
    """`kill -9`: bridge, workers and guests go, the node stays."""
    _kill_a_run(scheduling, {"address": ray_cluster.address, "resources": {"lab": 1.0}}, ray_cluster, lab)
    assert lab.raylet().is_running()


@pytest.mark.nightly  # by day played bridges are lost, in `test_mending`
@pytest.mark.parametrize("victim", ["raylet/raylet", "evaluation.ray.bridge"])
def test_the_loss_of_the_runs_own_node_or_bridge_is_mended(scheduling: str, victim: str) -> None:
    """The bridge dies at once or with the node: either way all that was under way is evaluated by the next bridge."""
    made = executor(
        recipe(scheduling), {"RAY_health_check_period_ms": "300", "RAY_health_check_initial_delay_ms": "500"}, slots=2
    )
    train = InstanceSet.of_split(load_problem(scheduling), "train")
    us = psutil.Process()

    async def scenario() -> None:
        try:
            running = asyncio.gather(*(made.evaluate(EvaluationTask(code=SLOW, instances=train)) for _ in range(12)))
            assert await asyncio.to_thread(eventually, lambda: len(below(us, GUEST)) >= 2)
            await asyncio.sleep(0.3)
            bridge = below(us, "evaluation.ray.bridge")[0]
            [target, *_] = [bridge] if victim in " ".join(bridge.cmdline()) else below(bridge, victim)
            target.kill()
            assert {one.status for one in await running} == {Status.OK}
            assert not await asyncio.to_thread(survivors, [bridge], seconds=30)
            assert (await made.evaluate(EvaluationTask(code=HONEST, instances=train))).status is Status.OK
        finally:
            await made.close()

    asyncio.run(scenario())
