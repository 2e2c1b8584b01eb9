"""References of instances that are drawn afresh."""

import pytest

from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.best_known import BEST_KNOWN
from evoheur.problems.tsp.short_search import short_search

PROBLEM = load_problem("tsp_insertion")


def test_a_short_search_is_little_above_a_long_one() -> None:
    """On training instances of every family: never below by more than rounding, and at most 2 % above."""
    seen: dict[str, float] = {}
    for instance in PROBLEM.instances("train"):
        if instance.family not in seen:
            seen[instance.family] = short_search(instance) / BEST_KNOWN[instance.name]
    assert len(seen) >= 5
    assert all(1.0 - 1e-6 <= ratio <= 1.02 for ratio in seen.values()), seen


def test_fresh_instances_have_references_and_others_keep_theirs() -> None:
    problem = load_problem("tsp_insertion")
    fresh = problem.resampled(3)
    assert fresh is not None
    assert problem.reference(fresh[0]) == pytest.approx(short_search(fresh[0]))
    own = problem.instances("train")[0]
    assert problem.reference(own) == BEST_KNOWN[own.name]


def test_a_published_set_cannot_be_made_afresh() -> None:
    assert load_problem("tsp_constructive", {"set": "eoh_tsp50"}).resampled(3) is None
