"""One pass: what a rule is offered, and what it may answer."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.tsp_constructive.tour_construction import BadCity, construct
from tests.problems.tsp.support.cities import matrix

LINE = matrix([(0, 0), (1, 0), (3, 0), (6, 0), (10, 0)])


def test_a_rule_is_offered_what_is_left_in_rising_order() -> None:
    """Five cities: three questions, since the first city is given and the last one is alone."""
    asked: list[tuple[int, int, list[int]]] = []

    def last(current: int, destination: int, unvisited: Any, distances: Any) -> int:
        asked.append((current, destination, unvisited.tolist()))
        assert distances is LINE
        return int(unvisited[-1])

    assert construct(last, LINE).tolist() == [0, 4, 3, 2, 1]
    assert asked == [(0, 0, [1, 2, 3, 4]), (4, 0, [1, 2, 3]), (3, 0, [1, 2])]


def test_a_rule_may_change_its_list() -> None:
    """The list is its own; the tour is not damaged by it."""

    def greedy(current: int, destination: int, unvisited: Any, distances: Any) -> int:
        unvisited[1:] = 0
        return int(unvisited[0])

    assert construct(greedy, LINE).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, "returned None of type NoneType (is there a path without a return?), expected a city"),
        (1.0, "returned 1.0 of type float, expected a city"),
        (True, "returned True of type bool, expected a city"),
        (np.bool_(True), "expected a city"),
        (np.array([1]), "of type ndarray, expected a city"),
        ("1", "returned '1' of type str"),
        (-1, "returned city -1, but cities are numbered 0..4"),
        (5, "returned city 5, but cities are numbered 0..4"),
        (0, "returned city 0, which was visited before; choose a city of unvisited_nodes"),
    ],
)
def test_what_is_no_waiting_city_is_refused(answer: Any, reason: str) -> None:
    """With the step, and what came instead."""
    with pytest.raises(BadCity) as caught:
        construct(lambda *_: answer, LINE)
    assert str(caught.value).startswith("step 1: the heuristic ")
    assert reason in str(caught.value)


def test_numpy_integers_are_cities() -> None:
    """Indexing an array gives them."""
    assert construct(lambda _c, _d, unvisited, _m: unvisited[0], LINE).tolist() == [0, 1, 2, 3, 4]


@given(order=st.permutations(range(1, 7)))
def test_any_order_can_be_built(order: list[int]) -> None:
    """The tour is what the rule chose, city by city."""
    waiting = iter(order)
    assert construct(lambda *_: next(waiting), np.zeros((7, 7))).tolist() == [0, *order]
