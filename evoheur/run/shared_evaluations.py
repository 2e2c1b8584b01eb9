"""Evaluations that candidates of the same code share.

Each code is evaluated once, also while several of its candidates are in flight.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.statistical_race import StatisticalRace
from evoheur.run.original import Original

__all__ = ["SharedEvaluations"]


@dataclass(frozen=True, slots=True)
class _Shared:
    """An evaluation shared by candidates of the same code.

    With the bound from which on it was cut short, and the race that it may have lost.
    """

    running: asyncio.Future[Evaluation]
    bound: float | None
    race: StatisticalRace | None = None

    def is_out_for(self, task: EvaluationTask[InstanceSet], evaluation: Evaluation) -> bool:
        """Whether what was cut short would be so for this task.

        It is if the task's bound is no higher than its own, or if the task is to find it a twin as well. Other rivals may let it go on.
        """
        if evaluation.stopped_unsolved:
            return evaluation.fingerprint in (task.fingerprints or ())
        if task.race is not None or self.race is not None:
            return task.race == self.race and task.bound == self.bound
        return task.bound is not None and self.bound is not None and task.bound <= self.bound


class SharedEvaluations:
    """The evaluations of an epoch, by code, probes and the stage of a funnel.

    Args:
        evaluate: Evaluates a task.

    Attributes:
        read: Gives the evaluation of a logged original, or that in time; set before the first is asked for.
    """

    read: Callable[[Original], Evaluation | asyncio.Future[Evaluation]]

    def __init__(self, evaluate: Callable[[EvaluationTask[InstanceSet]], Awaitable[Evaluation]]) -> None:
        self._evaluate = evaluate
        self._evaluations: dict[tuple[str, bool, bool, int], _Shared] = {}
        self._logged: dict[str, Original] = {}  # those of an earlier session, by hash

    def log(self, original: Original) -> None:
        """Share an evaluation of an earlier session, which is read once it is asked for."""
        self._logged[original.code_hash] = original

    def clear(self) -> None:
        """Begin an epoch: nothing that was scored on other instances compares."""
        self._evaluations.clear()
        self._logged.clear()

    async def evaluation(self, hashed: str, task: EvaluationTask[InstanceSet], *, stage: int = 0) -> Evaluation:
        """The evaluation of a code, made if there is none yet that does for the task.

        Which of the evaluations of a code a request gets depends on the request alone, or runs would differ by what is finished first.

        Args:
            hashed: Of the normalised code.
            task: What to evaluate, and with which probe.
            stage: Of a funnel; 0 for all instances.
        """
        key = hashed, task.probe, task.scale_probe, stage
        shared = self._evaluations.get(key) or self._from_log(key)
        if shared is not None:
            evaluation = await asyncio.shield(shared.running)
            if evaluation.status is not Status.PRUNED or shared.is_out_for(task, evaluation):
                return evaluation
        running = asyncio.ensure_future(self._evaluate(task))
        self._evaluations[key] = _Shared(running, task.bound, task.race)
        try:
            return await asyncio.shield(running)
        except Exception:
            self._evaluations.pop(key, None)  # an error of ours is no property of the code, so the next one tries anew
            raise

    def _from_log(self, key: tuple[str, bool, bool, int]) -> _Shared | None:
        hashed, *others = key  # probes, and the stage of a funnel
        original = None if any(others) else self._logged.pop(hashed, None)
        if original is None:
            return None
        found = self.read(original)
        if isinstance(found, Evaluation):
            known: asyncio.Future[Evaluation] = asyncio.get_running_loop().create_future()
            known.set_result(found)
        else:
            known = found
        shared = self._evaluations[key] = _Shared(known, None)
        return shared
