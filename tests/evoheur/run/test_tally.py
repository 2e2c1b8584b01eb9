"""Counting, step by step."""

import pytest

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Completion, Failure, Note, Usage
from evoheur.run.tally import Tally


def candidate(number: int, objective: float | None, *, status: Status = Status.OK, duplicate_of: int | None = None) -> Candidate:
    evaluation = Evaluation(status=status, objective=objective, split="train")
    return Candidate(id=number, code="", thought="", operator="i1", parents=(), evaluation=evaluation, duplicate_of=duplicate_of)


def test_every_outcome_is_counted_where_it_belongs() -> None:
    """Six requests, five told: two evaluated (one failed), one duplicate, one screened, one lost call of three attempts."""
    tally = Tally()
    for _ in range(6):
        tally.asked()
    tally.completed(Completion(text="", model="m", usage=Usage(prompt_tokens=10, completion_tokens=5), attempts=2, cost_usd=0.25))
    assert tally.told(candidate(1, 4.0))
    assert not tally.told(candidate(2, None, status=Status.TIMEOUT))
    assert not tally.told(candidate(3, 4.0, duplicate_of=1))
    assert not tally.told(candidate(4, None, status=Status.REJECTED))
    assert not tally.told(Failure(stage="generation", reason="server-error", detail="", attempts=3))
    totals = tally.totals(session_seconds=7.0)
    assert (totals.requests, totals.pending, totals.calls, totals.tokens) == (6, 1, 5, 15)
    assert (totals.evaluations, totals.duplicates) == (2, 1)
    assert totals.failures == {"timeout": 1, "rejected": 1, "server-error": 1}
    assert (totals.best_objective, totals.since_best, totals.cost_usd, totals.seconds) == (4.0, 1, 0.25, 7.0)


def test_a_note_costs_no_evaluation() -> None:
    tally = Tally()
    tally.asked()
    assert not tally.told(Note(text="reflection"))
    assert tally.totals().evaluations == 0
    assert tally.totals().pending == 0


@pytest.mark.parametrize(("second", "best"), [(3.0, True), (4.0, False), (5.0, False)])
def test_only_a_strictly_smaller_objective_is_a_new_best(second: float, best: bool) -> None:
    tally = Tally()
    tally.told(candidate(1, 4.0))
    assert tally.told(candidate(2, second)) is best


def test_unknown_prices_are_not_zero() -> None:
    tally = Tally()
    tally.completed(Completion(text="", model="m"))
    assert tally.totals().cost_usd is None
