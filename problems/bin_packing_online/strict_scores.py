"""The heuristic that a candidate is shown where a score of NaN is a fault."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["priority"]


def priority(item: int, bins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score the bins for the item that has just arrived; it goes into the bin with the highest score, the first one on ties.

    Args:
        item: Size of the item, a whole number of at least 1.
        bins: Free space of every bin that has room for the item, each at least `item`, in the order of the bins. Bins that were never
            opened are among them, with the full capacity free; there is always at least one. The length differs from call to call.

    Returns:
        One real number per bin, in the same order and of the same length as `bins`; not NaN.
    """
    return -(bins - item).astype(float)
