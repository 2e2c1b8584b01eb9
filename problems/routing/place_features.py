"""Features of places by their distances alone, for selectors.

They are free of units, and do not depend on where the map lies or how it is turned.
"""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["evenly", "place_features"]

_UNIFORM = 0.5 / 0.521405
"""Mean distance to the nearest of n uniform points in a square, times the root of n, over the mean distance of pairs (0.5214 sides)."""

_LEAST = 12  # places: on fewer all heuristics are alike


def place_features(rows: Iterable[tuple[slice, NDArray[np.float64]]], places: int) -> dict[str, float]:
    """Describe places.

    Args:
        rows: Which rows, and their distances to all places, shape (rows, places); each row once.
        places: How many, at least 2.

    Returns:
        nearest, the mean distance to the nearest other place over that of as many uniform ones in a square: 1 where they are
        uniform, less in clusters, more on a grid; uneven, the deviation of these distances over their mean; dispersion, the deviation of
        all distances over their mean; duplicates, the share of places where another one is, too. All 0 where all are in one place.
    """
    nearest = np.empty(places)
    total = squares = 0.0
    for which, lengths in rows:
        own = np.arange(which.start, which.stop)
        others = lengths.copy()
        others[own - which.start, own] = np.inf
        nearest[which] = others.min(axis=1)
        total += float(lengths.sum())
        squares += float((lengths**2).sum())
    pairs = places * (places - 1)
    mean, near = total / pairs, float(nearest.mean())
    if mean == 0.0:
        return {"nearest": 0.0, "uneven": 0.0, "dispersion": 0.0, "duplicates": 1.0}
    return {
        "nearest": near * math.sqrt(places) / (_UNIFORM * mean),
        "uneven": float(nearest.std()) / near if near > 0.0 else 0.0,
        "dispersion": math.sqrt(max(0.0, squares / pairs - mean**2)) / mean,
        "duplicates": float((nearest == 0.0).mean()),
    }


def evenly(places: int, share: float) -> NDArray[np.int64]:
    """So much of some places, evenly by their number, ascending, shape (wanted,); all of a few."""
    wanted = min(places, max(_LEAST, math.ceil(share * places)))
    taken: NDArray[np.int64] = (np.arange(wanted) * places) // wanted
    return taken
