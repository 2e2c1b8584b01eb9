"""Bin after bin: what a heuristic is shown, and what it may answer."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.bin_packing_offline.bin_completion import ARGUMENTS, FlatCompletion, complete_bins
from evoheur.problems.bin_packing_offline.waiting_items import SCALARS
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.operations import CODES
from evoheur.problems.returned_numbers import BadAnswer
from tests.benchmarks.naive.filling import packed
from tests.support.example_budget import dear

from .support.made_up import items


def mixed(*shown: Any) -> Any:
    """A heuristic that looks at everything that it is shown."""
    free, inside, left, mean, spare, size, rest, slack, following, alike, smaller, beside = shown
    score = np.abs(size - 0.4 * free) - 3 * np.maximum(slack - 1.3 * spare, 0) + 0.2 * following * (inside + 1)
    return score - 0.3 * alike * left + 0.2 * smaller - 0.5 * beside * mean + rest / (9 + inside)


def first_bins(sizes: list[int], capacity: int) -> list[list[int]]:
    """What the bins hold by a heuristic that looks at everything, in the order in which it went in."""
    made = items(sizes, capacity)
    assignment = complete_bins(mixed, made)
    bins: list[list[int]] = [[] for _ in range(int(assignment.max()) + 1)]
    for item in np.argsort(-made.items, kind="stable"):
        bins[assignment[item]].append(int(made.items[item]))
    return bins


@dear()
@given(data=st.data(), capacity=st.integers(1, 200))
def test_bins_are_those_of_the_naive_frame(data: st.DataObject, capacity: int) -> None:
    """Every view is the same at every step, or else another size would go in."""
    sizes = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=30))
    assert first_bins(sizes, capacity) == packed(mixed, sizes, capacity)


@given(data=st.data(), capacity=st.integers(1, 60))
def test_any_scores_make_a_packing(data: st.DataObject, capacity: int) -> None:
    """No bin is overfull whatever is drawn, every item has one, and none of at most the last one's size would still go in."""
    sizes = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=30))
    source = np.random.default_rng(data.draw(st.integers(0, 1000)))
    made = items(sizes, capacity)
    assignment = complete_bins(lambda *shown: source.random(shown[-1].size), made)
    loads = np.bincount(assignment, weights=made.items)
    assert loads.max() <= capacity
    assert set(assignment.tolist()) == set(range(loads.size))
    for number, load in enumerate(loads):
        later = made.items[assignment > number]
        last = made.items[assignment == number].min()
        assert not ((later <= last) & (later <= capacity - load)).any()


def calls(sizes: list[int], capacity: int) -> list[tuple[Any, ...]]:
    """What a heuristic is shown that always takes the smallest size, as numbers and lists."""
    found: list[tuple[Any, ...]] = []

    def record(*shown: Any) -> Any:
        found.append((*map(float, shown[:5]), *(view.tolist() for view in shown[5:])))
        return -shown[5]

    complete_bins(record, items(sizes, capacity))
    return found


def test_a_heuristic_sees_shares_of_the_capacity_and_what_could_fill_the_bin() -> None:
    """Sizes 6, 4, 4, 3 and 2 in bins of 10: they need two bins, in which one unit may stay free."""
    first, second, *_ = calls([4, 6, 3, 4, 2], 10)
    assert first[:5] == pytest.approx((1.0, 0, 1.0, 0.38, 0.05))
    assert first[5] == [0.6, 0.4, 0.3, 0.2]
    assert first[6] == [0.4, 0.6, 0.7, 0.8]
    assert first[7] == [0.0, 0.0, 0.5, 0.8]  # 6+4 and 4+4+2 fill a bin; 3 and 2 leave 5, and 2 alone leaves 8
    assert first[8] == [0.4, 0.4, 0.2, 0.0]
    assert first[9] == [0.2, 0.4, 0.2, 0.2]
    assert first[10] == [0.8, 0.4, 0.2, 0.0]
    assert first[11] == [0.8, 0.6, 0.2, 0.0]
    assert second[:5] == pytest.approx((1.0, 0, 0.8, 0.425, 0.15))  # the 2 is alone, since nothing larger may follow
    assert second[5] == [0.6, 0.4, 0.3]


