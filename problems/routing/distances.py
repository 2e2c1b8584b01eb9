"""Distance matrices from coordinates, by TSPLIB's rules.

Reinelt (1991, doi:10.1287/ijoc.3.4.376).

Optima of TSPLIB and CVRPLIB hold with exactly these roundings. `vrplib` (2.2) computes no rounded Euclidean, pseudo-Euclidean or
geographical distances, and gets Euclidean ones from scalar products, which loses the digits that decide a rounding.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["EXPLICIT", "ROUNDED", "RULES", "UNROUNDED", "WIDTHS", "distance_matrix"]

EXPLICIT = "EXPLICIT"
"""The rule of instances that are given as a matrix."""

_EARTH_RADIUS = 6378.388  # kilometres, as TSPLIB has it
_MEAN_RADIUS = 6371.0088  # kilometres; of the Earth as a sphere (Moritz 2000)
_PI = 3.141592  # TSPLIB's, not ours: the optima hold with these digits only


def distance_matrix(points: NDArray[np.float64], rule: str) -> NDArray[np.float64]:
    """All distances between points.

    Args:
        points: Coordinates as the file or the generator has them, shape (n, 2), or (n, 3) for the rules in space.
        rule: A key of `RULES`.

    Returns:
        A symmetric matrix with a diagonal of 0, shape (n, n); whole numbers by the rules in `ROUNDED`.
    """
    return RULES[rule](points)


def _euclidean(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(_squares(points))


def _euc_2d(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.floor(_euclidean(points) + 0.5)


def _ceil_2d(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ceil(_euclidean(points))


def _floor_2d(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.floor(_euclidean(points))


def _manhattan(points: NDArray[np.float64]) -> NDArray[np.float64]:
    matrix: NDArray[np.float64] = np.floor(np.abs(points[:, None, :] - points[None, :, :]).sum(axis=2) + 0.5)
    return matrix


def _maximum(points: NDArray[np.float64]) -> NDArray[np.float64]:
    # Each difference is rounded for itself, and the largest counts.
    largest: NDArray[np.float64] = np.floor(np.abs(points[:, None, :] - points[None, :, :]) + 0.5).max(axis=2)
    return largest


def _great_circle(points: NDArray[np.float64]) -> NDArray[np.float64]:
    # Haversines (Sinnott 1984), which keep their digits at short distances; the first coordinate is the longitude.
    longitude, latitude = np.radians(points).T
    chord = (
        np.sin((latitude[:, None] - latitude[None, :]) / 2.0) ** 2
        + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * np.sin((longitude[:, None] - longitude[None, :]) / 2.0) ** 2
    )
    matrix: NDArray[np.float64] = 2.0 * _MEAN_RADIUS * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return matrix


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
    if points.shape[1] == 3:
        up = points[:, None, 2] - points[None, :, 2]
        squares += up * up
    return squares


RULES: Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "EUCLIDEAN": _euclidean,
    "EXACT_2D": _euclidean,
    "EUC_2D": _euc_2d,
    "EUC_3D": _euc_2d,
    "CEIL_2D": _ceil_2d,
    "FLOOR_2D": _floor_2d,
    "MAN_2D": _manhattan,
    "MAN_3D": _manhattan,
    "MAX_2D": _maximum,
    "MAX_3D": _maximum,
    "ATT": _att,
    "GEO": _geo,
    "GREAT_CIRCLE": _great_circle,
}
"""Name of the rule → coordinates → matrix. "EUCLIDEAN" and "EXACT_2D" are the plain distance without rounding, "GREAT_CIRCLE" kilometres
between longitudes and latitudes in degrees, without rounding either; the others are TSPLIB's words, and FLOOR_2D, which LKH reads."""

ROUNDED = RULES.keys() - {"EUCLIDEAN", "EXACT_2D", "GREAT_CIRCLE"}
"""Rules that give whole numbers."""

UNROUNDED = frozenset({"EUCLIDEAN", "EXACT_2D"})
"""Rules by which distances are in the unit of the coordinates, whatever it is."""

WIDTHS: Mapping[str, int] = {rule: 3 if rule.endswith("_3D") else 2 for rule in RULES}
"""Name of the rule → how many coordinates a node has."""
