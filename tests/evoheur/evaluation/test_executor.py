"""The local executor: the executor contract, and threads over real guests."""

import asyncio
from typing import Any, ClassVar

import psutil
import pytest

from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import Executor, LocalConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import JailConfig, ProcessConfig
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits
from evoheur.testing.executor_contract import ExecutorContract

_HONEST = "def choose(length, loads):\n    return -loads.astype(float)\n"


@pytest.mark.parametrize("first", ["start", "evaluate"])
def test_the_level_is_the_one_in_force(scheduling: str, first: str) -> None:
    """A jail that takes what it can get knows only with a guest which level that is, whichever slot has it."""
    problem = load_problem(scheduling)
    train = InstanceSet.of_split(problem, "train")
    recipe = EvaluatorRecipe(problem=scheduling, settings={}, sandbox=JailConfig(), limits=Limits(), seed=1)

    async def scenario() -> tuple[str, str]:
        executor = LocalConfig(slots=2).build(recipe, problem)
        try:
            if first == "start":
                await executor.start()
                return executor.level, (await executor.evaluate(EvaluationTask(code=_HONEST, instances=train))).level
            evaluation = await executor.evaluate(EvaluationTask(code=_HONEST, instances=train))
            return executor.level, evaluation.level
        finally:
            await executor.close()

    told, happened = asyncio.run(scenario())
    assert told == happened


def guests() -> set[int]:
    """Process ids of all guests that this process has: children of fork servers."""
    return {guest.pid for server in psutil.Process().children() for guest in server.children()}


def test_one_after_the_other_needs_one_guest_only(scheduling: str) -> None:
    """However many slots there are; each guest that is started takes time and memory."""
    problem = load_problem(scheduling)
    train = InstanceSet.of_split(problem, "train")
    recipe = EvaluatorRecipe(problem=scheduling, settings={}, sandbox=ProcessConfig(), limits=Limits(), seed=1)

    async def scenario() -> int:
        executor = LocalConfig(slots=3).build(recipe, problem)
        try:
            before = guests()
            for number in range(3):
                assert (await executor.evaluate(EvaluationTask(code=f"{_HONEST}# {number}\n", instances=train))).objective
            return len(guests() - before)
        finally:
            await executor.close()

    assert asyncio.run(scenario()) == 1


class TestLocalExecutor(ExecutorContract):
    """Everything an executor promises."""

    folder: ClassVar[str]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _problem(cls, scheduling: str) -> None:
        cls.folder = scheduling

    def problem(self) -> Problem[Any]:
        return load_problem(self.folder)

    def make_executor(self, slots: int) -> Executor:
        limits = Limits(load_seconds=5, cpu_seconds=1, wall_seconds=2, memory_mib=256)
        recipe = EvaluatorRecipe(problem=self.folder, settings={}, sandbox=ProcessConfig(), limits=limits, seed=1)
        return LocalConfig(slots=slots).build(recipe, self.problem())

    def honest(self) -> str:
        return _HONEST

    def endless(self) -> str:
        return "def choose(length, loads):\n    while True: pass\n"

    def suicidal(self) -> str:
        return "import os\ndef choose(length, loads):\n    os._exit(3)\n"
