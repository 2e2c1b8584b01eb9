"""References of routing instances that are drawn afresh."""

import pytest

from evoheur.problem_loading import load_problem
from evoheur.problems.cvrp.references import BEST_KNOWN
from evoheur.problems.cvrp_ruin_recreate.textbook.fresh_references import searched_length

PROBLEM = load_problem("cvrp_ruin_recreate")


def test_a_short_search_is_little_above_a_long_one() -> None:
    """On a training instance of every family: never below by more than rounding, and at most 5 % above; 2 % on average."""
    seen: dict[str, float] = {}
    for instance in PROBLEM.instances("train"):
        if instance.family not in seen:
            seen[instance.family] = searched_length(instance) / BEST_KNOWN[instance.name]
    assert len(seen) >= 5
    assert all(1.0 - 1e-6 <= ratio <= 1.05 for ratio in seen.values()), seen
    assert sum(seen.values()) / len(seen) <= 1.02


@pytest.mark.parametrize("name", ["cvrp_aco", "cvrp_constructive", "cvrp_savings"])
def test_fresh_instances_have_references_and_others_keep_theirs(name: str) -> None:
    problem = load_problem(name)
    fresh, further = problem.resampled(3), problem.resampled(4)
    assert fresh is not None
    assert further is not None
    for instance in (fresh[0], further[0]):
        assert problem.reference(instance) == pytest.approx(searched_length(instance))
    own = problem.instances("train")[0]
    assert problem.reference(own) == BEST_KNOWN[own.name]


def test_a_published_set_cannot_be_made_afresh() -> None:
    assert load_problem("cvrp_savings", {"set": "eoh_cvrp50"}).resampled(3) is None
