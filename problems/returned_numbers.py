"""Reading the numbers that a heuristic returned.

In the guest: arrays of real numbers of an expected shape.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BadAnswer", "highest", "plain_numbers", "real_number", "real_numbers"]


class BadAnswer(ValueError):
    """A heuristic's answer is not what its docstring promises.

    This is the candidate's fault, so it is raised in the guest only.
    """


def real_numbers(answer: Any, shape: tuple[int, ...], what: str) -> NDArray[np.float64]:
    """Check the form of an answer.

    Args:
        answer: Whatever the heuristic returned.
        shape: Of the array that is expected.
        what: Names the heuristic and its answer in messages, such as "savings".

    Returns:
        The numbers; infinities are among them where the heuristic gave them. May share memory with the answer.

    Raises:
        BadAnswer: It is no array, list or tuple of real numbers, has another shape, or holds a NaN.
    """
    wanted = f"expected real numbers of shape {shape}"
    if not isinstance(answer, (np.ndarray, list, tuple)):
        missing = " (is there a path without a return?)" if answer is None else ""
        raise BadAnswer(f"{what} returned {answer!r:.40} of type {type(answer).__name__}{missing}, {wanted}")
    try:
        numbers = np.asarray(answer)
    except (ValueError, TypeError, OverflowError) as error:  # a ragged nest, or entries that are no numbers
        raise BadAnswer(f"{what} returned a {type(answer).__name__} that is no array of numbers ({error}), {wanted}") from error
    if numbers.shape != shape:
        raise BadAnswer(f"{what} returned shape {numbers.shape}, {wanted}")
    if numbers.dtype.kind == "O":
        numbers = plain_numbers(numbers)
    if numbers.dtype.kind not in "biuf":
        raise BadAnswer(f"{what} returned entries of type {numbers.dtype}, {wanted}")
    numbers = numbers.astype(np.float64, copy=False)
    if np.isnan(numbers).any():
        place = tuple(int(axis[0]) for axis in np.nonzero(np.isnan(numbers)))
        raise BadAnswer(f"{what} returned NaN at {place[0] if len(place) == 1 else place}; {wanted}, infinities are allowed")
    return numbers


def plain_numbers(numbers: NDArray[Any]) -> NDArray[Any]:
    """An array of objects as what a list of them would be, if that is one of real numbers.

    Else the array as it is.
    """
    try:
        listed = np.asarray(numbers.tolist())
    except (ValueError, TypeError, OverflowError):  # entries that are lists themselves
        return numbers
    return listed if listed.dtype.kind in "biuf" and listed.shape == numbers.shape else numbers


def highest(answer: Any, size: int, what: str) -> int:
    """Place of the highest score, the first on ties.

    It is for frames that ask for scores at every step.

    Args:
        answer: Whatever the heuristic returned.
        size: How many scores are expected, at least one.
        what: Names the heuristic and its answer in messages.

    Raises:
        BadAnswer: As `real_numbers` does.
    """
    if type(answer) is np.ndarray and answer.dtype == np.float64 and answer.shape == (size,):
        place = int(answer.argmax())
        if answer[place] == answer[place]:  # were there a NaN, it would be the highest
            return place
    return int(real_numbers(answer, (size,), what).argmax())


def real_number(answer: Any, what: str) -> float:
    """Check the form of an answer that is one number.

    Args:
        answer: Whatever the heuristic returned.
        what: Names the heuristic and its answer in messages.

    Returns:
        The number; infinities are allowed.

    Raises:
        BadAnswer: It is no real number, or NaN.
    """
    if type(answer) is float and not math.isnan(answer):  # what it nearly always is
        return answer
    if isinstance(answer, (bool, int, float, np.bool_, np.integer, np.floating)) or (
        isinstance(answer, np.ndarray) and answer.shape == ()
    ):
        return float(real_numbers([answer], (1,), what)[0])
    missing = " (is there a path without a return?)" if answer is None else ""
    raise BadAnswer(f"{what} returned {answer!r:.40} of type {type(answer).__name__}{missing}, expected one real number")
