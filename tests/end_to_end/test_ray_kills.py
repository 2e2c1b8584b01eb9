"""`kill -9` of Ray's parts while a run goes on, and of the run itself: the final archive is that of the run nobody disturbed.

One short run that loses a node and is killed is proof enough for each day; by night every kind of loss comes several times.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply
from tests.end_to_end.support.runs import configuration, query, query_early, rows, start
from tests.support.ray_cluster import RayCluster, RayNode

pytestmark = [pytest.mark.ray, pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("daemons")]

EVALUATIONS, FEW = 100, 40
WORKER = "ray::EvaluationWorker"


def answer(received: Received) -> ServerAnswer:
    """A reply that is a function of the request's seed; each candidate computes for a while, so that most kills strike one."""
    weight = random.Random(received.payload["seed"]).randint(0, 10**6) / 10**4
    code = f"def choose(length, loads):\n    sum(range(50_000))\n    return -abs(loads - {weight} * length).astype(float)"
    return reply(f"{{Weighs load against length by {weight}.}}\n```python\n{code}\n```")


@dataclass(frozen=True)
class Arena:
    """Where runs of this file take place.

    Attributes:
        nodes: Two nodes, each with room for one worker.
    """

    cluster: RayCluster
    nodes: list[RayNode]
    problem: str
    base_url: str

    def configure(self, folder: Path, *, evaluations: int = EVALUATIONS, local: bool = False) -> Path:
        """Write the configuration of a run here, or of one with the same search and no Ray."""
        folder.mkdir()
        there = {"kind": "ray", "slots": 2, "address": self.cluster.address, "resources": {"arena": 1.0}}
        return configuration(
            folder,
            name="r",
            problem=self.problem,
            strategy={"kind": "eoh", "population_size": 5, "parents": 2},
            generator={"kind": "openai", "model": "scripted", "base_url": self.base_url, "seed": True},
            evaluation={
                "executor": {"kind": "local", "slots": 2} if local else there,
                "sandbox": {"kind": "process", "allow_unisolated": True},
                "limits": {"memory_mib": 256},
            },
            budget={"evaluations": evaluations, "requests": 2000},
            in_flight=4,
            tell_order="asked",
            seed=5,
        )

    def start(self, *words: str, cwd: Path) -> subprocess.Popen[bytes]:
        return start(*words, cwd=cwd, env=self.cluster.secrets)


@pytest.fixture(scope="module")
def ray_cluster() -> Iterator[RayCluster]:
    """A Ray cluster whose head takes no workers."""
    with RayCluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def arena(ray_cluster: RayCluster, scheduling: str) -> Iterator[Arena]:
    nodes = ray_cluster.add_nodes((1, {"arena": 1}), (1, {"arena": 1}))
    with ScriptedEndpoint(answer) as server:
        yield Arena(cluster=ray_cluster, nodes=nodes, problem=scheduling, base_url=server.base_url)
    for node in nodes:
        node.stop()


def tells(database: Path) -> int:
    return len(query_early(database, "SELECT 1 FROM request WHERE told_seq IS NOT NULL"))


def database_of(config: Path) -> Path:
    return config.parent / "runs" / "evoheur.db"


@pytest.fixture(scope="module")
def whole(arena: Arena, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, object]]]:
    """Rows of the run that nobody disturbed."""
    config = arena.configure(tmp_path_factory.mktemp("undisturbed") / "run")
    assert arena.start("run", str(config), cwd=config.parent).wait(240) == 0
    return rows(database_of(config))


def strike_worker(arena: Arena, rng: random.Random) -> None:
    """The process of a worker."""
    workers = [worker for node in arena.nodes for worker in node.processes(WORKER)]
    if workers:
        rng.choice(workers).kill()


def strike_node(arena: Arena, rng: random.Random) -> None:
    """A node with its worker; another one joins."""
    arena.nodes.pop(rng.randrange(2)).kill()
    arena.nodes.append(arena.cluster.add_node(cpus=1, resources={"arena": 1}))


_KILLER = """
import random, sys, ray
ray.init(address=sys.argv[1], log_to_driver=False, logging_level="ERROR")
rng = random.Random(3)
for _ in sys.stdin:
    named = ray.util.list_named_actors(all_namespaces=True)
    if named:
        ray.kill(ray.get_actor(**rng.choice(named)))
    print("killed", flush=True)
"""


