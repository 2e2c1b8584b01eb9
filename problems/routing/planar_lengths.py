"""Distances in the plane that compiled loops compute when they need them, so that no matrix is kept.

Kernels that call `between` take a matrix or what `planar_lengths` makes, and see the same numbers to the last bit.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numba import njit
from numba.extending import overload
from numpy.typing import NDArray

from .length_units import SPLIT

__all__ = ["Lengths", "between", "nearest_elsewhere", "places_in", "planar_lengths"]


Lengths: TypeAlias = NDArray[np.float64]
"""Distances between places: a matrix, shape (places, places), or what `planar_lengths` makes, which has one dimension.

That is rounding, factor and unit, and then both coordinates of every place: one array, since handing over several to a compiled function
takes longer than computing a length.
"""

_ROUNDING, _FACTOR, _UNIT, _HEAD = range(4)  # places of the first numbers, and how many there are
_MATRIX = 2  # dimensions
_AS_IT_IS, _NEAREST, _UP, _DOWN, _PSEUDO = range(5)
_ROUNDINGS: Mapping[str, int] = {
    "EUCLIDEAN": _AS_IT_IS,
    "EXACT_2D": _AS_IT_IS,
    "EUC_2D": _NEAREST,
    "CEIL_2D": _UP,
    "FLOOR_2D": _DOWN,
    "ATT": _PSEUDO,
}


def planar_lengths(points: NDArray[np.float64], metric: str, *, unit: float = 0.0) -> Lengths | None:
    """What distances in the plane are computed from.

    Args:
        points: Coordinates, shape (places, 2).
        metric: As `distances.distance_matrix` takes it.
        unit: What lengths are divided by; 0 to leave them.

    Returns:
        None for a metric that is none of the plane's.
    """
    name, _, factor = metric.partition("*")
    if name not in _ROUNDINGS:
        return None
    return np.concatenate(([_ROUNDINGS[name], float(factor or 1), unit], points.ravel()))


def between(lengths: Lengths, one: int, other: int) -> float:
    """The distance between two places, in Python and in compiled code."""
    return float(lengths[one, other]) if lengths.ndim == _MATRIX else _computed(lengths, one, other)


def places_in(lengths: Lengths) -> int:
    """The number of places, in Python and in compiled code."""
    return len(lengths) if lengths.ndim == _MATRIX else (len(lengths) - _HEAD) // 2


@njit(cache=True, nogil=True, forceinline=True)  # a call takes longer than what is computed
def _computed(lengths: Lengths, one: int, other: int) -> float:
    start, end = _HEAD + 2 * one, _HEAD + 2 * other
    across, along = lengths[start] - lengths[end], lengths[start + 1] - lengths[end + 1]
    square = across * across + along * along
    length, rounding, unit = math.sqrt(square), lengths[_ROUNDING], lengths[_UNIT]
    if rounding == _NEAREST:
        length = np.floor(length + 0.5)
    elif rounding == _UP:
        length = np.ceil(length)
    elif rounding == _DOWN:
        length = np.floor(length)
    elif rounding == _PSEUDO:
        real = math.sqrt(square / 10.0)
        length = np.floor(real + 0.5)
        length = length + 1.0 if length < real else length
    length *= lengths[_FACTOR]
    if unit > 0.0:
        length /= unit
        lifted = length * SPLIT
        length = lifted - (lifted - length)
    return float(length)


@overload(between, strict=False)
def _compiled_between(lengths: Any, one: Any, other: Any) -> Callable[..., Any]:  # noqa: ARG001 - numba goes by the names
    if lengths.ndim == _MATRIX:
        return lambda lengths, one, other: lengths[one, other]
    return lambda lengths, one, other: _computed(lengths, one, other)  # noqa: PLW0108 - numba wants a function of these names


@overload(places_in, strict=False)
def _compiled_places_in(lengths: Any) -> Callable[..., Any]:
    if lengths.ndim == _MATRIX:
        return lambda lengths: len(lengths)  # noqa: PLW0108 - likewise
    return lambda lengths: (len(lengths) - _HEAD) // 2


@njit(cache=True, nogil=True)
def nearest_elsewhere(lengths: Lengths) -> tuple[NDArray[np.float64], float]:
    """The distance of every place to the nearest one that is elsewhere.

    Returns:
        Infinity where there is none, shape (places,); and the largest of all distances.
    """
    count = places_in(lengths)
    nearest, largest = np.full(count, np.inf), 0.0
    for one in range(count):
        for other in range(one):
            length = between(lengths, one, other)
            if length > 0.0:
                nearest[one], nearest[other] = min(nearest[one], length), min(nearest[other], length)
                largest = max(largest, length)
    return nearest, largest
