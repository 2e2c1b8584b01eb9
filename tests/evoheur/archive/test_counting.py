"""Counting, step by step."""

import pytest

from evoheur.archive.counting import Expense, Fate, TotalsCounter
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Completion, Failure, Note, Outcome, RequestKind, Usage


def candidate(number: int, objective: float | None, *, status: Status = Status.OK, duplicate_of: int | None = None) -> Candidate:
    evaluation = Evaluation(status=status, objective=objective, split="train")
    return Candidate(id=number, code="", thought="", operator="i1", parents=(), evaluation=evaluation, duplicate_of=duplicate_of)


class Steps:
    """Counts one step after the other, as a run does."""

    def __init__(self) -> None:
        self.counter = TotalsCounter()
        self.totals = self.counter.totals

    def asked(self, kind: RequestKind = RequestKind.MODEL) -> None:
        self.counter.asked(kind)

    def replied(self, completion: Completion, kind: RequestKind = RequestKind.MODEL) -> None:
        self.counter.replied(kind, Expense.of(completion))

    def told(self, outcome: Outcome, kind: RequestKind = RequestKind.MODEL) -> bool:
        return self.counter.told(kind, Fate.of(outcome))


def test_every_outcome_is_counted_where_it_belongs() -> None:
    """Six requests, five told: two evaluated (one failed), one duplicate, one screened, one lost call of three attempts."""
    steps = Steps()
    for _ in range(6):
        steps.asked()
    steps.replied(Completion(text="", model="m", usage=Usage(prompt_tokens=10, completion_tokens=5), attempts=2, cost_usd=0.25))
    assert steps.told(candidate(1, 4.0))
    assert not steps.told(candidate(2, None, status=Status.TIMEOUT))
    assert not steps.told(candidate(3, 4.0, duplicate_of=1))
    assert not steps.told(candidate(4, None, status=Status.REJECTED))
    assert not steps.told(Failure(stage="generation", reason="server-error", detail="", attempts=3))
    totals = steps.totals(session_seconds=7.0)
    assert (totals.requests, totals.pending, totals.calls, totals.tokens) == (6, 1, 5, 15)
    assert (totals.evaluations, totals.duplicates) == (2, 1)
    assert totals.failures == {"timeout": 1, "rejected": 1, "server-error": 1}
    assert (totals.best_objective, totals.since_best, totals.cost_usd, totals.seconds) == (4.0, 1, 0.25, 7.0)


def test_a_note_costs_no_evaluation() -> None:
    steps = Steps()
    steps.asked()
    assert not steps.told(Note(text="reflection"))
    assert steps.totals().evaluations == 0
    assert steps.totals().pending == 0


@pytest.mark.parametrize(("second", "best"), [(3.0, True), (4.0, False), (5.0, False)])
def test_only_a_strictly_smaller_objective_is_a_new_best(second: float, best: bool) -> None:
    steps = Steps()
    steps.told(candidate(1, 4.0))
    assert steps.told(candidate(2, second)) is best


def test_unknown_prices_are_not_zero() -> None:
    steps = Steps()
    steps.replied(Completion(text="", model="m"))
    assert steps.totals().cost_usd is None


def test_a_strategys_own_tuning_counts_its_evaluations_and_no_call() -> None:
    steps = Steps()
    steps.asked(RequestKind.TUNING)
    steps.replied(Completion(text="", model="harmony-search", attempts=0, evaluations=10), RequestKind.TUNING)
    assert steps.told(candidate(1, 4.0), RequestKind.TUNING)
    totals = steps.totals()
    assert (totals.requests, totals.calls, totals.evaluations, totals.tuning_evaluations) == (1, 0, 11, 0)


def test_tuning_beside_the_search_is_counted_apart() -> None:
    """Neither request nor evaluation nor duplicate, so that no budget of the search notices it; but a better candidate is a better one."""
    steps = Steps()
    steps.asked()
    steps.told(candidate(1, 4.0))
    for _ in range(3):
        steps.asked(RequestKind.TUNING_BESIDE)
    steps.replied(Completion(text="", model="cma-es", attempts=0, evaluations=40), RequestKind.TUNING_BESIDE)
    assert steps.told(candidate(2, 3.0), RequestKind.TUNING_BESIDE)
    assert not steps.told(candidate(3, 2.0, duplicate_of=1), RequestKind.TUNING_BESIDE)
    totals = steps.totals()
    assert (totals.requests, totals.pending, totals.calls, totals.evaluations, totals.duplicates) == (1, 0, 0, 1, 0)
    assert (totals.tunings, totals.tunings_pending, totals.tuning_evaluations) == (3, 1, 40)
    assert (totals.best_objective, totals.since_best) == (3.0, 0)


def test_a_pruned_candidate_is_an_evaluation_and_no_failure() -> None:
    steps = Steps()
    steps.asked()
    assert not steps.told(candidate(1, None, status=Status.PRUNED))
    totals = steps.totals()
    assert (totals.evaluations, totals.pruned, totals.failures, totals.since_best) == (1, 1, {}, 1)
