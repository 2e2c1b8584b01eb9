"""Packing an instance with two heuristics: order and bin."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.returned_numbers import BadAnswer, highest, real_numbers

from .instance import OfflineInstance

__all__ = ["pack"]


def pack(order: Callable[..., Any], fit: Callable[..., Any], instance: OfflineInstance) -> NDArray[np.int64]:
    """Let two heuristics pack an instance.

    Args:
        order: (sizes, capacity) → scores; items are packed from the highest to the lowest, in the given order on ties.
        fit: (size, free spaces, sizes not packed yet with this one first, capacity) → scores; the item goes to the highest, the first
            on ties. The bins are those with room in the order in which they were opened, then one new bin.
        instance: What to pack.

    Returns:
        Bin of each item, counted from 0 as they were opened, shape (items,).

    Raises:
        BadAnswer: Scores are not usable; says for which item.
    """
    items, capacity = instance.items, instance.capacity
    sequence = np.argsort(-real_numbers(order(items.copy(), capacity), items.shape, "order_scores"), kind="stable")
    coming = items[sequence]
    assignment = np.empty(items.size, dtype=np.int64)
    free = np.full(items.size + 1, capacity, dtype=np.int64)
    opened = 0
    for position, (item, size) in enumerate(zip(sequence.tolist(), coming.tolist(), strict=True)):
        (offered,) = (free[: opened + 1] >= size).nonzero()
        try:
            answer = fit(size, free[offered], coming[position:].copy(), capacity)
            chosen = int(offered[highest(answer, offered.size, "fit_scores")])
        except BadAnswer as error:
            raise BadAnswer(f"item {item} (size {size}): {error}") from error
        assignment[item] = chosen
        free[chosen] -= size
        opened += chosen == opened
    return assignment
