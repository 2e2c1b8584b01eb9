"""Lengths in units of an instance's own, so that a rule means the same on every map.

Whether coordinates are metres or kilometres, a rule sees the same numbers. They are rounded to about nine digits: the coordinates of a map
in other units are rounded themselves, so that what is equal on one map could differ by the last bit on the other, and a rule that takes
the first of equals would go another way there. Rounding makes equals of what differs by so little, in the same way on both maps.
"""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["SPLIT", "in_units", "mean_or_one"]

_SHARE = 1e-12  # of the largest length that a unit is at least, so that no quotient overflows
SPLIT = 2.0**23 + 1.0
"""Factor of Veltkamp's splitting that leaves 30 of 53 bits."""


def in_units(lengths: NDArray[np.float64], unit: float) -> NDArray[np.float64]:
    """Lengths divided by a unit and rounded to 30 bits, about nine digits.

    By Veltkamp's splitting (Dekker 1971, doi:10.1007/BF01397083), which rounds to the nearest and does the same at every power of two.

    Args:
        lengths: Of any shape.
        unit: Above 0.
    """
    quotients = lengths / unit
    lifted = quotients * SPLIT
    rounded: NDArray[np.float64] = lifted - (lifted - quotients)
    return rounded


def mean_or_one(lengths: NDArray[np.float64], largest: float) -> float:
    """The mean of lengths as a unit; 1 where there is none above 0.

    Its sum is rounded once, so that it does not depend on the order.

    Args:
        lengths: At least 0, shape (lengths,).
        largest: The largest of all lengths that will be divided.
    """
    mean = math.fsum(lengths.tolist()) / lengths.size if lengths.size else 0.0
    unit = max(mean, _SHARE * largest)
    return unit if unit > 0.0 else 1.0
