"""A shelf: the open bins of a stream by level."""

import numpy as np

from .kernels import Shelf

__all__ = ["empty_shelf"]


def empty_shelf(items: int) -> Shelf:
    """No bin and no item yet, with room for so many items."""
    return Shelf(np.zeros(5, dtype=np.int64), *(np.empty(items + 1, dtype=np.int64) for _ in range(7)))
