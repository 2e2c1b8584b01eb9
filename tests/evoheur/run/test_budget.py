"""Stop rules."""

import pytest

from evoheur.archive.records import Totals
from evoheur.run.budget import Budget


@pytest.mark.parametrize(
    ("budget", "before", "after"),
    [
        (Budget(evaluations=10), Totals(evaluations=7, pending=2), Totals(evaluations=7, pending=3)),
        (Budget(evaluations=None, requests=4), Totals(requests=3), Totals(requests=4)),
        (Budget(evaluations=2), Totals(requests=19), Totals(requests=20)),
        (Budget(tokens=100), Totals(prompt_tokens=60, completion_tokens=39), Totals(prompt_tokens=60, completion_tokens=40)),
        (Budget(cost_usd=0.5), Totals(cost_usd=0.49), Totals(cost_usd=0.5)),
        (Budget(cost_usd=0.5), Totals(cost_usd=None), Totals(cost_usd=0.6)),
        (Budget(minutes=2), Totals(seconds=119), Totals(seconds=120)),
        (Budget(evaluations=None, target=0.9), Totals(best_objective=0.91), Totals(best_objective=0.9)),
        (Budget(evaluations=None, target=0.9), Totals(best_objective=None), Totals(best_objective=-1.0)),
        (Budget(stagnation=5), Totals(since_best=4), Totals(since_best=5)),
    ],
)
def test_a_rule_stops_exactly_at_its_limit(budget: Budget, before: Totals, after: Totals) -> None:
    assert budget.spent(before) is None
    assert budget.spent(after) is not None


def test_the_reason_names_limit_and_unit() -> None:
    assert Budget(evaluations=2500).spent(Totals(evaluations=2500)) == "budget of 2500 evaluations used"


def test_a_budget_of_nothing_asks_for_nothing() -> None:
    assert Budget(evaluations=0).spent(Totals()) is not None


def test_a_generator_that_only_repeats_itself_comes_to_an_end() -> None:
    """Duplicates cost no evaluation, so without a limit on requests such a run would never stop."""
    assert Budget(evaluations=100).request_limit == 1000
    assert Budget(evaluations=100, requests=150).request_limit == 150
    assert Budget(evaluations=None).request_limit is None


def test_the_share_used_is_that_of_the_tightest_limit() -> None:
    assert Budget(evaluations=100, tokens=1000).share_used(Totals(evaluations=20, prompt_tokens=500)) == pytest.approx(0.5)
    assert Budget(evaluations=None).share_used(Totals(evaluations=20)) is None
