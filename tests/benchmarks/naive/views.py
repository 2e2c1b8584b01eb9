"""What rules see of a map: lengths divided by a mean of its own and rounded to 30 bits, number by number."""

import math
from typing import Any

import numpy as np

__all__ = ["by_reach", "by_spacing"]


def by_spacing(distances: Any) -> Any:
    """In units of the mean distance from a city to its nearest one."""
    nearest = [min(length for length in row if length > 0.0) for row in distances.tolist()]
    return _divided(distances, math.fsum(nearest) / len(nearest))


def by_reach(lengths: Any, home: Any) -> Any:
    """In units of the customers' mean distance from the depot; `home` has those distances."""
    return _divided(lengths, math.fsum(home) / len(home))


def _divided(lengths: Any, unit: float) -> Any:
    return np.array([[_rounded(length / unit) for length in row] for row in lengths.tolist()])


def _rounded(number: float) -> float:
    mantissa, exponent = math.frexp(number)
    return math.ldexp(round(mantissa * 2**30), exponent - 30)
