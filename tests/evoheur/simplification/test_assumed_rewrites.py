"""Rewrites for ordinary numbers, and of what goes around returned numbers."""

import ast

import pytest

from evoheur.simplification.assumed_rewrites import assumed_edits, order_edits
from evoheur.simplification.tree_edits import written


def results(expression: str, *, order: bool = False) -> list[str]:
    """What a returned expression could become, by each of the edits."""
    tree = ast.parse(f"import numpy as np\n\ndef f(x, y):\n    return {expression}\n")
    edits = (order_edits if order else assumed_edits)(tree)
    return [written(edit.applied(tree)).rpartition("return ")[2].strip() for edit in edits]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x - x", "0"),
        ("x / x", "1"),
        ("x * 1", "x"),
        ("0 + x", "x"),
        ("x + 0.0", "x"),
        ("0 - x", "-x"),
        ("x * 0", "0"),
        ("-1 * x", "-x"),
        ("x % 32.0", "x"),
        ("x ** 1", "x"),
        ("np.where(x > y, y, y)", "y"),
        ("np.maximum(x, x)", "x"),
        ("np.abs(-x)", "np.abs(x)"),
        ("np.abs(x * -y)", "np.abs(x * y)"),
        ("+x", "x"),
    ],
)
def test_what_could_be_plainer(expression: str, expected: str) -> None:
    assert results(expression)[0] == expected


@pytest.mark.parametrize(
    "expression", ["x - y", "x * 2", "x % -3", "x ** 2", "np.where(x > y, x, y)", "np.arctan2(x, x)", "f(x, x)"]
)
def test_what_could_not(expression: str) -> None:
    assert results(expression) == []


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("np.exp(x - y)", "x - y"),
        ("3.0 * x", "x"),
        ("x / 4", "x"),
        ("x + 7", "x"),
        ("x - 7", "x"),
    ],
)
def test_what_goes_where_only_the_order_counts(expression: str, expected: str) -> None:
    assert results(expression, order=True) == [expected]


@pytest.mark.parametrize("expression", ["-2 * x", "x / -4", "4 / x", "5 - x", "np.cos(x)", "np.abs(x)", "x * y", "x ** 2"])
def test_what_turns_the_order_round_or_mixes_it_stays(expression: str) -> None:
    assert results(expression, order=True) == []


def test_a_variable_that_is_only_returned_counts_as_returned() -> None:
    tree = ast.parse("def f(x):\n    score = 3.0 * x\n    other = 2.0 * x\n    return score if x else other\n")
    assert list(order_edits(tree)) == []
    tree = ast.parse("def f(x):\n    score = 3.0 * x\n    if x:\n        score = 2.0 * x\n    return score\n")
    assert [edit.words for edit in order_edits(tree)] == ["3.0 * x becomes x", "2.0 * x becomes x"]
