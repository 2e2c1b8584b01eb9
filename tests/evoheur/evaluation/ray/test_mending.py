"""The run's side of a lost bridge, with bridges that are objects: what is sent again, what is sent once, when it ends."""

import asyncio
import pickle
from concurrent.futures import Future

import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import ProcessConfig
from evoheur.evaluation.ray.bridge_messages import Instances, Terms
from evoheur.evaluation.ray.bridge_process import BridgeLost
from evoheur.evaluation.ray.ray_executor import RayExecutor
from evoheur.sandbox.interface import Limits

RECIPE = EvaluatorRecipe(problem="bin_packing_online", settings={}, sandbox=ProcessConfig(), limits=Limits(), seed=1)
TERMS = Terms.of(RECIPE, slots=2, cpus_per_worker=1.0, resources={}, address=None, wait_seconds=1.0, object_store_mib=128)


def instance_set(split: str) -> InstanceSet:
    return InstanceSet(split=split, instances=(), references={}, encoded=())


class PlayedBridge:
    """Evaluates `lives` candidates, then is lost."""

    slots, level = 2, "process"

    def __init__(self, lives: int) -> None:
        self.lives = lives
        self.given: list[Instances] = []
        self.asked: list[tuple[str, int, bool]] = []
        self.closed = False

    def knows(self, instances: int) -> bool:
        return instances in {one.number for one in self.given}

    def give(self, instances: Instances) -> None:
        self.given.append(instances)

    def evaluate(self, task: EvaluationTask[int]) -> "Future[Evaluation]":
        assert self.knows(task.instances)
        self.asked.append((task.code, task.instances, task.probe))
        future: Future[Evaluation] = Future()
        if len(self.asked) > self.lives:
            future.set_exception(BridgeLost("it is gone"))
        else:
            split = next(one.split for one in self.given if one.number == task.instances)
            future.set_result(Evaluation(status=Status.OK, objective=1.0, split=split))
        return future

    def close(self) -> None:
        self.closed = True


class Launches:
    """Bridges with so many lives each, one after the other."""

    def __init__(self, *lives: int) -> None:
        self.lives = iter(lives)
        self.bridges: list[PlayedBridge] = []

    def __call__(self, terms: Terms) -> PlayedBridge:
        assert pickle.loads(terms.recipe) == RECIPE
        self.bridges.append(PlayedBridge(next(self.lives)))
        return self.bridges[-1]


def test_a_set_of_instances_is_sent_once() -> None:
    launches = Launches(10)
    executor = RayExecutor(TERMS, launch=launches)
    train, validation = instance_set("train"), instance_set("validation")

    async def scenario() -> list[str]:
        return [
            (await executor.evaluate(EvaluationTask(code="code", instances=one, probe=one is train))).split
            for one in (train, validation, train)
        ]

    assert asyncio.run(scenario()) == ["train", "validation", "train"]
    [bridge] = launches.bridges
    assert [one.split for one in bridge.given] == ["train", "validation"]
    assert bridge.asked == [("code", 0, True), ("code", 1, False), ("code", 0, True)]


def test_what_was_under_way_is_sent_again_to_one_new_bridge() -> None:
    """Five evaluations find the bridge lost; it is replaced once, gets the instances anew and evaluates all five."""
    launches = Launches(0, 5)
    executor = RayExecutor(TERMS, launch=launches)
    train = instance_set("train")

    async def scenario() -> list[Evaluation]:
        return await asyncio.gather(*(executor.evaluate(EvaluationTask(code="code", instances=train)) for _ in range(5)))

    assert {one.status for one in asyncio.run(scenario())} == {Status.OK}
    assert [bridge.closed for bridge in launches.bridges] == [True, False]
    assert [len(bridge.given) for bridge in launches.bridges] == [1, 1]


def test_a_candidate_under_which_two_bridges_are_lost_ends_the_run_but_not_for_ever() -> None:
    """Nothing says that it is the candidate's fault, so it gets no status; the next evaluation finds a bridge."""
    launches = Launches(0, 0, 1)
    executor = RayExecutor(TERMS, launch=launches)

    async def scenario() -> Evaluation:
        with pytest.raises(ExecutorError, match="Ray was lost 2 times under the same candidate"):
            await executor.evaluate(EvaluationTask(code="code", instances=instance_set("train")))
        return await executor.evaluate(EvaluationTask(code="code", instances=instance_set("train")))

    assert asyncio.run(scenario()).status is Status.OK


def test_closing_closes_the_bridge_of_the_moment_and_no_other_is_launched() -> None:
    launches = Launches(0)
    executor = RayExecutor(TERMS, launch=launches)

    async def scenario() -> None:
        await executor.close()
        await executor.close()
        with pytest.raises(ExecutorError, match="closed"):
            await executor.evaluate(EvaluationTask(code="code", instances=instance_set("train")))

    asyncio.run(scenario())
    assert [bridge.closed for bridge in launches.bridges] == [True]
