"""Executors: their interface, and worker threads on this machine."""

import asyncio
import os
import queue
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, Protocol, TypeVar

from pydantic import Field

from evoheur.candidate import Evaluation
from evoheur.components import Config
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Json, Problem
from evoheur.sandbox.interface import SandboxUnavailable

__all__ = ["BUILTIN_EXECUTORS", "Executor", "ExecutorConfig", "LocalConfig", "LocalExecutor"]

ResultT = TypeVar("ResultT")

BUILTIN_EXECUTORS = {
    "local": "evoheur.evaluation.executor:LocalConfig",
    "ray": "evoheur.evaluation.ray.ray_config:RayConfig",
}


class Executor(Protocol):
    """Evaluates candidates, as many at a time as it has slots; more callers wait."""

    @property
    def slots(self) -> int:
        """How many candidates it evaluates at the same time."""

    @property
    def level(self) -> str:
        """The isolation in force, as reports name it; sure after `start` or an evaluation."""

    async def start(self) -> None:
        """See that a guest runs, so that `level` is sure.

        It is then what is in force; does nothing if one has run.

        Raises:
            ExecutorError: None can be started.
        """

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        """Score one candidate.

        Args:
            task: Its code, the instances, and how far to go.

        Raises:
            ExecutorError: Evaluation itself is broken. What a candidate does wrong is a status instead.
        """

    async def close(self) -> None:
        """Stop all workers and their guests; harmless when repeated."""


class ExecutorConfig(Config):
    """Base of every executor's configuration."""

    kind: str
    """Which executor: a built-in name, or package.module:Class of its configuration."""

    def check(self) -> None:
        """See that what this executor needs is installed.

        Before anything is written or spent; the default needs nothing.

        Raises:
            ConfigError: Something is missing; says how to get it.
        """

    @abstractmethod
    def build(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> Executor:
        """Make the executor.

        Args:
            recipe: Makes an evaluator with a sandbox of its own, in any process; one is needed per slot.
            problem: The recipe's problem as this process has loaded it.

        Raises:
            ExecutorError: There is nothing to evaluate on.
        """


class LocalConfig(ExecutorConfig):
    """Worker threads in this process, each over a guest process of its own."""

    kind: Literal["local"] = "local"
    slots: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    """Candidates evaluated at the same time; by default one per processor."""

    def build(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> Executor:
        """See `ExecutorConfig.build`."""
        return LocalExecutor([recipe.make(problem) for _ in range(self.slots)])


class LocalExecutor:
    """Executor with one thread per evaluator.

    A thread mostly waits for its guest, and numba kernels run without the interpreter's lock.

    Args:
        evaluators: One per slot, each with its own sandbox; the executor closes them.
    """

    def __init__(self, evaluators: list[Evaluator]) -> None:
        self._evaluators = evaluators
        # What was used last comes first, so that no more guests are started than work at the same time.
        self._idle: queue.LifoQueue[Evaluator] = queue.LifoQueue()
        for evaluator in reversed(evaluators):
            self._idle.put(evaluator)
        self._telling: Evaluator | None = None  # one whose guest has run, so that it knows
        self._threads = ThreadPoolExecutor(max_workers=len(evaluators), thread_name_prefix="evaluator")
        self._closed = False

    @property
    def slots(self) -> int:
        """The number of evaluators."""
        return len(self._evaluators)

    @property
    def level(self) -> str:
        """The isolation of its evaluators."""
        return (self._telling or self._evaluators[0]).level

    async def start(self) -> None:
        """See `Executor.start`."""
        if self._telling is None:
            await self._in_thread(Evaluator.start)

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        """See `Executor.evaluate`."""
        return await self._in_thread(lambda evaluator: evaluator.evaluate(task))

    async def solve(self, task: EvaluationTask[InstanceSet]) -> tuple[Evaluation, list[Json]]:
        """Score one candidate and hand out its solutions, as `Evaluator.solve` does; raises as `evaluate`."""
        return await self._in_thread(lambda evaluator: evaluator.solve(task))

    async def _in_thread(self, use: Callable[[Evaluator], ResultT]) -> ResultT:
        if self._closed:
            raise ExecutorError("This executor is closed; make a new one to evaluate more candidates.")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._with_idle, use)
        except SandboxUnavailable as error:
            raise ExecutorError(f"The guest that runs candidates cannot be started: {error}") from error

    def _with_idle(self, use: Callable[[Evaluator], ResultT]) -> ResultT:
        evaluator = self._idle.get()  # there are as many evaluators as threads, so this never waits
        try:
            result = use(evaluator)
        except (OSError, ValueError) as error:  # of a descriptor that closing took away
            if not self._closed:
                raise
            raise ExecutorError("This executor was closed while it evaluated; make a new one to go on.") from error
        else:
            self._telling = evaluator
            return result
        finally:
            self._idle.put(evaluator)

    async def close(self) -> None:
        """Kill the guests, which ends what their threads wait for, then join the threads."""
        if self._closed:
            return
        self._closed = True
        for evaluator in self._evaluators:
            evaluator.close()
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        for evaluator in self._evaluators:
            evaluator.close()  # a thread may have opened a new guest between the two
