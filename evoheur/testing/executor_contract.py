"""The contract of every executor, as a pytest class.

Subclass `ExecutorContract` in your own tests and let pytest collect it.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import psutil
import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Problem

__all__ = ["BusyExecutor", "ExecutorContract"]

_T = TypeVar("_T")


class BusyExecutor:
    """An executor of two slots that many tests use, one after the other, in one event loop.

    Args:
        executor: The executor.
        runner: Runs the event loop.
    """

    def __init__(self, executor: Executor, runner: asyncio.Runner) -> None:
        self.executor = executor
        self._runner = runner

    def run(self, scenario: Coroutine[Any, Any, _T]) -> _T:
        """Run a scenario to its end."""
        return self._runner.run(scenario)

    async def evaluate(self, *tasks: EvaluationTask[InstanceSet]) -> list[Evaluation]:
        """Evaluate tasks at the same time; evaluations in the order of tasks."""
        return await asyncio.gather(*map(self.executor.evaluate, tasks))


class ExecutorContract(ABC):
    """The expectations; subclass it with the five methods below.

    The class name must start with Test. Its methods are also called on an instance of which nothing but the class is known, so what they
    need belongs to the class: set it in a fixture of scope "class".
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

    @pytest.fixture(scope="class")
    @classmethod
    def busy(cls) -> Iterator[BusyExecutor]:
        """One executor for all tests that leave it as it is.

        As in a run, candidates of all kinds follow each other in it.
        """
        with asyncio.Runner() as runner:
            executor = cls().make_executor(2)
            yield BusyExecutor(executor, runner)
            runner.run(executor.close())

    def _train(self) -> InstanceSet:
        return InstanceSet.of_split(self.problem(), "train")

    def _task(self) -> EvaluationTask[InstanceSet]:
        return EvaluationTask(code=self.honest(), instances=self._train())

    def test_it_says_how_many_slots_it_has_and_at_which_level(self, busy: BusyExecutor) -> None:
        async def scenario() -> None:
            executor = busy.executor
            assert executor.slots == 2
            await executor.start()
            told = executor.level
            await executor.start()
            assert told == (await executor.evaluate(self._task())).level == executor.level

        busy.run(scenario())

    def test_more_candidates_than_slots_all_get_their_own_score(self, busy: BusyExecutor) -> None:
        """Scores that depend on the candidate alone.

        They depend neither on the slot nor on what else runs.
        """
        objectives = [evaluation.objective for evaluation in busy.run(busy.evaluate(*[self._task()] * 7))]
        assert len(set(objectives)) == 1
        assert objectives[0] is not None

    def test_a_probe_changes_nothing_for_an_honest_candidate(self, busy: BusyExecutor) -> None:
        """Equal scores with and without a probe."""
        plain, probed = busy.run(busy.evaluate(*(replace(self._task(), probe=probe) for probe in (False, True))))
        assert plain.objective == probed.objective is not None

    def test_a_bound_that_is_not_reached_changes_nothing_and_one_that_is_may_cut_short(self, busy: BusyExecutor) -> None:
        """Only candidates that are out anyway go without a score."""
        task = self._task()
        [whole] = busy.run(busy.evaluate(task))
        assert whole.objective is not None
        near, far = busy.run(
            busy.evaluate(replace(task, bound=whole.objective + 0.01), replace(task, bound=whole.objective - 1e6))
        )
        assert near.objective == whole.objective
        assert far.status is (Status.PRUNED if self._train().bounded else Status.OK)

    def test_a_candidate_that_hangs_or_dies_fails_alone(self, busy: BusyExecutor) -> None:
        """Scores for candidates beside and after a bad one.

        Those after it are in the same slot.
        """
        codes = (self.endless(), self.honest(), self.suicidal(), self.honest())
        scored = busy.run(busy.evaluate(*(replace(self._task(), code=code) for code in codes)))
        assert [evaluation.status for evaluation in scored] == [Status.TIMEOUT, Status.OK, Status.CRASHED, Status.OK]

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
