"""The interface in which two heuristics choose the order of the items, and the bin of each."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["fit_scores", "order_scores"]


def order_scores(
    items: NDArray[np.int64],
    capacity: int,
) -> NDArray[np.float64]:
    """Score the items; they are packed from the highest score to the lowest, in the given order on ties.

    Args:
        items: Sizes, whole numbers of at least 1, shape (items,).
        capacity: Of every bin.

    Returns:
        One real number per item, shape (items,); not NaN.
    """
    return items.astype(float)


def fit_scores(
    item: int,
    bins: NDArray[np.int64],
    remaining: NDArray[np.int64],
    capacity: int,
) -> NDArray[np.float64]:
    """Score the bins for the item that is to be packed now; it goes into the bin with the highest score, the first one on ties.

    Args:
        item: Size of the item.
        bins: Free space of every opened bin that has room for the item, in the order in which they were opened, and at the end that of a
            new bin, which is the capacity; each is at least `item`, shape (bins,).
        remaining: Sizes of the items that are not packed yet in their order, this one first, shape (remaining,).
        capacity: Of every bin.

    Returns:
        One real number per bin, shape (bins,); not NaN.
    """
    return -(bins - item).astype(float)
