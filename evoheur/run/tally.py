"""Counts what a run does, step by step; folding a stored log gives the same numbers as having been there."""

from collections import Counter

from evoheur.archive.records import Totals
from evoheur.candidate import Candidate, Status
from evoheur.request import TUNE, Completion, Failure, Outcome

__all__ = ["Tally"]


class Tally:
    """Totals in the making.

    Args:
        seconds: Wall time of earlier sessions, in seconds.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._requests = self._told = self._calls = self._evaluations = self._duplicates = 0
        self._prompt_tokens = self._completion_tokens = 0
        self._cost: float | None = None
        self._failures: Counter[str] = Counter()
        self._pruned = 0
        self._tunings = self._tuned = self._tuning_evaluations = 0
        self._best: float | None = None
        self._since_best = 0

    def asked(self, operator: str) -> None:
        """A request of this operator was recorded."""
        if operator == TUNE:
            self._tunings += 1
        else:
            self._requests += 1

    def completed(self, completion: Completion, operator: str) -> None:
        """A reply to a request of this operator was recorded."""
        if operator == TUNE:
            self._tuning_evaluations += completion.evaluations
        else:
            self._evaluations += completion.evaluations
        self._calls += completion.attempts
        self._prompt_tokens += completion.usage.prompt_tokens
        self._completion_tokens += completion.usage.completion_tokens
        if completion.cost_usd is not None:
            self._cost = (self._cost or 0.0) + completion.cost_usd

    def told(self, outcome: Outcome, operator: str) -> bool:
        """The outcome of a request of this operator was recorded; returns True if it is the best candidate so far."""
        if operator == TUNE:
            self._tuned += 1
            return isinstance(outcome, Candidate) and outcome.duplicate_of is None and self._improved(outcome.objective)
        self._told += 1
        if isinstance(outcome, Failure):
            self._calls += outcome.attempts
            self._failures[outcome.reason] += 1
        if not isinstance(outcome, Candidate):
            return False
        evaluation = outcome.evaluation
        if evaluation.status is Status.PRUNED:
            self._pruned += 1
        elif evaluation.status is not Status.OK:
            self._failures[evaluation.status.value] += 1
        if outcome.duplicate_of is not None:
            self._duplicates += 1
            return False
        if evaluation.status is Status.REJECTED:
            return False
        self._evaluations += 1
        self._since_best += 1
        return self._improved(evaluation.objective)

    def _improved(self, objective: float | None) -> bool:
        if objective is None or (self._best is not None and objective >= self._best):
            return False
        self._best, self._since_best = objective, 0
        return True

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
            failures=dict(self._failures),
            pruned=self._pruned,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
            cost_usd=self._cost,
            best_objective=self._best,
            since_best=self._since_best,
            seconds=self._seconds + session_seconds,
            tunings=self._tunings,
            tunings_pending=self._tunings - self._tuned,
            tuning_evaluations=self._tuning_evaluations,
        )
