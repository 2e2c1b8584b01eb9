"""Counting, step by step."""

import pytest

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import TUNE, Completion, Failure, Note, Usage
from evoheur.run.tally import Tally


def candidate(number: int, objective: float | None, *, status: Status = Status.OK, duplicate_of: int | None = None) -> Candidate:
    evaluation = Evaluation(status=status, objective=objective, split="train")
    return Candidate(id=number, code="", thought="", operator="i1", parents=(), evaluation=evaluation, duplicate_of=duplicate_of)


def test_every_outcome_is_counted_where_it_belongs() -> None:
    """Six requests, five told: two evaluated (one failed), one duplicate, one screened, one lost call of three attempts."""
    tally = Tally()
    for _ in range(6):
        tally.asked("e1")
    tally.completed(
        Completion(text="", model="m", usage=Usage(prompt_tokens=10, completion_tokens=5), attempts=2, cost_usd=0.25), "e1"
    )
    assert tally.told(candidate(1, 4.0), "e1")
    assert not tally.told(candidate(2, None, status=Status.TIMEOUT), "e1")
    assert not tally.told(candidate(3, 4.0, duplicate_of=1), "e1")
    assert not tally.told(candidate(4, None, status=Status.REJECTED), "e1")
    assert not tally.told(Failure(stage="generation", reason="server-error", detail="", attempts=3), "e1")
    totals = tally.totals(session_seconds=7.0)
    assert (totals.requests, totals.pending, totals.calls, totals.tokens) == (6, 1, 5, 15)
    assert (totals.evaluations, totals.duplicates) == (2, 1)
    assert totals.failures == {"timeout": 1, "rejected": 1, "server-error": 1}
    assert (totals.best_objective, totals.since_best, totals.cost_usd, totals.seconds) == (4.0, 1, 0.25, 7.0)


def test_a_note_costs_no_evaluation() -> None:
    tally = Tally()
    tally.asked("e1")
    assert not tally.told(Note(text="reflection"), "e1")
    assert tally.totals().evaluations == 0
    assert tally.totals().pending == 0


@pytest.mark.parametrize(("second", "best"), [(3.0, True), (4.0, False), (5.0, False)])
def test_only_a_strictly_smaller_objective_is_a_new_best(second: float, best: bool) -> None:
    tally = Tally()
    tally.told(candidate(1, 4.0), "e1")
    assert tally.told(candidate(2, second), "e1") is best


def test_unknown_prices_are_not_zero() -> None:
    tally = Tally()
    tally.completed(Completion(text="", model="m"), "e1")
    assert tally.totals().cost_usd is None


def test_a_strategys_own_tuning_counts_its_evaluations_and_no_call() -> None:
    tally = Tally()
    tally.asked("harmony")
    tally.completed(Completion(text="", model="harmony-search", attempts=0, evaluations=10), "harmony")
    assert tally.told(candidate(1, 4.0), "harmony")
    totals = tally.totals()
    assert (totals.requests, totals.calls, totals.evaluations, totals.tuning_evaluations) == (1, 0, 11, 0)


def test_tuning_beside_the_search_is_counted_apart() -> None:
    """Neither request nor evaluation nor duplicate, so that no budget of the search notices it; but a better candidate is a better one."""
    tally = Tally()
    tally.asked("e1")
    tally.told(candidate(1, 4.0), "e1")
    for _ in range(3):
        tally.asked(TUNE)
    tally.completed(Completion(text="", model="cma-es", attempts=0, evaluations=40), TUNE)
    assert tally.told(candidate(2, 3.0), TUNE)
    assert not tally.told(candidate(3, 2.0, duplicate_of=1), TUNE)
    totals = tally.totals()
    assert (totals.requests, totals.pending, totals.calls, totals.evaluations, totals.duplicates) == (1, 0, 0, 1, 0)
    assert (totals.tunings, totals.tunings_pending, totals.tuning_evaluations) == (3, 1, 40)
    assert (totals.best_objective, totals.since_best) == (3.0, 0)


def test_a_pruned_candidate_is_an_evaluation_and_no_failure() -> None:
    tally = Tally()
    tally.asked("e1")
    assert not tally.told(candidate(1, None, status=Status.PRUNED), "e1")
    totals = tally.totals()
    assert (totals.evaluations, totals.pruned, totals.failures, totals.since_best) == (1, 1, {}, 1)
