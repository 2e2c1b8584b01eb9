"""Stop rules."""

import pytest
from pydantic import ValidationError

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
    reason = Budget(evaluations=2).spent(Totals(requests=20))
    assert reason == "budget of 20 requests used (ten for each evaluation, as budget.requests is not set)"


def test_the_share_used_is_that_of_the_tightest_limit() -> None:
    assert Budget(evaluations=100, tokens=1000).share_used(Totals(evaluations=20, prompt_tokens=500)) == pytest.approx(0.5)
    assert Budget(evaluations=None).share_used(Totals(evaluations=20)) is None


def test_a_budget_that_names_a_limit_has_no_other() -> None:
    """3,000 requests must not end at 200 evaluations that nobody mentioned."""
    assert Budget().evaluations == 200
    budget = Budget(requests=3000)
    assert budget.spent(Totals(evaluations=2999, requests=2999)) is None
    assert budget.spent(Totals(evaluations=2999, requests=3000)) == "budget of 3000 requests used"
    for one in ({"tokens": 5}, {"cost_usd": 5.0}, {"minutes": 5.0}, {"stagnation": 5}, {"target": 1.0, "requests": 5}):
        assert Budget.model_validate(one).evaluations is None


def test_a_target_needs_a_limit_beside_it() -> None:
    with pytest.raises(ValidationError, match="name a limit beside it, such as evaluations: 2000"):
        Budget(target=0.5)
    assert Budget(target=0.5, evaluations=None).spent(Totals(evaluations=10**6)) is None


@pytest.mark.parametrize(
    ("budget", "totals", "setting"),
    [
        (Budget(evaluations=200), Totals(evaluations=200), "budget.evaluations=400"),
        (Budget(requests=3000), Totals(requests=3000), "budget.requests=6000"),
        (Budget(evaluations=2), Totals(requests=20), "budget.requests=40"),
        (Budget(minutes=1.5), Totals(seconds=90), "budget.minutes=3"),
        (Budget(evaluations=0), Totals(), "budget.evaluations=1000"),
        (Budget(evaluations=9, target=1.0), Totals(best_objective=0.5), "budget.target=null"),
        (Budget(requests=2_000_000), Totals(requests=2_000_000), "budget.requests=4000000"),
    ],
)
def test_the_limit_that_ran_out_is_the_one_to_extend(budget: Budget, totals: Totals, setting: str) -> None:
    assert budget.extended(totals) == setting
