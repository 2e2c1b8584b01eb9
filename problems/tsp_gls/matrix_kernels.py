"""The compiled step of guided local search by matrices: one penalty, and a search with and without it."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.tsp.local_search.kernels import Search, improve, wake

__all__ = ["perturb"]


@njit(cache=True, nogil=True)
def perturb(search: Search, guide: NDArray[np.float64], penalties: NDArray[np.int64], weight: float) -> None:
    """Penalise one edge of the tour and search again.

    The search is with the penalties around it, and then without them around all that has changed.

    Args:
        search: Stands at its tour; `guided` is `distances` + weight · penalties, before and after.
        guide: The edge with the highest sum of both directions is penalised, the first in the tour on ties, shape (n, n).
        penalties: How often each edge was penalised, symmetric, shape (n, n); one of them grows by 1.
        weight: What one penalty adds to an edge's length.
    """
    one, other = _most_guided(search.tour, guide)
    for start, end in ((one, other), (other, one)):
        penalties[start, end] += 1
        search.guided[start, end] += weight
    wake(search, one)
    wake(search, other)
    improve(search, True)
    plain = Search(
        search.tour,
        search.place,
        search.best,
        search.lengths,
        search.distances,
        search.distances,
        search.neighbours,
        search.queue,
        search.waiting,
        search.ring,
        search.moved,
    )
    for city in range(len(search.moved)):
        if search.moved[city]:
            wake(plain, city)
    improve(plain, True)
    search.moved[:] = False


@njit(cache=True, nogil=True)
def _most_guided(tour: NDArray[np.int64], guide: NDArray[np.float64]) -> tuple[int, int]:
    highest = -np.inf
    one, other = tour[-1], tour[0]
    for place in range(len(tour)):
        start, end = tour[place - 1], tour[place]
        value = guide[start, end] + guide[end, start]
        if value > highest:  # never true for NaN, which an infinity of each sign sums to
            highest, one, other = value, start, end
    return one, other
