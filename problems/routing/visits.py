"""Checks of untrusted visiting orders: whole numbers, in range, each once."""

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Infeasible, Json, whole_numbers

__all__ = ["permutation", "visited_once"]


def permutation(answer: Json, *, length: int, what: str) -> NDArray[np.int64]:
    """Read an order of 0..length-1 from an untrusted answer.

    Args:
        answer: Any JSON.
        length: How many places there are.
        what: Names one of them in messages, such as "city".

    Returns:
        The order, shape (length,), dtype int64.

    Raises:
        Infeasible: It is no list of `length` whole numbers in 0..length-1, or a place is visited twice and another never.
    """
    order = whole_numbers(answer, length=length, low=0, high=length - 1, what=f"{what} at position")
    visited_once(order, low=0, high=length - 1, what=what)
    return order


def visited_once(visits: NDArray[np.int64], *, low: int, high: int, what: str) -> None:
    """Check that every number of a range is there exactly once.

    Args:
        visits: Numbers in low..high (not checked here), in any order.
        low: The first that must be visited.
        high: The last that must be visited.
        what: Names one of them in messages, such as "customer".

    Raises:
        Infeasible: One is visited twice, or never.
    """
    counts = np.bincount(visits - low, minlength=high - low + 1)
    if (counts == 1).all():
        return
    repeated, missing = np.flatnonzero(counts > 1), np.flatnonzero(counts == 0)
    if repeated.size:
        first = int(repeated[0])
        raise Infeasible(f"{what} {first + low} is visited {counts[first]} times")
    if missing.size:
        raise Infeasible(f"{what} {missing[0] + low} is never visited")
