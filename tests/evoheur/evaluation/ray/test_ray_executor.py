"""The executor contract on a real Ray cluster, and what only Ray can get wrong: claims, deaths, nodes, waiting in vain."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import psutil
import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.ray.bridge_process import StumbledThere
from evoheur.evaluation.ray.ray_executor import RayExecutor
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.testing.executor_contract import BusyExecutor, ExecutorContract
from tests.evoheur.evaluation.ray.support.candidates import (
    ENDLESS,
    GUEST,
    HONEST,
    MURDEROUS,
    SLOW,
    SUICIDAL,
    WORKER,
    eventually,
    executor,
    recipe,
    survivors,
)
from tests.support.ray_cluster import RayCluster, RayNode

pytestmark = [pytest.mark.ray, pytest.mark.slow, pytest.mark.xdist_group("daemons")]


@pytest.fixture
def make(ray_cluster: RayCluster, scheduling: str) -> Callable[..., RayExecutor]:
    """Makes an executor on the cluster."""
    return lambda **settings: executor(
        recipe(scheduling), ray_cluster.secrets, **{"address": ray_cluster.address, "resources": {"lab": 1.0}, **settings}
    )


@pytest.fixture
def train(scheduling: str) -> InstanceSet:
    return InstanceSet.of_split(load_problem(scheduling), "train")


@pytest.fixture(scope="module")
def shared(ray_cluster: RayCluster, lab: RayNode, scheduling: str) -> Iterator[BusyExecutor]:
    """An executor for tests after which it goes on: workers that it loses are replaced."""
    there = {"address": ray_cluster.address, "resources": {"lab": 1.0}}
    with asyncio.Runner() as runner:
        made = executor(recipe(scheduling), ray_cluster.secrets, slots=2, **there)
        yield BusyExecutor(made, runner)
        runner.run(made.close())


def run(executor: RayExecutor, scenario: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        try:
            await asyncio.wait_for(scenario(), 120)
        finally:
            await executor.close()

    asyncio.run(bounded())


async def scores(executor: Executor, code: str, train: InstanceSet, times: int) -> list[Evaluation]:
    return await asyncio.gather(*(executor.evaluate(EvaluationTask(code=code, instances=train)) for _ in range(times)))


class TestRayExecutor(ExecutorContract):
    """Everything an executor promises."""

    cluster: ClassVar[RayCluster]
    folder: ClassVar[str]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _there(cls, ray_cluster: RayCluster, lab: RayNode, scheduling: str) -> None:
        cls.cluster, cls.folder = ray_cluster, scheduling

    @pytest.fixture(scope="class")
    @classmethod
    def busy(cls, shared: BusyExecutor) -> BusyExecutor:
        """The one of all tests of this file."""
        return shared

    def problem(self) -> Problem[Any]:
        return load_problem(self.folder)

    def make_executor(self, slots: int) -> Executor:
        there = {"address": self.cluster.address, "resources": {"lab": 1.0}}
        return executor(recipe(self.folder), self.cluster.secrets, slots=slots, **there)

    def honest(self) -> str:
        return HONEST

    def endless(self) -> str:
        return ENDLESS

    def suicidal(self) -> str:
        return SUICIDAL


@pytest.mark.nightly  # by day the contract closes executors
def test_closing_ends_workers_and_guests_on_the_nodes_of_others(
    make: Callable[..., RayExecutor], lab: RayNode, train: InstanceSet
) -> None:
    """One slot is busy and one is idle; the node itself lives on."""
    others = {process.pid for process in (*lab.processes(GUEST), *lab.processes(WORKER))}
    made = make(slots=2)

    def own(title: str) -> list[psutil.Process]:
        return [process for process in lab.processes(title) if process.pid not in others]

    async def scenario() -> None:
        await scores(made, HONEST, train, 8)
        running = asyncio.ensure_future(made.evaluate(EvaluationTask(code=ENDLESS, instances=train)))
        assert await asyncio.to_thread(eventually, lambda: len(own(GUEST)) >= 2)
        left = [*own(GUEST), *own(WORKER)]
        await made.close()
        await asyncio.gather(running, return_exceptions=True)
        assert not survivors(left, seconds=10)
        assert lab.raylet().is_running()

    run(made, scenario)


def test_a_killed_worker_and_its_evaluation_are_replaced(shared: BusyExecutor, lab: RayNode, train: InstanceSet) -> None:
    made = shared.executor

    async def scenario() -> None:
        running = asyncio.ensure_future(scores(made, SLOW, train, 12))
        for _ in range(2):
            assert await asyncio.to_thread(eventually, lambda: len(lab.processes(GUEST)) >= 2)
            lab.processes(WORKER)[0].kill()
            await asyncio.sleep(0.5)
        [honest] = await scores(made, HONEST, train, 1)
        assert {(one.status, one.objective) for one in await running} == {(Status.OK, honest.objective)}

    shared.run(asyncio.wait_for(scenario(), 120))


_KILL_ACTORS = """
import sys, ray
ray.init(address=sys.argv[1], log_to_driver=False, logging_level="ERROR")
print("ready", flush=True)
sys.stdin.readline()
for named in ray.util.list_named_actors(all_namespaces=True):
    ray.kill(ray.get_actor(**named))
