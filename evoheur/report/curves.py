"""The course of a run, read from its log.

How far it had come after so many model calls or evaluations. A model call is a request that a model answered or failed to answer,
however often it was tried. An evaluation is a candidate that was evaluated on train for the search: no duplicate, no screened one, but
each one that a strategy's own tuning went through. What is tuned beside the search is neither: it has a budget of its own, and its
candidates can be the best as soon as they are told.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

from evoheur.archive.records import Asked, Told
from evoheur.archive.trace_reading import TracedEvaluation, TraceStep
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import RequestKind

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
        return cls.of_steps((TraceStep.of(entry) for entry in log if isinstance(entry, Told)), baseline)

    @classmethod
    def of_steps(cls, steps: Iterable[TraceStep], baseline: Candidate) -> "Trace":
        """Make the same from less, which long runs are read quicker by.

        Args:
            steps: As `Archive.trace_steps` gives them.
            baseline: Candidate 0, evaluated.
        """
        assert baseline.objective is not None, "no run starts with a heuristic that fails"
        counting = _Counting(baseline.evaluation)
        return cls(own=baseline.objective, moments=(Moment(), *map(counting.after, steps)))

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
        return sum(self.in_hand(self.at(axis, spent)) for spent in range(1, budget + 1)) / budget

    def in_hand(self, moment: Moment) -> float:
        """The best objective in hand: of what was bred so far or of the problem's own heuristic, whichever is lower."""
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
        self._behaviours = {own.behaviour}
        self._calls = self._evaluations = self._failures = self._pruned = 0
        self._same_code = self._same_behaviour = self._tuned = self._tokens = self._epoch = 0
        self._best: float | None = None
        self._candidate: int | None = None
        self._own: float | None = None
        self._moment = Moment()

    def after(self, step: TraceStep) -> Moment:
        """The moment after one more outcome."""
        if step.kind is RequestKind.SIMPLIFICATION:
            return self._moment
        evaluation = step.evaluation
        bred = evaluation if step.outcome == "candidate" else None
        if step.kind.is_search:
            self._count(step, bred)
        else:
            self._tuned += bred is not None
        if bred is not None:
            self._behaviours.add(bred.behaviour)
            self._compare(bred.objective, step.number)
        elif evaluation is not None:
            self._rescored(evaluation, step.number)
        self._moment = Moment(
            calls=self._calls,
            evaluations=self._evaluations,
            best=self._best,
            candidate=self._candidate,
            failures=self._failures,
            pruned=self._pruned,
            same_code=self._same_code,
            same_behaviour=self._same_behaviour,
            tuned=self._tuned,
            tokens=self._tokens,
            epoch=self._epoch,
            own=self._own,
        )
        return self._moment

    def _count(self, step: TraceStep, bred: TracedEvaluation | None) -> None:
        self._calls += step.kind is not RequestKind.WARM_START and step.attempts != 0
        self._evaluations += step.evaluations
        self._tokens += step.tokens
        self._failures += step.outcome == "failure"
        if bred is None:
            return
        self._evaluations += not step.is_shared and bred.status is not Status.REJECTED
        self._failures += bred.status not in {Status.OK, Status.PRUNED}
        self._pruned += bred.status is Status.PRUNED
        if step.is_shared and not step.is_twin:
            self._same_code += 1
        elif bred.behaviour is not None:
            self._same_behaviour += bred.behaviour in self._behaviours

    def _compare(self, objective: float | None, number: int | None) -> None:
        if objective is not None and (self._best is None or objective < self._best):
            self._best, self._candidate = objective, number

    def _rescored(self, evaluation: TracedEvaluation, number: int | None) -> None:
        """Count a heuristic on fresh instances, with the first of which all earlier objectives are void."""
        if evaluation.epoch > self._epoch:
            self._epoch, self._best, self._candidate = evaluation.epoch, None, None
        if number == 0:
            self._own = evaluation.objective
        else:
            self._compare(evaluation.objective, number)