@pytest.fixture
def strike_actor(arena: Arena) -> Iterator[Callable[[Arena, random.Random], None]]:
    """An actor, through Ray, as an operator would end it."""
    command = [sys.executable, "-c", _KILLER, arena.cluster.address]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=arena.cluster.environment(), cwd="/", stdin=pipe, stdout=pipe, text=True) as killer:
        assert killer.stdin is not None
        assert killer.stdout is not None
        stdin, stdout = killer.stdin, killer.stdout

        def strike(_arena: Arena, _rng: random.Random) -> None:
            stdin.write("now\n")
            stdin.flush()
            assert stdout.readline() == "killed\n"

        yield strike
        stdin.close()


def disturb(arena: Arena, folder: Path, strike: Callable[[Arena, random.Random], None], strikes: int) -> Path:
    """A run from start to end, with so many strikes at random moments after its first outcomes."""
    rng = random.Random(strikes)
    config = arena.configure(folder)
    database = database_of(config)
    run = arena.start("run", str(config), cwd=config.parent)
    for _ in range(strikes):
        # An outcome between two strikes, at least: workers that die of one candidate again and again would be its fault.
        target = tells(database) + rng.randint(5, 12)
        while run.poll() is None and tells(database) < target:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.1))
        assert run.poll() is None, "the run ended before all strikes; raise EVALUATIONS"
        strike(arena, rng)
    assert run.wait(240) == 0
    return database


@pytest.mark.nightly  # the executor is tested for it, and with a node its worker goes as well
def test_workers_killed(arena: Arena, whole: object, tmp_path: Path) -> None:
    """Their processes, by the system."""
    assert rows(disturb(arena, tmp_path / "run", strike_worker, 5)) == whole


@pytest.mark.nightly  # the executor is tested for it, and with a node its worker goes as well
def test_actors_killed(arena: Arena, whole: object, tmp_path: Path, strike_actor: Callable[[Arena, random.Random], None]) -> None:
    """Through Ray."""
    assert rows(disturb(arena, tmp_path / "run", strike_actor, 5)) == whole


@pytest.mark.nightly  # a node is lost below, too
def test_nodes_killed(arena: Arena, whole: object, tmp_path: Path) -> None:
    """Everything of a machine at once."""
    assert rows(disturb(arena, tmp_path / "run", strike_node, 2)) == whole


@pytest.mark.nightly  # as below, but at random moments
def test_the_run_itself_killed_and_resumed(arena: Arena, whole: object, tmp_path: Path) -> None:
    """At random moments, some while Ray is still starting; `evoheur resume` goes on with the same cluster."""
    rng = random.Random(4)
    config = arena.configure(tmp_path / "run")
    database = database_of(config)
    for _ in range(4):
        began = bool(query_early(database, "SELECT name FROM run"))
        run = arena.start(*(("resume", "r") if began else ("run", str(config))), cwd=config.parent)
        target = tells(database) + rng.randint(1, 15)
        deadline = time.monotonic() + (rng.uniform(1, 4) if rng.random() < 0.25 else 90)
        while run.poll() is None and time.monotonic() < deadline and tells(database) < target:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.1))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    assert 0 < tells(database) < EVALUATIONS
    assert arena.start("resume", "r", cwd=config.parent).wait(240) == 0
    assert query(database, "SELECT count(*) FROM request WHERE told_seq IS NULL") == [(0,)]
    assert rows(database) == whole


def without_executor(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows of an archive but for where its run says to evaluate."""
    [run] = tables["run"]
    config = json.loads(run["config"])
    del config["evaluation"]["executor"]
    return {**tables, "run": [{**run, "config": config}]}


@pytest.mark.nightly  # by day workers and runs are killed in the executor's own tests
def test_a_run_that_loses_a_node_and_is_killed_ends_as_one_without_ray(arena: Arena, tmp_path: Path) -> None:
    """It goes on with the node that is left, and after its own death, with another one, to the same archive."""
    local = arena.configure(tmp_path / "local", evaluations=FEW, local=True)
    assert arena.start("run", str(local), cwd=local.parent).wait(240) == 0
    config = arena.configure(tmp_path / "run", evaluations=FEW)
    database = database_of(config)
    run = arena.start("run", str(config), cwd=config.parent)
    wait_for_tells(run, database, 4)
    arena.nodes.pop(0).kill()
    wait_for_tells(run, database, tells(database) + 5)  # more than were under way: what the node had in hand is told in its turn
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert tells(database) < FEW
    arena.nodes.append(arena.cluster.add_node(cpus=1, resources={"arena": 1}))
    assert arena.start("resume", "r", cwd=config.parent).wait(240) == 0
    assert without_executor(rows(database)) == without_executor(rows(database_of(local)))


def wait_for_tells(run: subprocess.Popen[bytes], database: Path, target: int) -> None:
    while run.poll() is None and tells(database) < target:
        time.sleep(0.002)
    assert run.poll() is None, "the run ended too early; raise FEW"