"""


@pytest.mark.nightly  # by day a worker is killed by the system, above
def test_actors_that_someone_else_ends_are_replaced(shared: BusyExecutor, ray_cluster: RayCluster, train: InstanceSet) -> None:
    """Through Ray, as an operator would; all of them at once."""
    made = shared.executor

    async def scenario() -> None:
        command = [sys.executable, "-c", _KILL_ACTORS, ray_cluster.address]
        pipe = asyncio.subprocess.PIPE
        killer = await asyncio.create_subprocess_exec(*command, env=ray_cluster.environment(), cwd="/", stdin=pipe, stdout=pipe)
        assert killer.stdout is not None
        assert await killer.stdout.readline() == b"ready\n"
        running = asyncio.ensure_future(scores(made, SLOW, train, 12))
        await asyncio.sleep(0.3)
        assert not running.done()
        await killer.communicate(b"now\n")
        assert killer.returncode == 0
        assert {one.status for one in await running} == {Status.OK}

    shared.run(asyncio.wait_for(scenario(), 120))


@pytest.mark.nightly  # by day played nodes go, in `test_worker_pool`
@pytest.mark.usefixtures("shared")  # whose two workers leave room for two more
def test_workers_keep_to_their_resources_and_survive_a_node(
    ray_cluster: RayCluster, lab: RayNode, make: Callable[..., RayExecutor], train: InstanceSet
) -> None:
    """Two nodes of one processor and one "bench" each, half of both per worker: two workers on each, none in the lab.

    One node dies under load: no evaluation is lost, and its workers are hired anew when another such node joins.
    """
    nodes = ray_cluster.add_nodes((1, {"bench": 1}), (1, {"bench": 1}))
    first, second = nodes
    made = make(cpus_per_worker=0.5, resources={"bench": 0.5})

    def workers(*nodes: RayNode) -> list[int]:
        return [len(node.processes(WORKER)) for node in nodes]

    async def scenario() -> None:
        assert made.slots == 4
        assert await asyncio.to_thread(eventually, lambda: workers(first, second) == [2, 2], seconds=60)
        assert workers(lab) <= [2]  # those of the shared executor; fewer if some died idle, which it has not noticed yet
        running = asyncio.ensure_future(scores(made, SLOW, train, 60))
        assert await asyncio.to_thread(eventually, lambda: all(node.processes(GUEST) for node in (first, second)))
        first.kill()
        nodes.append(await asyncio.to_thread(ray_cluster.add_node, cpus=1, resources={"bench": 1}))
        [honest] = await scores(made, HONEST, train, 1)
        assert {(one.status, one.objective) for one in await running} == {(Status.OK, honest.objective)}
        assert await asyncio.to_thread(eventually, lambda: workers(second, nodes[-1]) == [2, 2], seconds=60)
        assert workers(lab) <= [2]

    run(made, scenario)
    for node in nodes[1:]:
        node.stop()


def test_a_candidate_that_kills_its_workers_is_the_only_one_to_pay(shared: BusyExecutor, train: InstanceSet) -> None:
    """It is stored as crashed, with a reason a person understands; candidates beside and after it get their score."""
    made = shared.executor

    async def scenario() -> None:
        honest = asyncio.ensure_future(scores(made, SLOW, train, 6))
        killed = await made.evaluate(EvaluationTask(code=MURDEROUS, instances=train))
        assert killed.status is Status.CRASHED
        assert killed.split == "train"
        assert "two Ray workers, one after the other, died while they evaluated this candidate" in killed.detail
        assert {one.status for one in [*await honest, *await scores(made, HONEST, train, 2)]} == {Status.OK}

    shared.run(asyncio.wait_for(scenario(), 120))


@pytest.mark.nightly  # by day a worker is killed by the system, above
def test_workers_that_die_idle_are_nobodys_fault(shared: BusyExecutor, lab: RayNode, train: InstanceSet) -> None:
    """The next candidate meets one corpse after the other and still gets its score."""
    made = shared.executor

    async def scenario() -> None:
        await scores(made, HONEST, train, 4)
        corpses = lab.processes(WORKER)
        for worker in corpses:
            worker.kill()
        assert not await asyncio.to_thread(survivors, corpses, seconds=10)
        assert [one.status for one in await scores(made, HONEST, train, 3)] == [Status.OK] * 3

    shared.run(asyncio.wait_for(scenario(), 120))


def test_validation_instances_travel_beside_the_training_ones(shared: BusyExecutor, scheduling: str, train: InstanceSet) -> None:
    made = shared.executor
    validation = InstanceSet.of_split(load_problem(scheduling), "validation")

    async def scenario() -> None:
        for instances in (train, validation, train):
            evaluation = await made.evaluate(EvaluationTask(code=HONEST, instances=instances, probe=instances is train))
            assert [result.instance for result in evaluation.results] == [one.name for one in instances.instances]
            assert evaluation.split == instances.split

    shared.run(asyncio.wait_for(scenario(), 120))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"resources": {"unheard_of": 1.0}}, r"no room for a single worker, which claims .*'unheard_of': 1\.0"),
        ({"resources": {"unheard_of": 1.0}, "slots": 1, "wait_seconds": 1}, "gave no worker for 1 s; see `ray status`"),
        ({"address": "127.0.0.1:1"}, r"no Ray cluster can be reached at '127\.0\.0\.1:1'"),
    ],
)
def test_a_cluster_that_gives_no_worker_is_our_fault_and_says_what_to_do(
    make: Callable[..., RayExecutor], lab: RayNode, settings: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ExecutorError, match=reason):
        make(**settings)


def test_a_node_without_the_problem_is_named(ray_cluster: RayCluster, lab: RayNode) -> None:
    """Workers load the problem themselves; on a cluster its folder has to be on every node."""
    there = {"address": ray_cluster.address, "resources": {"lab": 1.0}}
    with pytest.raises(ExecutorError, match=r"node [0-9a-f]+: ConfigError: Unknown problem '/nonexistent/problem'"):
        executor(recipe("/nonexistent/problem"), ray_cluster.secrets, slots=1, **there)


def test_an_error_of_our_own_on_a_worker_is_that_candidates_only(
    ray_cluster: RayCluster, lab: RayNode, scheduling: str, tmp_path: Path
) -> None:
    """It comes back as what it is, with the worker's traceback, and the next candidate is evaluated."""
    text = (Path(scheduling) / "problem.py").read_text()
    line = "        chosen = whole_numbers("
    (tmp_path / "problem.py").write_text(text.replace(line, f"        [][0 if set(solution) == {{3}} else slice(0)]\n{line}"))
    train = InstanceSet.of_split(load_problem(str(tmp_path)), "train")
    there = {"address": ray_cluster.address, "resources": {"lab": 1.0}}
    made = executor(recipe(str(tmp_path)), ray_cluster.secrets, slots=1, **there)

    async def scenario() -> None:
        with pytest.raises(StumbledThere, match=r"on a Ray worker: IndexError") as caught:
            await made.evaluate(
                EvaluationTask(code="def choose(length, loads):\n    return [0, 0, 0, 1.0, 0, 0]\n", instances=train)
            )
        assert "problem.py" in caught.value.__notes__[0]
        assert (await made.evaluate(EvaluationTask(code=HONEST, instances=train))).status is Status.OK

    run(made, scenario)
