"""The contract of every executor, as a pytest class.

Subclass `ExecutorContract` in your own tests and let pytest collect it.
"""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

import psutil
import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Problem

__all__ = ["ExecutorContract"]


class ExecutorContract(ABC):
    """The expectations; subclass it with the five methods below.

    The class name must start with Test.
    """

    @abstractmethod
    def problem(self) -> Problem[Any]:
        """A quick problem."""

    @abstractmethod
    def make_executor(self, slots: int) -> Executor:
        """An executor for that problem with so many slots.

        It gives at most a few seconds per instance.
        """

    @abstractmethod
    def honest(self) -> str:
        """Source of a candidate that works."""

    @abstractmethod
    def endless(self) -> str:
        """Source of a candidate that never returns."""

    @abstractmethod
    def suicidal(self) -> str:
        """Source of a candidate that ends its own process."""

    def _train(self) -> InstanceSet:
        return InstanceSet.of_split(self.problem(), "train")

    def _task(self) -> EvaluationTask[InstanceSet]:
        return EvaluationTask(code=self.honest(), instances=self._train())

    def test_it_says_how_many_slots_it_has_and_at_which_level(self) -> None:
        async def scenario() -> None:
            executor = self.make_executor(2)
            try:
                assert executor.slots == 2
                await executor.start()
                told = executor.level
                await executor.start()
                assert told == (await executor.evaluate(self._task())).level == executor.level
            finally:
                await executor.close()

        asyncio.run(scenario())

    def test_more_candidates_than_slots_all_get_their_own_score(self) -> None:
        """Scores that depend on the candidate alone.

        They depend neither on the slot nor on what else runs.
        """

        async def scenario() -> list[float | None]:
            executor = self.make_executor(2)
            try:
                task = self._task()
                scored = await asyncio.gather(*(executor.evaluate(task) for _ in range(7)))
            finally:
                await executor.close()
            return [evaluation.objective for evaluation in scored]

        objectives = asyncio.run(scenario())
        assert len(set(objectives)) == 1
        assert objectives[0] is not None

    def test_a_probe_changes_nothing_for_an_honest_candidate(self) -> None:
        """Equal scores with and without a probe."""

        async def scenario() -> list[float | None]:
            executor = self.make_executor(2)
            try:
                tasks = (replace(self._task(), probe=probe) for probe in (False, True))
                scored = await asyncio.gather(*map(executor.evaluate, tasks))
            finally:
                await executor.close()
            return [evaluation.objective for evaluation in scored]

        plain, probed = asyncio.run(scenario())
        assert plain == probed is not None

    def test_a_bound_that_is_not_reached_changes_nothing_and_one_that_is_may_cut_short(self) -> None:
        """Only candidates that are out anyway go without a score."""

        async def scenario() -> list[Evaluation]:
            executor = self.make_executor(2)
            try:
                task = self._task()
                whole = await executor.evaluate(task)
                assert whole.objective is not None
                near = await executor.evaluate(replace(task, bound=whole.objective + 0.01))
                far = await executor.evaluate(replace(task, bound=whole.objective - 1e6))
            finally:
                await executor.close()
            return [whole, near, far]

        whole, near, far = asyncio.run(scenario())
        assert near.objective == whole.objective
        assert far.status is (Status.PRUNED if self._train().bounded else Status.OK)

    def test_a_candidate_that_hangs_or_dies_fails_alone(self) -> None:
        """Scores for candidates beside and after a bad one.

        Those after it are in the same slot.
        """

        async def scenario() -> list[Status]:
            executor = self.make_executor(2)
            try:
                task = self._task()
                codes = (self.endless(), self.honest(), self.suicidal(), self.honest())
                scored = await asyncio.gather(*(executor.evaluate(replace(task, code=code)) for code in codes))
            finally:
                await executor.close()
            return [evaluation.status for evaluation in scored]

        assert asyncio.run(scenario()) == [Status.TIMEOUT, Status.OK, Status.CRASHED, Status.OK]

    def test_closing_leaves_no_process_behind_even_while_a_candidate_runs(self) -> None:
        before = {process.pid for process in psutil.Process().children(recursive=True)}

        async def scenario() -> None:
            executor = self.make_executor(2)
            running = asyncio.ensure_future(executor.evaluate(replace(self._task(), code=self.endless())))
            await asyncio.sleep(0.2)  # long enough for the guest to be there in most cases; correct either way
            await executor.close()
            await executor.close()
            await asyncio.gather(running, return_exceptions=True)

        asyncio.run(scenario())
        left = [process for process in psutil.Process().children(recursive=True) if process.pid not in before]
        assert not [process for process in left if process.status() != psutil.STATUS_ZOMBIE]

    def test_a_closed_executor_says_so(self) -> None:
        async def scenario() -> None:
            executor = self.make_executor(1)
            await executor.close()
            with pytest.raises(ExecutorError, match="closed"):
                await executor.evaluate(self._task())

        asyncio.run(scenario())
