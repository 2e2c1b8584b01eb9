"""The frame around a rule: the open bins, level by level, as items arrive."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.bin_packing_online.protocol import BadScores, nan_scored, read_scores
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.packing.levels.kernels import SCALARS, VIEWS, LevelShelf, arrive, place
from evoheur.problems.packing.levels.shelf import empty_shelf

from .kernels import pack_flat
from .space_arrays import LARGEST_CAPACITY, pack_flat_by_arrays

__all__ = ["ARGUMENTS", "LEFT", "offers", "open_levels", "pack_by_flat_heuristic"]

ARGUMENTS = (False,) * SCALARS + (True,) * VIEWS
"""Of each argument of a rule that is told the items to come, whether it is a vector."""

LEFT = SCALARS - 1
"""Place of the items to come among the arguments."""

_ROOM = 64  # items, at first


def pack_by_flat_heuristic(
    flat: FlatHeuristic, items: NDArray[np.int64], capacity: int, announced: int
) -> NDArray[np.int64] | None:
    """Pack a stream by a flat heuristic, on either side.

    Returns:
        Bin of each item, shape (items,); None where a score is NaN.
    """
    machine = flat.machine(min(items.size, capacity) + 1)
    if capacity <= LARGEST_CAPACITY:
        assignment = pack_flat_by_arrays(items, capacity, announced, *machine)
    else:
        assignment = pack_flat(empty_shelf(items.size), items, capacity, announced, machine)
    return None if assignment[-1] < 0 else assignment


def open_levels(priority: Callable[..., Any], capacity: int, announced: int, *, horizon: bool) -> Callable[[int], int]:
    """Let any rule place items as they arrive.

    Args:
        priority: The rule; the level with the highest score takes the item, the one with the least free space on ties.
        capacity: Of every bin.
        announced: How many items come in all.
        horizon: Whether the rule is told how many are left.

    Returns:
        A function that takes the size of the next item, in 1..capacity, and returns its bin. It raises `BadScores` if the rule's answer
        is not usable, saying for which item and what came instead.
    """
    shelf = empty_shelf(_ROOM)
    position = -1

    def decide(size: int) -> int:
        nonlocal shelf, position
        position += 1
        if position == shelf.levels.size - 1:
            shelf = _with_more_room(shelf)
        shown = _shown(shelf, size, capacity, announced)
        try:
            scores = read_scores(priority(*(shown if horizon else _without_horizon(shown))), shown[-1].size)
        except BadScores as error:
            raise BadScores(f"item {position} (size {size}): {error}") from error
        if np.isnan(scores).any():
            raise nan_scored(position, size, int(shown[SCALARS][int(np.isnan(scores).argmax())]))
        return int(place(shelf, size, capacity, int(scores.argmax())))

    return decide


def offers(items: NDArray[np.int64], capacity: int) -> list[tuple[Any, ...]]:
    """What a rule that is told all would be shown for each item, if sum of squares packed them."""
    shelf, shown = empty_shelf(items.size), []
    for size in items.tolist():
        shown.append(_shown(shelf, size, capacity, items.size))
        free, rest, here, there = shown[-1][SCALARS : SCALARS + 4]
        change = np.where(free < capacity, 2 * here - 1, 0) - np.where(rest > 0, 2 * there + 1, 0)
        place(shelf, size, capacity, int(change.argmax()))
    return shown


def _shown(shelf: LevelShelf, size: int, capacity: int, announced: int) -> tuple[Any, ...]:
    scalars, views = np.empty(SCALARS), np.empty((VIEWS, int(shelf.numbers[0]) + 1))
    columns = arrive(shelf, size, capacity, announced, scalars, views)
    return (*scalars, *(row[:columns].copy() for row in views))


def _without_horizon(shown: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*shown[:LEFT], *shown[LEFT + 1 :])


def _with_more_room(shelf: LevelShelf) -> LevelShelf:
    return LevelShelf(shelf.numbers, *(np.concatenate((each, np.empty_like(each))) for each in shelf[1:]))
