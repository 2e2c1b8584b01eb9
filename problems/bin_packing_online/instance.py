"""The data of an online bin packing instance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance

__all__ = ["LARGEST_CAPACITY", "BinPackingInstance"]

LARGEST_CAPACITY = 10**9
"""Keeps every sum of sizes within int64, whatever the packing."""


@dataclass(frozen=True, kw_only=True, eq=False)
class BinPackingInstance(Instance):
    """A stream of items for bins of one capacity.

    Attributes:
        capacity: Of every bin, at least 1.
        items: Sizes in order of arrival, each in 1..capacity, shape (items,), dtype int64.
        bins: How many bins there are, at least as many as items; None where exactly as many. A heuristic sees it in the length of what it
            is offered, so it belongs to the protocol while the number of items does not.
    """

    capacity: int
    items: NDArray[np.int64]
    bins: int | None = None