def test_the_open_bin_counts_as_a_bin_of_those_that_are_needed() -> None:
    """One bin of 10 holds a 3, and 3, 3 and 1 wait: 10 in all, so nothing may stay free."""
    shown = []

    def largest(*seen: Any) -> Any:
        shown.append(tuple(map(float, seen[:5])))
        return seen[5]

    complete_bins(largest, items([3, 3, 3, 1], 10))
    assert shown[1] == pytest.approx((0.7, 1, 0.75, 7 / 30, 0.0))


def test_only_items_of_at_most_the_last_size_may_follow() -> None:
    """The 2 goes in first, then no 5 though there is room; of the sizes that fit, the larger wins ties."""

    def smallest_first(*shown: Any) -> Any:
        return -shown[5] if shown[1] == 0 else np.zeros(shown[5].size)

    assert complete_bins(smallest_first, items([5, 2, 5, 2, 1], 10)).tolist() == [2, 1, 2, 1, 0]


def test_items_of_one_size_go_in_as_they_are_listed() -> None:
    """Three of 5 in bins of 10."""
    assert complete_bins(lambda *shown: shown[5], items([5, 5, 1, 5], 10)).tolist() == [0, 0, 1, 1]


def test_other_units_change_nothing_that_is_shown() -> None:
    """All sizes are divided by their greatest common divisor, and what a bin cannot use of its capacity is dropped."""
    sizes = [4, 6, 3, 4, 2]
    assert calls([7 * each for each in sizes], 76) == calls(sizes, 10) == calls([1000 * each for each in sizes], 10_000)


def test_sums_are_counted_in_cells_where_units_are_too_many() -> None:
    """Bins of a billion: the least slack is right to a cell, of which there are at least a thousand."""
    sizes = [600_000_001, 399_999_000, 300_000_007, 99_999_000]
    shown = calls(sizes, 10**9)[0]
    assert shown[7] == pytest.approx([1e-6, 0.2000019, 0.6, 0.9], abs=3e-3)
    assert shown[6] == [(10**9 - each) / 10**9 for each in sizes]


def test_a_heuristic_may_write_into_its_arrays() -> None:
    """They are written anew for every call."""

    def writing(*shown: Any) -> Any:
        score = mixed(*shown)
        for view in shown[5:]:
            view[:] = np.nan
        return score

    made = items(np.random.RandomState(3).randint(5, 50, size=60).tolist(), 100)
    assert complete_bins(writing, made).tolist() == complete_bins(mixed, made).tolist()


@pytest.mark.parametrize(
    ("completing", "reason"),
    [
        (lambda *_: None, r"^bin 0, after 0 items in it: completing returned None"),
        (lambda *shown: shown[5][1:], r"^bin 0, after 0 items in it: completing returned shape \(1,\), expected .* \(2,\)"),
        (lambda *shown: shown[5] if shown[1] == 0 else 0, r"^bin 0, after 1 items in it: completing returned 0 of type int"),
        (lambda *shown: shown[5] if shown[2] > 0.5 else shown[5] * np.nan, r"^bin 1, after 0 items in it: .* NaN at 0"),
    ],
)
def test_unusable_scores_are_the_candidates_fault(completing: Any, reason: str) -> None:
    """The message names the bin, and how many items are in it: 6 and 4, then 4."""
    with pytest.raises(BadAnswer, match=reason):
        complete_bins(completing, items([4, 6, 4], 10))


def test_a_long_formula_for_very_many_sizes_is_left_to_python() -> None:
    """4,000 sizes times 2,113 numbers for each would be 68 MB; a short one packs the largest with the smallest, as it fits exactly."""
    size = np.array([[CODES["where"], SCALARS, SCALARS, SCALARS]], dtype=np.int64)
    made = items(list(range(1, 4001)), 4001)
    assert FlatCompletion(FlatHeuristic(len(ARGUMENTS), np.zeros(2100), size)).packed(made.table) is None
    assignment = FlatCompletion(FlatHeuristic(len(ARGUMENTS), np.zeros(0), size)).packed(made.table)
    assert assignment is not None
    assert (assignment == assignment[::-1]).all()
