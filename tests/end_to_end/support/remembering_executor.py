"""An executor that keeps its guests and what they found, so that many runs of the same candidates take milliseconds."""

import asyncio
import zlib
from functools import cache
from pathlib import Path
from typing import Any, Literal

from evoheur.candidate import Evaluation
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import Executor, ExecutorConfig, LocalExecutor
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Problem


class RememberingConfig(ExecutorConfig):
    """Named in configurations as tests.end_to_end.support.remembering_executor:RememberingConfig, the way anyone's own executor is."""

    kind: Literal["tests.end_to_end.support.remembering_executor:RememberingConfig"] = (
        "tests.end_to_end.support.remembering_executor:RememberingConfig"
    )

    def build(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> Executor:
        return _shared(recipe.problem).using(recipe, problem)


class RememberingExecutor:
    """Every candidate is evaluated by a real guest the first time, and remembered after that.

    An evaluation comes after as many turns of the event loop as its code says, so that outcomes overtake each other, in every run alike.
    """

    slots = 2

    def __init__(self) -> None:
        self._real: LocalExecutor | None = None
        self._known: dict[tuple[str, str, tuple[str, ...], bool, float | None], Evaluation] = {}

    def using(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> "RememberingExecutor":
        """This executor; its guests are made at the first call."""
        if self._real is None:
            self._real = LocalExecutor([recipe.make(problem) for _ in range(self.slots)])
        return self

    @property
    def level(self) -> str:
        assert self._real is not None
        return self._real.level

    async def start(self) -> None:
        assert self._real is not None
        await self._real.start()

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        assert self._real is not None
        names = tuple(instance.name for instance in task.instances.instances)
        key = (task.code, task.instances.split, names, task.probe, task.bound)
        if key not in self._known:
            self._known[key] = await self._real.evaluate(task)
        for _ in range(zlib.crc32(task.code.encode()) % 7):
            await asyncio.sleep(0)
        return self._known[key]

    async def close(self) -> None:
        """Nothing: the next run finds the guests warm, until `stop`."""

    async def stop(self) -> None:
        """End the guests."""
        if self._real is not None:
            await self._real.close()


@cache
def _shared(folder: str) -> RememberingExecutor:
    return RememberingExecutor()


def stop_guests(folder: str | Path) -> None:
    """End the guests of all runs of a problem."""
    asyncio.run(_shared(str(folder)).stop())
    _shared.cache_clear()
