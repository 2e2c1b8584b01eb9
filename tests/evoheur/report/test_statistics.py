"""Intervals, tests and corrections beside brute force over everything that could have happened."""

import itertools
import statistics as stdlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.report.statistics import holm, least_p, seeds_needed, signed_rank, spread

# Whole numbers have exact sums and many ties; fractions have none.
DIFFERENCES = st.lists(st.integers(-4, 4).map(float) | st.floats(-9, 9, allow_nan=False), min_size=1, max_size=8)
P_VALUES = st.lists(st.floats(0, 1, allow_nan=False), max_size=5)


def ranks(sizes: Sequence[float]) -> list[float]:
    """Mean ranks from 1."""
    return [sum(other < size for other in sizes) + (sum(other == size for other in sizes) + 1) / 2 for size in sizes]


def brute_force_p(differences: Sequence[float]) -> float:
    """The share of all sign patterns whose smaller rank sum is at most the one that was found."""
    moved = [difference for difference in differences if difference]
    ranked = ranks([abs(difference) for difference in moved])

    def smaller(signs: Sequence[bool]) -> float:
        above = sum(rank for rank, positive in zip(ranked, signs, strict=True) if positive)
        return min(above, sum(ranked) - above)

    found = smaller([difference > 0 for difference in moved])
    patterns = list(itertools.product([True, False], repeat=len(moved)))
    return sum(smaller(signs) <= found for signs in patterns) / len(patterns)


@given(DIFFERENCES)
def test_the_signed_rank_test_is_exact(differences: list[float]) -> None:
    assert signed_rank(differences) == pytest.approx(brute_force_p(differences))


def test_equal_pairs_differ_in_nothing() -> None:
    assert signed_rank([0.0, 0.0, 0.0]) == 1.0


@pytest.mark.parametrize("pairs", range(1, 11))
def test_the_least_p_is_that_of_one_sign_on_all_pairs(pairs: int) -> None:
    assert least_p(pairs) == pytest.approx(brute_force_p([float(number) for number in range(1, pairs + 1)]))


@pytest.mark.parametrize(("comparisons", "seeds"), [(1, 6), (3, 7), (10, 9), (15, 10)])
def test_fewer_seeds_than_needed_cannot_show_anything(comparisons: int, seeds: int) -> None:
    """Checked with Holm's rule on the best case: one pair of arms differs on every seed, the others on none."""
    assert seeds_needed(comparisons) == seeds

    def best(number: int) -> float:
        return holm([least_p(number), *[1.0] * (comparisons - 1)])[0]

    assert best(seeds) <= 0.05 < best(seeds - 1)


def closed_testing(p_values: Sequence[float], index: int) -> float:
    """Holm is the closure of Bonferroni: the largest adjusted p of any set of hypotheses that has this one in it."""
    others = [other for other in range(len(p_values)) if other != index]
    sets = itertools.chain.from_iterable(itertools.combinations(others, size) for size in range(len(p_values)))
    return max(min(1.0, (len(rest) + 1) * min(p_values[member] for member in (index, *rest))) for rest in sets)


@given(P_VALUES)
def test_holm_is_the_closure_of_bonferroni(p_values: list[float]) -> None:
    assert holm(p_values) == pytest.approx([closed_testing(p_values, index) for index in range(len(p_values))])


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=2, max_size=5))
def test_the_interval_of_a_tiny_sample_is_what_all_its_resamples_say(values: list[float]) -> None:
    """Up to five values have so few resamples that the 2.5 % at each end can be counted: they reach the smallest and the largest."""
    medians = sorted(stdlib.median(drawn) for drawn in itertools.product(values, repeat=len(values)))
    cut = int(0.025 * len(medians))
    found = spread(values)
    assert found.median == pytest.approx(stdlib.median(values))
    assert (found.low, found.high) == pytest.approx((medians[cut], medians[-1 - cut]))
    assert (found.low, found.high) == pytest.approx((min(values), max(values)))


def test_the_interval_of_more_values_is_narrower_than_their_range_and_the_same_every_time() -> None:
    values = [float(number) for number in range(20)]
    found = spread(values)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < found.median == 9.5 < found.high < 19
    assert spread(values) == found


def test_one_value_has_no_interval() -> None:
    found = spread([3.0])
    assert (found.median, found.low, found.high) == (3.0, None, None)
