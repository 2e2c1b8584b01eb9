"""The course of a run, read from its log.

How far it had come after so many model calls or evaluations. A model call is a request that a model answered or failed to answer,
however often it was tried. An evaluation is a candidate that was evaluated on train for the search: no duplicate, no screened one, but
each one that a strategy's own tuning went through. What is tuned beside the search is neither: it has a budget of its own, and its
candidates can be the best as soon as they are told.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Failure, RequestKind, Rescored

__all__ = ["AXES", "Axis", "Moment", "Trace"]

Axis: TypeAlias = Literal["calls", "evaluations"]
AXES: tuple[Axis, ...] = get_args(Axis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment in a run.

    Right after an outcome was told, or before the first.

    Attributes:
        calls: Model calls so far.
        evaluations: Evaluations so far.
        best: Best objective on train so far, minimised, the problem's own heuristic not counted; None before the first success.
        candidate: Number of the candidate that has it, the first if several do.
        failures: Requests without a candidate to evaluate, and candidates that failed; what was pruned did not fail.
        pruned: Candidates whose evaluation was cut short.
        same_code: Candidates whose code an earlier one has, the problem's own heuristic included.
        same_behaviour: Candidates of other code whose costs are those of an earlier one on every instance.
        tuned: Candidates that came from tuning beside the search, which the other counts leave out.
        tokens: Sent and received.
        epoch: Of the training instances that `best` was scored on, as in `Evaluation`.
        own: Objective of the problem's own heuristic on fresh training instances; None on the problem's own.
    """

    calls: int = 0
    evaluations: int = 0
    best: float | None = None
    candidate: int | None = None
    failures: int = 0
    pruned: int = 0
    same_code: int = 0
    same_behaviour: int = 0
    tuned: int = 0
    tokens: int = 0
    epoch: int = 0
    own: float | None = None

    def reached(self, axis: Axis) -> int:
        """Model calls or evaluations so far."""
        return self.calls if axis == "calls" else self.evaluations


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The course of a run, moment by moment.

    From its start to the last outcome that was told.

    Attributes:
        own: Objective of the problem's own heuristic, which a run begins with.
        moments: In the order of telling, after one of zeros.
    """

    own: float
    moments: tuple[Moment, ...]

    @classmethod
    def of(cls, log: Iterable[Asked | Told], baseline: Candidate) -> "Trace":
        """Make the course of a run from its log.

        Args:
            log: As `Archive.log` gives it.
            baseline: Candidate 0, evaluated.
        """
        assert baseline.objective is not None, "no run starts with a heuristic that fails"
        counting = _Counting(baseline.evaluation)
        told = (counting.after(step) for step in log if isinstance(step, Told))
        return cls(own=baseline.objective, moments=(Moment(), *told))

    def reached(self, axis: Axis) -> int:
        """Model calls or evaluations of the whole run."""
        return self.moments[-1].reached(axis)

    def at(self, axis: Axis, budget: int) -> Moment:
        """The last moment that so many calls or evaluations pay for."""
        return self.moments[bisect_right(self.moments, budget, key=lambda moment: moment.reached(axis)) - 1]

    def area(self, axis: Axis, budget: int) -> float | None:
        """The normalised area under the curve of a run.

        Mean of the best objective in hand after 1, 2, … `budget` calls or evaluations. In hand is the best that was bred so far or the
        problem's own heuristic, whichever is better; so before the first success it is the problem's own. None for a budget of 0.
        """
        if not budget:
            return None
        return sum(self._in_hand(self.at(axis, spent)) for spent in range(1, budget + 1)) / budget

    def _in_hand(self, moment: Moment) -> float:
        own = self.own if moment.own is None else moment.own
        return own if moment.best is None else min(own, moment.best)

    @property
    def improvements(self) -> Sequence[Moment]:
        """The moments at which the best changed."""
        pairs = pairwise(self.moments)
        return [after for before, after in pairs if after.candidate not in {None, before.candidate}]


class _Counting:
    """A counter that goes from moment to moment."""

    def __init__(self, own: Evaluation) -> None:
        self._moment = Moment()
        self._behaviours = {own.behaviour}

    def after(self, step: Told) -> Moment:
        """The moment after one more outcome."""
        if step.asked.kind is RequestKind.SIMPLIFICATION:
            return self._moment
        if not step.asked.kind.is_search:
            self._moment = replace(self._moment, tuned=self._moment.tuned + isinstance(step.outcome, Candidate))
        else:
            self._moment = self._counted(step)
        if isinstance(step.outcome, Candidate):
            self._behaviours.add(step.outcome.evaluation.behaviour)
            self._moment = _with_best(self._moment, step.outcome)
        elif isinstance(step.outcome, Rescored):
            self._moment = _rescored(self._moment, step.outcome.candidate)
        return self._moment

    def _counted(self, step: Told) -> Moment:
        now, reply, outcome = self._moment, step.asked.completion, step.outcome
        status = outcome.evaluation.status if isinstance(outcome, Candidate) else None
        new_code = isinstance(outcome, Candidate) and outcome.duplicate_of is None
        tried = 0 if reply is None else reply.evaluations
        return replace(
            now,
            calls=now.calls + (step.asked.kind is not RequestKind.WARM_START and (reply is None or reply.attempts > 0)),
            evaluations=now.evaluations + tried + (new_code and status is not Status.REJECTED),
            failures=now.failures + (isinstance(outcome, Failure) or status not in {None, Status.OK, Status.PRUNED}),
            pruned=now.pruned + (status is Status.PRUNED),
            same_code=now.same_code + (status is not None and not new_code),
            same_behaviour=now.same_behaviour + (new_code and self._is_known(outcome)),
            tokens=now.tokens + (0 if reply is None else reply.usage.prompt_tokens + reply.usage.completion_tokens),
        )

    def _is_known(self, outcome: object) -> bool:
        behaviour = outcome.evaluation.behaviour if isinstance(outcome, Candidate) else None
        return behaviour is not None and behaviour in self._behaviours


def _rescored(moment: Moment, candidate: Candidate) -> Moment:
    """The moment after a heuristic was scored on fresh instances, with the first of which all earlier objectives are void."""
    epoch = candidate.evaluation.epoch
    if epoch > moment.epoch:
        moment = replace(moment, epoch=epoch, best=None, candidate=None)
    return _with_best(moment, candidate) if candidate.id else replace(moment, own=candidate.objective)


def _with_best(moment: Moment, candidate: Candidate) -> Moment:
    objective = candidate.objective
    if objective is None or (moment.best is not None and objective >= moment.best):
        return moment
    return replace(moment, best=objective, candidate=candidate.id)
