"""Visiting orders from untrusted hands."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Infeasible, Json
from evoheur.problems.routing.visits import permutation, visited_once


@given(st.permutations(range(6)))
def test_every_order_is_accepted(order: list[int]) -> None:
    """A permutation comes back as it is."""
    assert permutation(order, length=6, what="city").tolist() == order


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([0, 1, -1], "city at position 2 is -1, outside 0..2"),
        ([0, 1, 3], "city at position 2 is 3, outside 0..2"),
        ([0, 1.0, 2], "city at position 1 is 1.0, not a whole number"),
        ([0, True, 2], "city at position 1 is True, not a whole number"),
        ([0, 1, 1], "city 1 is visited 2 times"),
        ([0, 1], "the answer has 2 entries, expected 3"),
        ([0, 1, 2, 0], "the answer has 4 entries, expected 3"),
        ("012", "the answer is str, not a list of 3 whole numbers"),
        ([[0, 1, 2]], "the answer has 1 entries, expected 3"),
    ],
)
def test_a_broken_order_is_refused_with_the_reason(answer: Json, reason: str) -> None:
    """Each says which entry, with its value."""
    with pytest.raises(Infeasible, match=re.escape(reason)):
        permutation(answer, length=3, what="city")


@given(order=st.permutations(range(5)), position=st.integers(0, 4), value=st.integers(-3, 8) | st.floats() | st.booleans())
def test_changing_one_entry_breaks_an_order(order: list[Json], position: int, value: Json) -> None:
    """Whatever else stands in one place: out of range, no whole number, or there already."""
    if type(value) is int and value == order[position]:
        return
    broken = [*order[:position], value, *order[position + 1 :]]
    with pytest.raises(Infeasible):
        permutation(broken, length=5, what="city")


def test_what_is_never_visited_is_named() -> None:
    """Customers 1..3, of which 2 is left out."""
    with pytest.raises(Infeasible, match=r"^customer 2 is never visited$"):
        visited_once(np.array([3, 1]), low=1, high=3, what="customer")
