"""Fronts, crowding and hypervolume against brute force."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.strategies.pareto import Point, crowding, dominates, fronts, hypervolume, knee

POINTS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda pair: (float(pair[0]), float(pair[1]))), max_size=14)


@given(POINTS)
def test_a_front_is_what_nothing_left_dominates(points: list[Point]) -> None:
    left = list(range(len(points)))
    for front in fronts(points):
        expected = [place for place in left if not any(dominates(points[other], points[place]) for other in left)]
        assert front == expected
        left = [place for place in left if place not in front]
    assert not left


@given(POINTS)
def test_the_hypervolume_counts_dominated_squares(points: list[Point]) -> None:
    """On whole numbers the area is the number of unit squares whose lower corner is dominated, below (9, 9)."""
    squares = sum(any(x <= column and y <= row for x, y in points) for column in range(9) for row in range(9))
    assert hypervolume(points, (9.0, 9.0)) == squares


def test_what_is_not_below_the_reference_adds_nothing() -> None:
    assert hypervolume([(1.0, 3.0), (3.0, 1.0), (0.0, 9.0)], (4.0, 4.0)) == 3 * 1 + 1 * 2 + 0
    assert hypervolume([], (4.0, 4.0)) == 0.0


def test_crowding_by_hand() -> None:
    """Widths 8 and 4: the middle ones have (2 - 0)/8 + (4 - 2)/4 and (8 - 1)/8 + (3 - 0)/4."""
    assert crowding([(0.0, 4.0), (1.0, 3.0), (2.0, 2.0), (8.0, 0.0)]) == [math.inf, 0.25 + 0.5, 7 / 8 + 3 / 4, math.inf]
    assert crowding([(1.0, 5.0), (1.0, 5.0), (1.0, 5.0)])[1] == 0.0
    assert crowding([]) == []


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=1, max_size=9))
def test_the_ends_of_a_front_have_infinite_room(points: list[Point]) -> None:
    room = crowding(points)
    assert room[min(range(len(points)), key=lambda place: (points[place][0], place))] == math.inf
    assert all(each >= 0 for each in room)


def test_the_knee_is_farthest_below_the_line() -> None:
    assert knee([(0.0, 10.0), (1.0, 2.0), (5.0, 1.0), (10.0, 0.0)]) == 1
    assert knee([(0.0, 10.0), (5.0, 5.0), (10.0, 0.0)]) is None  # on the line
    assert knee([(0.0, 10.0), (9.0, 8.0), (10.0, 0.0)]) is None  # above it
    assert knee([(0.0, 1.0), (1.0, 0.0)]) is None


@pytest.mark.parametrize(
    ("first", "second", "answer"), [((1, 2), (1, 3), True), ((1, 2), (1, 2), False), ((1, 3), (2, 2), False)]
)
def test_dominance(first: Point, second: Point, answer: bool) -> None:
    assert dominates(first, second) is answer
