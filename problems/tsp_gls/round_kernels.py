"""The compiled round of guided local search: what a heuristic is told of the tour's edges, and penalties in a row.

The edges of a tour are in its order: the first one leads from its first city to its second, the last one from its last city to its first.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.tsp.local_search.kernels import Search, improve, improve_at

__all__ = ["MOST_PENALTIES", "MOVES", "VIEWS", "EdgeMemory", "distances_to_nearest", "look", "penalise", "remembered_edges"]

VIEWS = 7
"""Rows of `shown`: length, penalties, rank, far_rank, near, beside, since."""

MOVES = 30
"""Moves with penalties in a round, as in the guided search of ReEvo (Ye et al. 2024, arXiv:2402.01145)."""

MOST_PENALTIES = 100
"""Penalties of a round in which there are fewer moves: on few cities, or where the same edge is named again and again."""

_SHORTEST = 1e-9  # that a heuristic is told, so that it may divide by every length


class EdgeMemory(NamedTuple):
    """What a search remembers of pairs of cities; all of shape (n, n) and symmetric, but for the last.

    Attributes:
        penalties: How often the edge was penalised.
        penalised: The round in which it was penalised last; 0 for the first one, and for never.
        nearest: Sum of the distances from a city to its two nearest ones, shape (n,).
    """

    penalties: NDArray[np.int32]
    penalised: NDArray[np.int32]
    nearest: NDArray[np.float64]


@njit(cache=True, nogil=True)
def remembered_edges(search: Search) -> EdgeMemory:
    """Memory at the start of a search."""
    n = len(search.tour)
    penalties, penalised = np.zeros((n, n), dtype=np.int32), np.zeros((n, n), dtype=np.int32)
    return EdgeMemory(penalties, penalised, distances_to_nearest(search))


@njit(cache=True, nogil=True)
def distances_to_nearest(search: Search) -> NDArray[np.float64]:
    """Sum of the distances from every city to its two nearest ones, shape (n,); at least 3 cities."""
    sums = np.empty(len(search.tour))
    for city in range(len(sums)):
        first, second = search.neighbours[city, 0], search.neighbours[city, 1]
        sums[city] = search.distances[city, first] + search.distances[city, second]
    return sums


@njit(cache=True, nogil=True)
def look(search: Search, memory: EdgeMemory, number: int, shown: NDArray[np.float64]) -> float:
    """Fill the views of the tour's edges.

    Args:
        search: Stands at its tour; at least 3 cities.
        memory: Of the same search.
        number: Of the round, from 0.
        shown: Filled, shape (7, n).

    Returns:
        The mean length of the edges.
    """
    n, tour, distances = len(search.tour), search.tour, search.distances
    total = 0.0
    for place in range(n):
        one, other = tour[place], tour[place + 1 if place + 1 < n else 0]
        length = distances[one, other]
        total += length
        before = distances[tour[place - 1], one]
        after = distances[other, tour[(place + 2) % n]]
        ranks = _rank(search, one, length), _rank(search, other, length)
        shown[0, place] = max(length, _SHORTEST)
        shown[1, place] = memory.penalties[one, other]
        shown[2, place], shown[3, place] = min(ranks), max(ranks)
        shown[4, place] = max((memory.nearest[one] + memory.nearest[other]) / 4.0, _SHORTEST)
        shown[5, place] = max((before + after) / 2.0, _SHORTEST)
        shown[6, place] = number - memory.penalised[one, other]
    return max(total / n, _SHORTEST)


@njit(cache=True, nogil=True)
def _rank(search: Search, city: int, length: float) -> int:
    rank = 0
    while rank < search.neighbours.shape[1] and search.distances[city, search.neighbours[city, rank]] < length:
        rank += 1
    return rank


@njit(cache=True, nogil=True)
def penalise(search: Search, memory: EdgeMemory, number: int, scores: NDArray[np.float64], weight: float) -> None:
    """Penalise edges of the tour and move away from them, then search without penalties.

    Each time the edge that is worth it most gets one more penalty, and one move is made at each of its ends, if there is one that shortens
    the tour with penalties. What a score is worth falls with every penalty: it is divided by 1 + penalties, and multiplied where it is
    below 0. A round ends after `MOVES` moves, after `MOST_PENALTIES` penalties, or when no edge is left.

    Args:
        search: Stands at its tour, and its queue is empty; `guided` is `distances` + weight · penalties, before and after.
        memory: Goes on.
        number: Of the round, from 0.
        scores: Of the tour's edges, the first one on ties; those with minus infinity are not penalised. No NaN, shape (n,).
        weight: What one penalty adds to an edge's length.
    """
    n = len(search.tour)
    start = search.tour.copy()
    worth = np.empty(n)
    for place in range(n):
        worth[place] = _worth(scores[place], memory.penalties[start[place], start[place + 1 if place + 1 < n else 0]])
    moves = penalties = 0
    while moves < MOVES and penalties < MOST_PENALTIES:
        edge = 0
        for place in range(1, n):
            if worth[place] > worth[edge]:
                edge = place
        if worth[edge] == -np.inf:
            break
        one, other = start[edge], start[edge + 1 if edge + 1 < n else 0]
        if abs(search.place[one] - search.place[other]) not in (1, n - 1):  # a move of this round has removed it
            worth[edge] = -np.inf
            continue
        penalties += 1
        for city, beside in ((one, other), (other, one)):
            memory.penalties[city, beside] += 1
            memory.penalised[city, beside] = number
            search.guided[city, beside] += weight
        worth[edge] = _worth(scores[edge], memory.penalties[one, other])
        for city in (one, other):
            if improve_at(search, city):
                moves += 1
    _descend(search)


@njit(cache=True, nogil=True)
def _worth(score: float, penalties: int) -> float:
    return score / (1 + penalties) if score >= 0.0 else score * (1 + penalties)


@njit(cache=True, nogil=True)
def _descend(search: Search) -> None:
    # Without penalties, from the cities that moves have put into the queue.
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
    improve(plain, True)
    search.moved[:] = False
