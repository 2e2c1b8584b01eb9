"""Floats added one after the other, as a compiled loop adds them: `sum` compensates since Python 3.12."""

from collections.abc import Iterable
from functools import reduce
from operator import add

__all__ = ["added"]


def added(values: Iterable[float]) -> float:
    """The plain sum, left to right; 0 of nothing."""
    return float(reduce(add, values, 0.0))
