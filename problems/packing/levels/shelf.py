"""A shelf: the open bins of a stream by level."""

import numpy as np

from .kernels import LevelShelf

__all__ = ["empty_shelf"]


def empty_shelf(items: int) -> LevelShelf:
    """No bin and no item yet, with room for so many items."""
    return LevelShelf(np.zeros(5, dtype=np.int64), *(np.empty(items + 1, dtype=np.int64) for _ in range(7)))
