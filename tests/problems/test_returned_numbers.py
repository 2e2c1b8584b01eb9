"""Reading what a rule returned."""

from typing import Any

import numpy as np
import pytest

from evoheur.problems.returned_numbers import BadAnswer, highest, real_numbers


@pytest.mark.parametrize(
    "answer",
    [[1, 2.5], (True, False), np.array([1, 2], dtype=np.uint8), np.array([np.inf, -np.inf]), np.array([0.5, 2], dtype=object),
     np.array([np.float32(0.5), True], dtype=object), np.array([2**60, -1.5], dtype=object)],
)  # fmt: skip
def test_real_numbers_of_any_kind_are_read(answer: Any) -> None:
    """Lists, tuples and arrays of booleans, whole and real numbers, infinities included; as objects too."""
    numbers = real_numbers(answer, (2,), "rule")
    assert numbers.dtype == np.float64
    assert numbers.tolist() == [float(entry) for entry in answer]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, r"returned None of type NoneType \(is there a path without a return\?\)"),
        (3.0, "returned 3.0 of type float"),
        ("ab", "of type str"),
        ([1.0], r"returned shape \(1,\), expected real numbers of shape \(2,\)"),
        ([[1.0, 2.0]], r"shape \(1, 2\)"),
        ([1.0, [2.0]], "no array of numbers"),
        ([1.0, None], "entries of type object"),
        (np.array([1.0, "2"], dtype=object), "entries of type object"),
        (np.array([1.0, 1j], dtype=object), "entries of type object"),
        (np.array([1.0, float("nan")], dtype=object), "returned NaN at 1;"),
        ([1j, 2], "entries of type complex128"),
        (["1", "2"], "entries of type <U1"),
        ([1.0, float("nan")], "returned NaN at 1;"),
    ],
)
def test_an_unusable_answer_is_described(answer: Any, reason: str) -> None:
    """The message names the rule, what came and what was expected."""
    with pytest.raises(BadAnswer, match=f"^rule .*{reason}"):
        real_numbers(answer, (2,), "rule")


def test_a_nan_in_a_matrix_is_located() -> None:
    """By row and column."""
    with pytest.raises(BadAnswer, match=r"NaN at \(1, 0\)"):
        real_numbers([[0.0, 1.0], [np.nan, np.nan]], (2, 2), "rule")


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (np.array([1.0, 3.0, 3.0]), 1),
        (np.array([-np.inf, -np.inf, -np.inf]), 0),
        (np.array([1, 2**53, 2**53 + 1]), 1),
        ([False, True, True], 1),
        (np.array([1.0, np.inf, 0.0], dtype=np.float32), 1),
    ],
)
def test_the_first_of_the_highest_is_found(answer: Any, place: int) -> None:
    """As real numbers: whole ones beyond 2^53 may be equal."""
    assert highest(answer, 3, "rule") == place
    assert place == real_numbers(answer, (3,), "rule").argmax()


@pytest.mark.parametrize("answer", [np.array([1.0, np.nan]), np.array([[1.0, 2.0]]), np.array([1.0]), None, [1.0, np.nan]])
def test_there_is_no_highest_of_unusable_scores(answer: Any) -> None:
    """The reason is the same as for other answers."""
    with pytest.raises(BadAnswer) as expected:
        real_numbers(answer, (2,), "rule")
    with pytest.raises(BadAnswer) as found:
        highest(answer, 2, "rule")
    assert str(found.value) == str(expected.value)
