"""Distance matrices from coordinates, by the rules of TSPLIB (Reinelt 1991, doi:10.1287/ijoc.3.4.376).

Optima of TSPLIB and CVRPLIB hold with exactly these roundings. `vrplib` (2.2) computes no rounded Euclidean, pseudo-Euclidean or
geographical distances, and gets Euclidean ones from scalar products, which loses the digits that decide a rounding.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["RULES", "distance_matrix"]

_EARTH_RADIUS = 6378.388  # kilometres, as TSPLIB has it
_PI = 3.141592  # TSPLIB's, not ours: the optima hold with these digits only


def distance_matrix(points: NDArray[np.float64], rule: str) -> NDArray[np.float64]:
    """All distances between points.

    Args:
        points: Coordinates as the file or the generator has them, shape (n, 2).
        rule: A key of `RULES`.

    Returns:
        A symmetric matrix with a diagonal of 0, shape (n, n); whole numbers for all rules but "EUCLIDEAN".
    """
    return RULES[rule](points)


def _euclidean(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(_squares(points))


def _euc_2d(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.floor(_euclidean(points) + 0.5)


def _ceil_2d(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ceil(_euclidean(points))


def _att(points: NDArray[np.float64]) -> NDArray[np.float64]:
    # Pseudo-Euclidean: rounded to the nearest whole number, and up again where that fell short.
    real = np.sqrt(_squares(points) / 10.0)
    rounded = np.floor(real + 0.5)
    return np.where(rounded < real, rounded + 1.0, rounded)


def _geo(points: NDArray[np.float64]) -> NDArray[np.float64]:
    # Coordinates are degrees.minutes; distances are kilometres on the sphere, rounded down after adding 1.
    degrees = np.trunc(points)
    radians = _PI * (degrees + 5.0 * (points - degrees) / 3.0) / 180.0
    latitude, longitude = radians[:, 0], radians[:, 1]
    q1 = np.cos(longitude[:, None] - longitude[None, :])
    q2 = np.cos(latitude[:, None] - latitude[None, :])
    q3 = np.cos(latitude[:, None] + latitude[None, :])
    cosine = np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0)
    matrix = np.trunc(_EARTH_RADIUS * np.arccos(cosine) + 1.0)
    np.fill_diagonal(matrix, 0.0)
    return matrix


def _squares(points: NDArray[np.float64]) -> NDArray[np.float64]:
    across = points[:, None, 0] - points[None, :, 0]
    along = points[:, None, 1] - points[None, :, 1]
    squares: NDArray[np.float64] = across * across + along * along
    return squares


RULES: Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "EUCLIDEAN": _euclidean,
    "EUC_2D": _euc_2d,
    "CEIL_2D": _ceil_2d,
    "ATT": _att,
    "GEO": _geo,
}
"""Name of the rule → coordinates → matrix. "EUCLIDEAN" is the plain distance without rounding; the others are TSPLIB's words."""
