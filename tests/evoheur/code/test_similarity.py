"""Similarity of sources, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.code.similarity import similarity

SOURCES = ["a = b + 1", "a = b - 1", "x = (y + 2) * 3", "def f(a):\n    return a", "import numpy as np", "for a in b:\n    c(a)"]


def test_names_and_numbers_do_not_count() -> None:
    assert similarity("a = b + 1", "cost = length + 17") == 1.0


def test_shared_steps_by_hand() -> None:
    """Module-Assign, Assign-Name, Name-Store, Assign-BinOp, BinOp-Name, Name-Load, BinOp-Constant, and BinOp-Add or BinOp-Sub: 7 of 9."""
    assert similarity("a = b + 1", "a = b - 1") == pytest.approx(7 / 9)


def test_what_does_not_parse_has_nothing_in_common() -> None:
    assert similarity("a = (", "a = (") == 0.0
    assert similarity("", "") == 0.0


@given(st.sampled_from(SOURCES), st.sampled_from(SOURCES))
def test_it_is_symmetric_and_one_only_for_the_same(first: str, second: str) -> None:
    assert similarity(first, second) == similarity(second, first)
    assert (similarity(first, second) == 1.0) == (first == second)
