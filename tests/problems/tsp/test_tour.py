"""Checking and pricing of tours."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Infeasible, Json
from evoheur.problems.tsp.tour import price, tour_length

from .support.cities import instance, length, random_instance

SQUARE = instance([(0, 0), (0, 1), (1, 1), (1, 0)])


def test_the_way_back_is_counted() -> None:
    """Round the unit square: four sides of 1; across it: two sides and two diagonals."""
    assert price(SQUARE, [0, 1, 2, 3]) == 4.0
    assert price(SQUARE, [0, 2, 1, 3]) == pytest.approx(2.0 + 2.0 * 2.0**0.5)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([0, 1, 2, -1], "city at position 3 is -1, outside 0..3"),
        ([0, 1, 2, 4], "city at position 3 is 4, outside 0..3"),
        ([0, 1, 2, 3.0], "city at position 3 is 3.0, not a whole number"),
        ([0, True, 2, 3], "city at position 1 is True, not a whole number"),
        ([0, 1, 1, 3], "city 1 is visited 2 times"),
        ([0, 1, 2], "the answer has 3 entries, expected 4"),
        ([0, 1, 2, 3, 0], "the answer has 5 entries, expected 4"),
    ],
)
def test_broken_tours_are_refused_with_the_reason(answer: Json, reason: str) -> None:
    """Negative, beyond the last, no whole number, repeated, too short, too long."""
    with pytest.raises(Infeasible, match=re.escape(reason)):
        price(SQUARE, answer)


@given(tour=st.permutations(range(9)), shift=st.integers(0, 8))
def test_a_round_trip_has_one_length(tour: list[int], shift: int) -> None:
    """To the last bit: wherever it begins and whichever way round; and that is the sum of its edges."""
    cities = random_instance(9)
    cost = price(cities, tour)
    assert price(cities, tour[shift:] + tour[:shift]) == cost
    assert price(cities, tour[::-1]) == cost
    assert cost == pytest.approx(length(tour, cities.distances))
    assert tour_length(np.array(tour), cities.distances) == cost


@given(tour=st.permutations(range(6)), position=st.integers(0, 5), value=st.integers(-3, 9) | st.floats() | st.none())
def test_a_tour_with_one_entry_changed_is_refused(tour: list[Json], position: int, value: Json) -> None:
    """Whatever else stands in one place breaks it."""
    if type(value) is int and value == tour[position]:
        return
    with pytest.raises(Infeasible):
        price(random_instance(6), [*tour[:position], value, *tour[position + 1 :]])
