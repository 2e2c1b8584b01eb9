"""Several runs on one Ray cluster: they share it, wait for each other, and take what others leave."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator

import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.ray.ray_executor import RayExecutor
from evoheur.problem_loading import load_problem
from tests.evoheur.evaluation.ray.support.candidates import HONEST, SLOW, WORKER, eventually, executor, recipe
from tests.support.ray_cluster import RayCluster, RayNode

pytestmark = [pytest.mark.ray, pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.xdist_group("daemons")]

ROOM = 3


@pytest.fixture(scope="module")
def court(ray_cluster: RayCluster) -> Iterator[RayNode]:
    """A node for these tests alone."""
    node = ray_cluster.add_node(cpus=ROOM, resources={"court": ROOM})
    yield node
    node.stop()


@pytest.fixture
def make(ray_cluster: RayCluster, court: RayNode, scheduling: str) -> Callable[..., RayExecutor]:
    """Makes a run's executor that would take the whole node."""
    there = {"address": ray_cluster.address, "resources": {"court": 1.0}}
    return lambda **settings: executor(recipe(scheduling), ray_cluster.secrets, **{**there, **settings})


@pytest.fixture
def train(scheduling: str) -> InstanceSet:
    return InstanceSet.of_split(load_problem(scheduling), "train")


async def scores(executor: RayExecutor, code: str, train: InstanceSet, times: int) -> set[Status]:
    tasks = (executor.evaluate(EvaluationTask(code=code, instances=train)) for _ in range(times))
    found: list[Evaluation] = await asyncio.gather(*tasks)
    return {one.status for one in found}


def test_a_second_run_gets_its_share_of_a_cluster_that_is_in_use(
    make: Callable[..., RayExecutor], court: RayNode, train: InstanceSet
) -> None:
    """The first one has all of it and is at work; it gives workers up as they finish, and has them again when the second one ends."""

    async def scenario() -> None:
        first = await asyncio.to_thread(make)
        assert first.slots == ROOM
        assert await asyncio.to_thread(eventually, lambda: len(court.processes(WORKER)) == ROOM, seconds=90)
        working = asyncio.ensure_future(scores(first, SLOW, train, 60))
        second = await asyncio.to_thread(make)
        assert await scores(second, HONEST, train, 4) == {Status.OK}
        assert len(court.processes(WORKER)) <= ROOM
        await second.close()
        assert await working == {Status.OK}
        assert await asyncio.to_thread(eventually, lambda: len(court.processes(WORKER)) == ROOM, seconds=90)
        await first.close()

    asyncio.run(asyncio.wait_for(scenario(), 300))


def test_a_run_that_finds_no_room_waits_for_others_and_names_them(
    make: Callable[..., RayExecutor], court: RayNode, train: InstanceSet, caplog: pytest.LogCaptureFixture
) -> None:
    """Longer than it waits for a cluster that nobody uses; the first run keeps the one worker that both need."""

    async def scenario() -> None:
        claim = {"court": float(ROOM)}
        first = await asyncio.to_thread(make, slots=1, resources=claim)
        assert await scores(first, HONEST, train, 1) == {Status.OK}
        coming = asyncio.ensure_future(asyncio.to_thread(make, slots=1, resources=claim, wait_seconds=12))
        assert await asyncio.to_thread(eventually, lambda: "in use by process" in caplog.text, seconds=90)
        began = time.monotonic()
        while time.monotonic() < began + 20.0:
            await asyncio.sleep(0.1)
            assert not coming.done(), "it neither gave up nor took the other one's worker"
        await first.close()
        second = await coming
        assert await scores(second, HONEST, train, 1) == {Status.OK}
        await second.close()

    with caplog.at_level(logging.WARNING):
        asyncio.run(asyncio.wait_for(scenario(), 300))
    assert "problem 'list_scheduling', seed 1 (1 worker)" in caplog.text
