"""Each compiled packer against the slow and obvious way to do the same, bin for bin."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.bin_packing_online import kernels
from evoheur.problems.bin_packing_online.textbook_rules import HARMONIC_CLASSES, RULES

from .support.packing import stream


def first_fit(items: list[int], capacity: int) -> list[int]:
    """First bin with room."""
    bins: list[int] = []
    chosen = []
    for item in items:
        position = next((i for i, load in enumerate(bins) if load + item <= capacity), len(bins))
        _put(bins, position, item)
        chosen.append(position)
    return chosen


def best_fit(items: list[int], capacity: int) -> list[int]:
    """Fullest bin with room."""
    bins: list[int] = []
    chosen = []
    for item in items:
        fitting = [i for i, load in enumerate(bins) if load + item <= capacity]
        position = max(fitting, key=lambda i: bins[i], default=len(bins))
        _put(bins, position, item)
        chosen.append(position)
    return chosen


def worst_fit(items: list[int], capacity: int) -> list[int]:
    """Emptiest opened bin with room."""
    bins: list[int] = []
    chosen = []
    for item in items:
        fitting = [i for i, load in enumerate(bins) if load + item <= capacity]
        position = min(fitting, key=lambda i: bins[i], default=len(bins))
        _put(bins, position, item)
        chosen.append(position)
    return chosen


def harmonic(items: list[int], capacity: int) -> list[int]:
    """Classes by how many of a size fill a bin; each fills its own bins one after the other."""
    current: dict[int, int] = {}
    bins: list[int] = []
    chosen = []
    for item in items:
        kind = next((j for j in range(1, HARMONIC_CLASSES) if item * (j + 1) > capacity), HARMONIC_CLASSES)
        if kind not in current or bins[current[kind]] + item > capacity:
            current[kind] = len(bins)
        _put(bins, current[kind], item)
        chosen.append(current[kind])
    return chosen


def sum_of_squares(items: list[int], capacity: int) -> list[int]:
    """Try every bin, and keep the one after which the sum of squared counts of partly filled levels is smallest."""
    bins: list[int] = []
    chosen = []
    for item in items:
        options = [i for i, load in enumerate(bins) if load + item <= capacity] + [len(bins)]

        def judged(position: int, item: int = item) -> tuple[int, int, int]:
            loads = [*bins, 0]
            before = loads[position]
            loads[position] += item
            counts = {load: loads.count(load) for load in loads if 0 < load < capacity}
            return sum(count**2 for count in counts.values()), -before, position

        position = min(options, key=judged)
        _put(bins, position, item)
        chosen.append(position)
    return chosen


def _put(bins: list[int], position: int, item: int) -> None:
    if position == len(bins):
        bins.append(0)
    bins[position] += item


@pytest.mark.parametrize("twin", [first_fit, best_fit, worst_fit, harmonic, sum_of_squares], ids=lambda twin: twin.__name__)
@given(data=st.data(), capacity=st.integers(1, 30))
def test_textbook_rules_pack_like_their_obvious_twins(
    data: st.DataObject, capacity: int, twin: Callable[[list[int], int], list[int]]
) -> None:
    """The same bin for every item of any stream."""
    items = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=40))
    assert RULES[twin.__name__](stream(items, capacity)).tolist() == twin(items, capacity)


FINISHING = {"sum_of_squares_with_finish": False, "weighted_sum_of_squares": True}


@pytest.mark.parametrize("rule", FINISHING)
@given(data=st.data(), capacity=st.integers(2, 30))
def test_rules_with_a_finish_pack_like_their_obvious_twin(data: st.DataObject, capacity: int, rule: str) -> None:
    """The same bin for every item of any stream."""
    items = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=60))
    assert RULES[rule](stream(items, capacity)).tolist() == finishing(items, capacity, FINISHING[rule])


def finishing(items: list[int], capacity: int, weighted: bool) -> list[int]:
    """Sum of squares, weighted or not, until best fit may do for the rest."""
    free: list[int] = []
    chosen = []
    for position, item in enumerate(items):
        past = items[: position + 1]

        def weight(space: int, past: list[int] = past) -> float:
            share = (sum(each <= space for each in past) + 1.0) / (len(past) + 1.0)
            return 1.0 / (share * math.sqrt(share)) if weighted else 1.0

        def gain(level: int, item: int = item) -> float:
            before = (2.0 * free.count(level) - 1.0) * weight(level) if level < capacity else 0.0
            return before - ((2.0 * free.count(level - item) + 1.0) * weight(level - item) if level > item else 0.0)

        levels = [*sorted({each for each in free if each >= item}), capacity]
        finish = (len(items) - position) * (sum(past) / len(past)) <= 1.5 * sum(free)
        level = levels[0] if finish else max(levels, key=lambda each: (gain(each), -each))
        place = free.index(level) if level < capacity else len(free)
        free[place : place + 1] = [level - item]
        chosen.append(place)
    return chosen


def test_every_baseline_has_a_twin() -> None:
    """No rule ships unchecked."""
    assert set(RULES) == {"first_fit", "best_fit", "worst_fit", "harmonic", "sum_of_squares", *FINISHING}


def test_the_rules_differ_where_they_should() -> None:
    """6, 5, 3 and 1 in bins of 10: the 3 fits beside 6 and 5, the 1 then where the rule says.

    First fit puts 3 and 1 into bin 0 (6+3+1 = 10); so does best fit, since 6 > 5 and then 9 > 5; worst fit puts 3 into bin 1 (5 < 6) and
    1 into bin 0 (6 < 8). Harmonic has 6 alone (class 1), 5 (class 2), 3 (class 3) and 1 (class 10) each in a bin of its own.
    """
    instance = stream([6, 5, 3, 1], 10)
    packed = {name: solver(instance).tolist() for name, solver in RULES.items()}
    assert packed["first_fit"] == packed["best_fit"] == [0, 1, 0, 0]
    assert packed["worst_fit"] == [0, 1, 1, 0]
    assert packed["harmonic"] == [0, 1, 2, 3]


def test_sum_of_squares_avoids_crowded_levels() -> None:
    """Items of 4, 4 and 4 in bins of 10, by hand.

    The first opens bin 0: N(4) = 1. For the second, a new bin gives N(4) = 2, sum 4; bin 0 gives N(8) = 1, sum 1: bin 0. The third does not
    fit bin 0 (8 + 4 > 10) and opens bin 1.
    """
    assert RULES["sum_of_squares"](stream([4, 4, 4], 10)).tolist() == [0, 0, 1]


def test_loads_are_summed_per_bin() -> None:
    """Sizes 2 and 3 in bin 1, 4 in bin 2."""
    loads = kernels.bin_loads(np.array([1, 2, 1]), np.array([2, 4, 3]))
    assert loads.tolist() == [0, 5, 4]
