"""A warning where rounding destroys the distances.

It leaves nothing of degrees, for example.
"""

import warnings

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import InstanceWarning

from .distances import ROUNDED, row_blocks

__all__ = ["warn_if_lost"]

_LOST, _LOST_OF_DEGREES = 0.1, 0.01  # shares of the mean distance by which rounding changes distances
_WITHOUT = {"EUC_2D": "EXACT_2D", "CEIL_2D": "EXACT_2D", "FLOOR_2D": "EXACT_2D"}


def warn_if_lost(where: str, points: NDArray[np.float64], metric: str) -> None:
    """Warn if whole numbers measure these distances poorly.

    Args:
        where: Names the instance.
        points: Coordinates.
        metric: A key of `METRICS`.
    """
    if metric not in ROUNDED & _WITHOUT.keys() or len(points) < 2:
        return
    change, largest = _change(points, metric)
    if change > (_LOST_OF_DEGREES if _like_degrees(points) else _LOST):
        warnings.warn(
            f"{where}: {metric} makes whole numbers of distances, which changes them by {100.0 * change:.0f} % here (the largest becomes "
            f"{largest:.0f}). Give EDGE_WEIGHT_TYPE EXACT_2D for no rounding, GEO for degrees.minutes, GREAT_CIRCLE for longitude "
            "and latitude in degrees, or larger units.",
            InstanceWarning,
            stacklevel=2,
        )


def _change(points: NDArray[np.float64], metric: str) -> tuple[float, float]:
    # By which share of all distances rounding changes them, and the largest one after it.
    total = changed = largest = 0.0
    for (_, real), (_, used) in zip(row_blocks(points, "EUCLIDEAN"), row_blocks(points, metric), strict=True):
        total += float(real.sum())
        changed += float(np.abs(used - real).sum())
        largest = max(largest, float(used.max()))
    return changed / max(total, 1e-300), largest


def _like_degrees(points: NDArray[np.float64]) -> bool:
    within = bool((np.abs(points).min(axis=1) <= 90.0).all() and np.abs(points).max() <= 180.0)
    hundredths = points * 100.0
    return within and float(np.mean(np.abs(hundredths - np.round(hundredths)) > 1e-6)) > 0.5
