"""Counting what a run does and spends.

This is the one place that knows what counts as what.
"""

from collections import Counter
from typing import NamedTuple

from evoheur.archive.records import Totals
from evoheur.candidate import Candidate, Status
from evoheur.request import Completion, Failure, Outcome, RequestKind, Rescored

__all__ = ["Expense", "Fate", "TotalsCounter"]


_UNCOUNTED = {RequestKind.SIMPLIFICATION, RequestKind.CONSULTATION}
_DIGITS = 12  # of dollars; beyond them a sum depends on the order in which it was added up


class Expense(NamedTuple):
    """The expense of one reply or of many alike; see `Completion`."""

    attempts: int
    evaluations: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    estimated_tokens: int = 0

    @classmethod
    def of(cls, completion: Completion) -> "Expense":
        """The expense of one reply."""
        usage = completion.usage
        return cls(
            completion.attempts,
            completion.evaluations,
            usage.prompt_tokens,
            usage.completion_tokens,
            completion.cost_usd,
            usage.cached_tokens,
            usage.reasoning_tokens,
            usage.prompt_tokens + usage.completion_tokens if usage.estimated else 0,
        )


class Fate(NamedTuple):
    """The parts of an outcome that are counted.

    Attributes:
        reason: Of a failure; None where there was none before the evaluation.
        attempts: Calls that were made for nothing.
        status: Of a candidate's evaluation; None where there is no candidate.
        shared: Whether the evaluation is an earlier candidate's.
        objective: Of the candidate, minimised; None if it failed.
        epoch: Of the training instances, with which all objectives so far are void; see `Evaluation`.
        twin: Whether the evaluation is that of a candidate with other code.
    """

    reason: str | None = None
    attempts: int = 0
    status: Status | None = None
    shared: bool = False
    objective: float | None = None
    epoch: int = 0
    twin: bool = False

    @classmethod
    def of(cls, outcome: Outcome) -> "Fate":
        """The counted parts of an outcome.

        Of what was scored again nothing but its worth; of the baseline not even that.
        """
        if isinstance(outcome, Candidate):
            evaluation, shared = outcome.evaluation, outcome.duplicate_of is not None
            return cls(
                status=evaluation.status,
                shared=shared,
                objective=evaluation.objective,
                epoch=evaluation.epoch,
                twin=outcome.is_twin,
            )
        if isinstance(outcome, Rescored):
            evaluation = outcome.candidate.evaluation
            return cls(objective=evaluation.objective if outcome.candidate.id else None, epoch=evaluation.epoch)
        return cls(reason=outcome.reason, attempts=outcome.attempts) if isinstance(outcome, Failure) else cls()


class TotalsCounter:
    """A counter of what a run does and spends.

    It takes the steps of a run one by one, or many alike at once.

    Args:
        seconds: Wall time of earlier sessions, in seconds.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._requests = self._told = self._calls = self._evaluations = self._duplicates = self._twins = self._pruned = 0
        self._prompt_tokens = self._completion_tokens = 0
        self._cached_tokens = self._reasoning_tokens = self._estimated_tokens = 0
        self._cost: float | None = None
        self._failures: Counter[str] = Counter()
        self._tunings = self._tunings_told = self._tuning_evaluations = 0
        self._best: float | None = None
        self._since_best = 0
        self._rescorings = 0
        self._epoch = 0

    def asked(self, kind: RequestKind, *, times: int = 1) -> None:
        """Count requests; what is simplified after the search, or asked of a policy, counts nowhere."""
        if kind in _UNCOUNTED:
            return
        if kind.is_search:
            self._requests += times
        elif kind is not RequestKind.RESCORING:
            self._tunings += times

    def replied(self, kind: RequestKind, expense: Expense) -> None:
        """Count the expense of replies."""
        if kind in _UNCOUNTED:
            return
        self.tried(kind, expense.evaluations)
        self._calls += expense.attempts
        self._prompt_tokens += expense.prompt_tokens
        self._completion_tokens += expense.completion_tokens
        self._cached_tokens += expense.cached_tokens
        self._reasoning_tokens += expense.reasoning_tokens
        self._estimated_tokens += expense.estimated_tokens
        if expense.cost_usd is not None:
            self._cost = (self._cost or 0.0) + expense.cost_usd

    def tried(self, kind: RequestKind, evaluations: int) -> None:
        """Count evaluations on the way to a reply or to an outcome."""
        if kind.is_search:
            self._evaluations += evaluations
        else:
            self._tuning_evaluations += evaluations

    def told(self, kind: RequestKind, fate: Fate, *, times: int = 1) -> bool:
        """Count outcomes.

        Args:
            kind: Of their requests.
            fate: Of one of them; `attempts` is the sum, and `objective` the best, over all of them.
            times: How many.

        Returns:
            Whether the best so far is among them; never where known heuristics are scored again or simplified.
        """
        if kind in _UNCOUNTED:
            return False
        if fate.epoch > self._epoch:
            self._epoch, self._best = fate.epoch, None
        if kind is RequestKind.RESCORING:
            self._rescorings += times
            self._calls += fate.attempts
            if fate.objective is not None:
                self._best = fate.objective if self._best is None else min(self._best, fate.objective)
            return False
        if kind.is_search:
            self._count(fate, times)
        else:
            self._tunings_told += times
        if fate.shared or fate.objective is None or (self._best is not None and fate.objective >= self._best):
            return False
        self._best, self._since_best = fate.objective, 0
        return True

    def _count(self, fate: Fate, times: int) -> None:
        self._told += times
        self._calls += fate.attempts
        if fate.reason is not None:
            self._failures[fate.reason] += times
        if fate.status is None:
            return
        if fate.status is Status.PRUNED:
            self._pruned += times
        elif fate.status is not Status.OK:
            self._failures[fate.status.value] += times
        if fate.shared:
            self._duplicates += times
            self._twins += times * fate.twin
        elif fate.status is not Status.REJECTED:  # what was screened out was not run
            self._evaluations += times
            self._since_best += times

    def totals(self, session_seconds: float = 0.0) -> Totals:
        """The numbers so far.

        Args:
            session_seconds: Wall time of the present session, in seconds.
        """
        return Totals(
            requests=self._requests,
            pending=self._requests - self._told,
            calls=self._calls,
            evaluations=self._evaluations,
            duplicates=self._duplicates,
            twins=self._twins,
            failures=dict(self._failures),
            pruned=self._pruned,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
            cached_tokens=self._cached_tokens,
            reasoning_tokens=self._reasoning_tokens,
            estimated_tokens=self._estimated_tokens,
            cost_usd=None if self._cost is None else round(self._cost, _DIGITS),
            best_objective=self._best,
            since_best=self._since_best,
            seconds=self._seconds + session_seconds,
            tunings=self._tunings,
            tunings_pending=self._tunings - self._tunings_told,
            tuning_evaluations=self._tuning_evaluations,
            rescorings=self._rescorings,
        )
