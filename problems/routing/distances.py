"""Distance matrices from coordinates, by TSPLIB's metrics.

Reinelt (1991, doi:10.1287/ijoc.3.4.376).

Optima of TSPLIB and CVRPLIB hold with exactly these roundings. `vrplib` (2.2) computes no rounded Euclidean, pseudo-Euclidean or
geographical distances, and gets Euclidean ones from scalar products, which loses the digits that decide a rounding.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ENCODED_METRIC",
    "EXPLICIT",
    "LARGEST_AT_ONCE",
    "METRICS",
    "ROUNDED",
    "UNROUNDED",
    "WIDTHS",
    "distance_matrix",
    "pair_lengths",
    "row_blocks",
    "times",
    "with_encoded_metric",
]

Points: TypeAlias = NDArray[np.float64]

EXPLICIT = "EXPLICIT"
"""The metric of instances that are given as a matrix."""

ENCODED_METRIC = "rule"
"""What encoded instances call their metric. Archives hold hashes of encoded instances, so that this word is never to change."""

LARGEST_AT_ONCE = 3000
"""Points up to which all distances are kept and computed at once: 72 MB, several times for a moment. Beyond, in rows, or pair by pair."""

_ROWS = 64  # at a time; with a few thousand points they stay in the processor's cache
_EARTH_RADIUS = 6378.388  # kilometres, as TSPLIB has it
_MEAN_RADIUS = 6371.0088  # kilometres; of the Earth as a sphere (Moritz 2000)
_PI = 3.141592  # TSPLIB's, not ours: the optima hold with these digits only


def distance_matrix(points: Points, metric: str) -> Points:
    """All distances between points.

    Args:
        points: Coordinates as the file or the generator has them, shape (n, 2), or (n, 3) for the metrics in space.
        metric: A key of `METRICS`, or one with a factor (see `times`).

    Returns:
        A symmetric matrix with a diagonal of 0, shape (n, n); whole numbers by the metrics in `ROUNDED`.
    """
    if len(points) <= LARGEST_AT_ONCE:
        matrix = _lengths(points[:, None, :], points[None, :, :], metric)
    else:
        matrix = np.empty((len(points), len(points)))
        for rows, lengths in row_blocks(points, metric):
            matrix[rows] = lengths
    np.fill_diagonal(matrix, 0.0)  # by GEO, a place is 1 from itself
    return matrix


def row_blocks(points: Points, metric: str) -> Iterator[tuple[slice, Points]]:
    """The distances between points, some rows at a time, so that the matrix never exists.

    Yields:
        Which rows, and their lengths, shape (rows, n), which are the caller's own.
    """
    for start in range(0, len(points), _ROWS):
        rows = slice(start, min(start + _ROWS, len(points)))
        lengths = _lengths(points[rows, None, :], points[None, :, :], metric)
        here = np.arange(rows.start, rows.stop)
        lengths[here - start, here] = 0.0
        yield rows, lengths


def pair_lengths(points: Points, metric: str, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Points:
    """The distances between pairs of points.

    Args:
        points: As for `distance_matrix`.
        metric: Likewise.
        starts: One point of each pair, shape (pairs,).
        ends: The other one.

    Returns:
        Shape (pairs,); what `distance_matrix` has there.
    """
    return np.where(starts == ends, 0.0, _lengths(points[starts], points[ends], metric))


def times(metric: str, factor: int) -> str:
    """The metric by which all distances are so many times as long."""
    return f"{metric}*{factor}"


def _lengths(one: Points, other: Points, metric: str) -> Points:
    name, _, factor = metric.partition("*")
    lengths = METRICS[name](one, other)
    return lengths * int(factor) if factor else lengths


def with_encoded_metric(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an instance, with the metric by the word that encoded instances have for it."""
    return {ENCODED_METRIC if field == "metric" else field: value for field, value in fields.items()}


def _euclidean(one: Points, other: Points) -> Points:
    return np.sqrt(_squares(one, other))


def _euc_2d(one: Points, other: Points) -> Points:
    return np.floor(_euclidean(one, other) + 0.5)


def _ceil_2d(one: Points, other: Points) -> Points:
    return np.ceil(_euclidean(one, other))


def _floor_2d(one: Points, other: Points) -> Points:
    return np.floor(_euclidean(one, other))


def _manhattan(one: Points, other: Points) -> Points:
    lengths: Points = np.floor(np.abs(one - other).sum(axis=-1) + 0.5)
    return lengths


def _maximum(one: Points, other: Points) -> Points:
    # Each difference is rounded for itself, and the largest counts.
    largest: Points = np.floor(np.abs(one - other) + 0.5).max(axis=-1)
    return largest


def _great_circle(one: Points, other: Points) -> Points:
    # Haversines (Sinnott 1984), which keep their digits at short distances; the first coordinate is the longitude.
    here, there = np.radians(one), np.radians(other)
    chord = (
        np.sin((here[..., 1] - there[..., 1]) / 2.0) ** 2
        + np.cos(here[..., 1]) * np.cos(there[..., 1]) * np.sin((here[..., 0] - there[..., 0]) / 2.0) ** 2
    )
    lengths: Points = 2.0 * _MEAN_RADIUS * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return lengths


def _att(one: Points, other: Points) -> Points:
    # Pseudo-Euclidean: rounded to the nearest whole number, and up again where that fell short.
    real = np.sqrt(_squares(one, other) / 10.0)
    rounded = np.floor(real + 0.5)
    return np.where(rounded < real, rounded + 1.0, rounded)


def _geo(one: Points, other: Points) -> Points:
    # Coordinates are degrees.minutes; distances are kilometres on the sphere, rounded down after adding 1.
    here, there = _radians(one), _radians(other)
    q1 = np.cos(here[..., 1] - there[..., 1])
    q2 = np.cos(here[..., 0] - there[..., 0])
    q3 = np.cos(here[..., 0] + there[..., 0])
    cosine = np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0)
    return np.trunc(_EARTH_RADIUS * np.arccos(cosine) + 1.0)


def _radians(points: Points) -> Points:
    degrees = np.trunc(points)
    radians: Points = _PI * (degrees + 5.0 * (points - degrees) / 3.0) / 180.0
    return radians


def _squares(one: Points, other: Points) -> Points:
    across, along = one[..., 0] - other[..., 0], one[..., 1] - other[..., 1]
    squares: Points = across * across + along * along
    if one.shape[-1] == 3:
        up = one[..., 2] - other[..., 2]
        squares += up * up
    return squares


METRICS: Mapping[str, Callable[[Points, Points], Points]] = {
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
"""Name of the metric → coordinates of two places, or of arrays of places, → lengths.

"EUCLIDEAN" and "EXACT_2D" are the plain distance without rounding, "GREAT_CIRCLE" kilometres between longitudes and latitudes in degrees,
without rounding either; the others are TSPLIB's words, and FLOOR_2D, which LKH reads."""

ROUNDED = METRICS.keys() - {"EUCLIDEAN", "EXACT_2D", "GREAT_CIRCLE"}
"""Metrics that give whole numbers."""

UNROUNDED = frozenset({"EUCLIDEAN", "EXACT_2D"})
"""Metrics by which distances are in the unit of the coordinates, whatever it is."""

WIDTHS: Mapping[str, int] = {metric: 3 if metric.endswith("_3D") else 2 for metric in METRICS}
"""Name of the metric → how many coordinates a node has."""
