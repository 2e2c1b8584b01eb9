"""The protocol, item by item: offers and answers."""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.returned_numbers import plain_numbers

__all__ = ["BadScores", "NanHandling", "nan_scored", "open_bins", "read_scores"]

NanHandling: TypeAlias = Literal["error", "highest"]


class BadScores(ValueError):
    """A heuristic's answer is not one real number per bin.

    It must be one per offered bin. This is the candidate's fault, so it is raised in the guest only.
    """


def open_bins(
    priority: Callable[..., Any], capacity: int, bins: int, *, nan: NanHandling, nan_won: Callable[[], None] = lambda: None
) -> Callable[[int], int]:
    """Let any heuristic place items as they arrive.

    The heuristic is offered the free space of every bin with room, in bin order, as an array of its own that it may change.

    Args:
        priority: (size, free spaces) → scores; the highest wins, the first on ties.
        capacity: Of every bin.
        bins: How many there are, at least as many as items will come, so that one is unopened while an item is waiting.
        nan: "error" refuses NaN anywhere; "highest" lets the first NaN win, which is what NumPy's argmax does.
        nan_won: Called whenever it does.

    Returns:
        A function that takes the size of the next item, in 1..capacity, and returns its bin. It raises `BadScores` if the heuristic's
        answer is not usable, saying for which item and what came instead.
    """
    free = np.full(bins, capacity, dtype=np.int64)
    position = -1

    def place(size: int) -> int:
        nonlocal position
        position += 1
        offered = np.flatnonzero(free >= size)
        try:
            scores = read_scores(priority(size, free[offered]), offered.size)
        except BadScores as error:
            raise BadScores(f"item {position} (size {size}): {error}") from error
        best = int(scores.argmax())
        chosen = int(offered[best])
        if np.isnan(scores[best]):  # argmax stops at the first NaN, so there is one only if it is there
            if nan == "error":
                raise nan_scored(position, size, int(free[chosen]))
            nan_won()
        free[chosen] -= size
        return chosen

    return place


def nan_scored(position: int, size: int, free: int) -> BadScores:
    """The error for a NaN among the scores.

    `free` is the free space of the first bin that got one.
    """
    return BadScores(
        f"item {position} (size {size}): the score of a bin with {free} free is NaN; scores must be real numbers (infinities are "
        "allowed), since the problem's setting nan is 'error'"
    )


def read_scores(answer: Any, expected: int) -> NDArray[Any]:
    """Check the form of an answer.

    Args:
        answer: Whatever the heuristic returned.
        expected: The number of bins it was offered.

    Returns:
        The scores, shape (expected,), of boolean, integer or floating kind.

    Raises:
        BadScores: It is no array, list or tuple of real numbers, or has another length.
    """
    wanted = f"expected {expected} scores, one per bin"
    if not isinstance(answer, (np.ndarray, list, tuple)):
        raise BadScores(f"priority returned {_described(answer)}, {wanted}")
    try:
        scores = np.asarray(answer)
    except (ValueError, TypeError, OverflowError) as error:  # a ragged nest, or entries that are no numbers
        raise BadScores(f"priority returned a {type(answer).__name__} that is no list of numbers ({error}), {wanted}") from error
    if scores.ndim != 1:
        raise BadScores(f"priority returned an array of shape {scores.shape}, {wanted}")
    if scores.size != expected:
        raise BadScores(f"priority returned {scores.size} scores, {wanted}")
    if scores.dtype.kind == "O":
        scores = plain_numbers(scores)
    if scores.dtype.kind not in "biuf":
        raise BadScores(f"priority returned entries of type {_entry_type(scores)}, not real numbers; {wanted}")
    return scores


def _described(answer: Any) -> str:
    if answer is None:
        return "None (is there a path without a return?)"
    if isinstance(answer, (bool, int, float, np.number, np.bool_)):
        return f"a number ({answer!s:.40})"
    return f"a value of type {type(answer).__name__}"


def _entry_type(scores: NDArray[Any]) -> str:
    return type(scores[0]).__name__ if scores.dtype.kind == "O" else str(scores.dtype)
