"""Numbers that describe code."""

from evoheur.code.program import measures

CODE = """
import numpy as np

def helper(slack, scale=2.0):
    return slack**scale

def priority(item, bins):
    score = -helper(bins - item)
    for index in range(3):
        score = score + (index if index else 1) * bins

    return np.where(bins == item, 10.0, score)
"""


def test_measures_count_what_stands_in_the_code() -> None:
    """One loop, one branch, calls of helper, range and np.where, and five numbers in eight lines that are not blank.

    Operations: a power; a minus, a difference and a call; a call, and in the loop ten times a sum, a choice and a product; a comparison
    and a call.
    """
    found = measures(CODE)
    assert found.pop("nodes") > 50
    assert found == {"lines": 8, "loops": 1, "branches": 1, "calls": 3, "constants": 4, "operations": 1 + 3 + 10 * (1 + 3) + 2}


def test_layout_and_comments_are_no_nodes() -> None:
    """Only lines are counted in the text, blank ones not."""
    laid_out = CODE.replace("\n", "  # why\n\n")
    assert measures(laid_out)["nodes"] == measures(CODE)["nodes"]
    assert measures("x = 1\n\n\n# said\n") == {
        "lines": 2,
        "nodes": 4 + 1,
        "branches": 0,
        "loops": 0,
        "calls": 0,
        "constants": 1,
        "operations": 0,
    }


def test_a_loop_in_a_loop_counts_a_hundredfold() -> None:
    """A product in two comprehensions, and the sum around them once."""
    assert measures("s = sum(sum(a * b for b in y) for a in x)")["operations"] == 1 + 10 * (1 + 10 * 1)
