"""The compiled round of iterated local search: views of every city, and a few kicks in a row.

What a search remembers is two arrays of whole numbers. `memory`, shape (3, n): the tour to go back to, and by city how many kicks began
there (`TRIED`) and the number of the last kick that changed an edge at it and was kept (`CHANGED`). `counts`, shape (2,): the number of
kicks so far, and of those when the best tour was last improved.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.tsp.local_search.kernels import LONGEST_PIECE, Search, improve, kick

__all__ = ["VIEWS", "look", "remembered", "run_kicks"]

VIEWS = 7
"""Rows of `shown`: longer, shorter, nearest, second, rank, tried, age."""

TOUR, TRIED, CHANGED = range(3)  # rows of `memory`
KICKS, IMPROVED = range(2)  # places of `counts`


@njit(cache=True, nogil=True)
def remembered(search: Search) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Memory and counts at the start of a search."""
    memory = np.zeros((3, len(search.tour)), dtype=np.int64)
    memory[TOUR] = search.tour
    return memory, np.zeros(2, dtype=np.int64)


@njit(cache=True, nogil=True)
def look(search: Search, memory: NDArray[np.int64], counts: NDArray[np.int64], shown: NDArray[np.float64]) -> None:
    """Fill the views of all cities.

    Args:
        search: Stands at its tour; at least 3 cities.
        memory: See the module.
        counts: See the module.
        shown: Filled, shape (7, n).
    """
    n, distances, neighbours = len(search.tour), search.distances, search.neighbours
    count = neighbours.shape[1]
    for place in range(n):
        city = search.tour[place]
        before = distances[city, search.tour[place - 1]]
        after = distances[city, search.tour[place + 1 if place + 1 < n else 0]]
        longer = max(before, after)
        rank = 0
        while rank < count and distances[city, neighbours[city, rank]] < longer:
            rank += 1
        shown[0, city], shown[1, city] = longer, min(before, after)
        shown[2, city], shown[3, city] = (
            distances[city, neighbours[city, 0]],
            distances[city, neighbours[city, min(1, count - 1)]],
        )
        shown[4, city] = rank
        shown[5, city] = memory[TRIED, city]
        shown[6, city] = (counts[KICKS] - memory[CHANGED, city]) / n


@njit(cache=True, nogil=True)
def run_kicks(
    search: Search,
    memory: NDArray[np.int64],
    counts: NDArray[np.int64],
    scores: NDArray[np.float64],
    allowed: NDArray[np.float64],
    draws: NDArray[np.float64],
) -> None:
    """Kick where the scores are highest, one kick after the other.

    Each kick exchanges the two parts of a piece of the tour that begins at its city, and the local search goes on from there. The new
    tour is kept if it is longer by no more than is allowed; otherwise the search goes back to the one before.

    Args:
        search: A plain search over at least 5 cities that stands in a local optimum, whose `guided` is its `distances`.
        memory: See the module; goes on.
        counts: See the module; goes on.
        scores: By city; each kick takes the highest that is left, the lower number on ties, shape (n,). Used up.
        allowed: By how much each kick may lengthen the tour; no NaN. At most n of them, shape (kicks,).
        draws: Uniform in [0, 1): the length of the piece, and where it is cut. Shape (kicks, 2).
    """
    n = len(search.tour)
    taken = np.zeros(n, dtype=np.bool_)
    for number in range(len(allowed)):
        city = -1
        for other in range(n):
            if not taken[other] and (city < 0 or scores[other] > scores[city]):
                city = other
        taken[city] = True
        counts[KICKS] += 1
        memory[TRIED, city] += 1
        before = search.lengths[0]
        length = 2 + int(draws[number, 0] * (min(LONGEST_PIECE, n - 2) - 1))
        kick(search, search.place[city], length, 1 + int(draws[number, 1] * (length - 1)))
        best = search.lengths[1]
        improve(search, True)
        if search.lengths[0] < search.lengths[1]:  # by the kick alone: no move followed it
            search.lengths[1] = search.lengths[0]
            search.best[:] = search.tour
        if search.lengths[1] < best:
            counts[IMPROVED] = counts[KICKS]
        if search.lengths[0] - before <= allowed[number]:
            _keep(search, memory, counts[KICKS])
        else:
            _go_back(search, memory, before)


@njit(cache=True, nogil=True)
def _keep(search: Search, memory: NDArray[np.int64], number: int) -> None:
    length = 0.0
    for place, city in enumerate(search.tour):
        memory[TOUR, place] = city
        length += search.distances[search.tour[place - 1], city]
        if search.moved[city]:
            memory[CHANGED, city] = number
            search.moved[city] = False
    search.lengths[0] = length  # summed anew, so that what moves added and took away leaves no error behind


@njit(cache=True, nogil=True)
def _go_back(search: Search, memory: NDArray[np.int64], length: float) -> None:
    for place in range(len(search.tour)):
        city = memory[TOUR, place]
        search.tour[place] = city
        search.place[city] = place
    search.moved[:] = False
    search.lengths[0] = length
