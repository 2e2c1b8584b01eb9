"""Features of items and their bins, for selectors.

They are free of units: sizes count as shares of the capacity.
"""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["every_nth_by_size", "item_features"]

_LEAST = 20  # items: fewer tell nothing


def item_features(items: NDArray[np.int64], capacity: int) -> dict[str, float]:
    """Describe items that are known.

    Args:
        items: Sizes, each in 1..capacity, shape (items,), at least one; where they arrive one by one, those that have.
        capacity: Of every bin.

    Returns:
        per_bin, the capacity over the mean size; variation, the deviation of sizes over their mean; skewness, above 0 with a tail of
        large items; large, the share above half a bin; small, the share up to a quarter; distinct, different sizes over items; levels,
        the capacity over the largest unit that divides it and all sizes.
    """
    shares = items / capacity
    mean, deviation = float(shares.mean()), float(shares.std())
    return {
        "per_bin": 1.0 / mean,
        "variation": deviation / mean,
        "skewness": float(((shares - mean) ** 3).mean()) / deviation**3 if deviation > 0.0 else 0.0,
        "large": float((2 * items > capacity).mean()),
        "small": float((4 * items <= capacity).mean()),
        "distinct": np.unique(items).size / items.size,
        "levels": float(capacity // math.gcd(capacity, *items.tolist())),
    }


def every_nth_by_size(items: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    """So much of the items, evenly from the smallest to the largest, in falling order; all of a few."""
    ordered = np.sort(items)[::-1]
    wanted = min(items.size, max(_LEAST, math.ceil(share * items.size)))
    taken: NDArray[np.int64] = ordered[(np.arange(wanted) * items.size) // wanted]
    return taken
