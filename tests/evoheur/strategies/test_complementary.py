"""Complementary sets, by hand and against brute force."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.strategies.complementary import (
    InstanceWeights,
    complementary_set,
    distance,
    instance_weights,
    performance_index,
    worths,
)
from evoheur.testing.strategy_runs import made_up_candidate
from tests.evoheur.strategies.support.scored import scored_candidate

ALL_ROUNDER = [2.0, 2.0, 2.0, 2.0, 2.0, 2.0]
LARGE, MEDIUM, SMALL = [0.0, 0.0, 9.0, 9.0, 9.0, 9.0], [9.0, 9.0, 0.5, 0.5, 9.0, 9.0], [9.0, 9.0, 9.0, 9.0, 1.5, 1.5]
"""Specialists by what they bring beside the all-rounder: 4, 3 and 1 in sum."""


def picked(rows: list[list[float]], size: int, weights: InstanceWeights = "instances") -> list[int]:
    """The rows that are chosen, in order."""
    return [
        each.id for each in complementary_set([scored_candidate(n, row) for n, row in enumerate(rows)], size, weights=weights)
    ]


def test_the_all_rounder_comes_first_then_specialists_by_what_they_bring() -> None:
    others = [[3.0] * 6, [2.5] * 6, [2.0, 2.1, 2.0, 2.1, 2.0, 2.1], [9.0] * 6]
    assert picked([*others, SMALL, MEDIUM, LARGE, ALL_ROUNDER], 4) == [7, 6, 5, 4]


def test_what_brings_nothing_is_taken_by_its_mean_then_by_its_age() -> None:
    assert picked([[1.0, 1.0], [3.0, 3.0], [1.5, 2.5], [2.0, 2.0]], 4) == [0, 2, 3, 1]


def test_equal_worths_are_chosen_once_and_failures_never() -> None:
    members = [made_up_candidate(0, None), *(scored_candidate(n, [1.0, 2.0]) for n in (1, 2))]
    assert [each.id for each in complementary_set(members, 3)] == [1]
    assert complementary_set(members[:1], 3) == []


@given(
    st.integers(2, 4).flatmap(
        lambda wide: st.lists(st.lists(st.integers(0, 9), min_size=wide, max_size=wide), min_size=2, max_size=7)
    )
)
def test_a_greedy_set_has_most_of_the_largest_gain(rows: list[list[int]]) -> None:
    """The gain over the best single one of three members is at least 1 - 1/e of what brute force finds for the other two."""
    candidates = [scored_candidate(n, [float(each) for each in row]) for n, row in enumerate(rows)]
    chosen = complementary_set(candidates, 3)
    even = [1.0 / len(rows[0])] * len(rows[0])
    start = performance_index([worths(chosen[0]) or ()], even)
    gained = start - performance_index([worths(each) or () for each in chosen], even)
    most = max(
        start - performance_index([worths(each) or () for each in (chosen[0], *others)], even)
        for others in combinations(candidates, min(2, len(candidates)))
    )
    assert gained >= (1 - 1 / math.e) * most - 1e-9


def test_instances_families_or_clusters_count_alike() -> None:
    families = ["a", "a", "a", "b"]
    one = scored_candidate(0, [1.0, 1.0, 5.0, 5.0], families=families)
    other = scored_candidate(1, [2.0, 2.0, 2.0, 2.0], families=families)
    assert instance_weights([one, other], "instances") == [0.25] * 4
    assert instance_weights([one, other], "families") == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])
    assert instance_weights([one, other], "clusters") == [0.25] * 4  # two instances each
    assert instance_weights([one, scored_candidate(1, [9.0, 9.0, 9.0, 2.0])], "clusters") == pytest.approx([1 / 6] * 3 + [1 / 2])


def test_a_crowd_of_like_instances_does_not_decide_alone() -> None:
    """Five instances want the first, one the second; by clusters the loss of 4 on that one counts as much as five losses of 1."""
    rows = [[1.0, 1.0, 1.0, 1.0, 1.0, 8.0], [2.0, 2.0, 2.0, 2.0, 2.0, 4.0]]
    assert picked(rows, 1) == [0]
    assert picked(rows, 1, "clusters") == [1]


def test_distance_is_the_sum_of_differences() -> None:
    assert distance([1.0, 5.0, 2.0], [2.0, 1.0, 2.0]) == 5.0


def test_without_results_by_instance_the_objective_is_all_there_is() -> None:
    assert worths(made_up_candidate(1, 4.5)) == (4.5,)
    assert worths(made_up_candidate(1, None)) is None
    assert worths(scored_candidate(1, [3.0, 1.0])) == pytest.approx((3.0, 1.0))
