"""Compiled constructions of tours.

Tours are orders of cities, shape (cities,), int64. Ties go to the city with the lower number.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.routing.planar_lengths import Lengths, between, places_in

__all__ = ["greedy_edge", "greedy_edge_by_length", "insertion", "nearest_neighbour"]


_EDGES_PER_CITY = 30  # gathered at a time at the most, where not too many are equally long


@njit(cache=True, nogil=True)
def nearest_neighbour(distances: Lengths, start: int) -> NDArray[np.int64]:
    """Go on to the nearest city that is left."""
    n = places_in(distances)
    tour = np.empty(n, dtype=np.int64)
    waiting = np.ones(n, dtype=np.bool_)
    current = start
    for place in range(n):
        tour[place] = current
        waiting[current] = False
        nearest = -1
        for city in range(n):
            if waiting[city] and (nearest < 0 or between(distances, current, city) < between(distances, current, nearest)):
                nearest = city
        current = nearest
    return tour


@njit(cache=True, nogil=True)
def insertion(distances: Lengths, start: int, farthest: bool) -> NDArray[np.int64]:
    """Insert the nearest or farthest city where cheapest.

    Again and again, the city nearest to (or farthest from) the tour goes where it lengthens the tour least. A city's distance to the tour
    is that to the nearest city in it; the tour begins as `start` alone.
    """
    n = places_in(distances)
    following = np.full(n, start, dtype=np.int64)
    away = np.array([between(distances, start, city) for city in range(n)])
    waiting = np.ones(n, dtype=np.bool_)
    waiting[start] = False
    for _ in range(n - 1):
        chosen = -1
        for city in range(n):
            if waiting[city] and (chosen < 0 or (away[city] > away[chosen] if farthest else away[city] < away[chosen])):
                chosen = city
        _insert(chosen, following, start, distances)
        waiting[chosen] = False
        for city in range(n):
            away[city] = min(away[city], between(distances, chosen, city))
    tour = np.empty(n, dtype=np.int64)
    city = start
    for place in range(n):
        tour[place] = city
        city = following[city]
    return tour


@njit(cache=True, nogil=True)
def _insert(chosen: int, following: NDArray[np.int64], start: int, distances: Lengths) -> None:
    best_city, least = start, np.inf
    city = start
    while True:
        after = following[city]
        longer = between(distances, city, chosen) + between(distances, chosen, after) - between(distances, city, after)
        if longer < least:
            best_city, least = city, longer
        city = after
        if city == start:
            break
    following[chosen] = following[best_city]
    following[best_city] = chosen


@njit(cache=True, nogil=True)
def greedy_edge(distances: NDArray[np.float64]) -> NDArray[np.int64]:
    """Build a tour from the shortest edges.

    Those that leave every city with at most two and close no tour early (Bentley 1992, doi:10.1287/ijoc.4.4.387).
    """
    n = len(distances)
    lengths = np.empty(n * (n - 1) // 2)
    ends = np.empty((lengths.size, 2), dtype=np.int32)
    edge = 0
    for one in range(n):
        for other in range(one + 1, n):
            lengths[edge] = distances[one, other]
            ends[edge, 0], ends[edge, 1] = one, other
            edge += 1
    beside = np.full((n, 2), -1, dtype=np.int64)  # the cities next to a city, -1 where there is none yet
    far_end = np.arange(n)  # of the path that a city is an end of
    _take(np.argsort(lengths, kind="mergesort"), ends, beside, far_end, n - 1)
    return _walked(beside)


@njit(cache=True, nogil=True)
def greedy_edge_by_length(distances: Lengths, reach: float) -> NDArray[np.int64]:
    """The tour of `greedy_edge`, with some of the edges at a time instead of all.

    Edges are gathered up to a length that is doubled again and again, and only between cities that can still have one; what is left out
    could not be taken anyway.

    Args:
        distances: Symmetric, of at least 2 cities: a matrix, or what they are computed from.
        reach: Length of the edges that are gathered first, above 0; any gives the same tour, the mean distance to the nearest city is fast.
    """
    n = places_in(distances)
    beside, far_end = np.full((n, 2), -1, dtype=np.int64), np.arange(n)
    low, left = -1.0, n - 1
    while left > 0:
        waiting = np.flatnonzero(beside[:, 1] < 0)
        count = _count(distances, waiting, low, reach)
        while count > _EDGES_PER_CITY * n and 0.5 * (low + reach) not in (low, reach):
            reach = 0.5 * (low + reach)
            count = _count(distances, waiting, low, reach)
        lengths, ends = _gathered(distances, waiting, low, reach, count)
        left -= _take(np.argsort(lengths, kind="mergesort"), ends, beside, far_end, left)
        low, reach = reach, 2.0 * reach
    return _walked(beside)


@njit(cache=True, nogil=True)
def _count(distances: Lengths, waiting: NDArray[np.int64], low: float, reach: float) -> int:
    count = 0
    for place in range(waiting.size):
        for further in range(place + 1, waiting.size):
            count += low < between(distances, waiting[place], waiting[further]) <= reach
    return count


@njit(cache=True, nogil=True)
def _gathered(
    distances: Lengths, waiting: NDArray[np.int64], low: float, reach: float, count: int
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    lengths, ends, edge = np.empty(count), np.empty((count, 2), dtype=np.int32), 0
    for place in range(waiting.size):
        for further in range(place + 1, waiting.size):
            length = between(distances, waiting[place], waiting[further])
            if low < length <= reach:
                lengths[edge], ends[edge, 0], ends[edge, 1] = length, waiting[place], waiting[further]
                edge += 1
    return lengths, ends


@njit(cache=True, nogil=True)
def _take(
    order: NDArray[np.int64], ends: NDArray[np.int32], beside: NDArray[np.int64], far_end: NDArray[np.int64], most: int
) -> int:
    # Adds edges in order, as many as may be; those that leave every city with at most two and close no tour. Returns how many.
    taken = 0
    for edge in order:
        one, other = ends[edge, 0], ends[edge, 1]
        if beside[one, 1] < 0 and beside[other, 1] < 0 and far_end[one] != other:
            beside[one, 0 if beside[one, 0] < 0 else 1] = other
            beside[other, 0 if beside[other, 0] < 0 else 1] = one
            left, right = far_end[one], far_end[other]
            far_end[left], far_end[right] = right, left
            taken += 1
            if taken == most:
                break
    return taken


@njit(cache=True, nogil=True)
def _walked(beside: NDArray[np.int64]) -> NDArray[np.int64]:
    # Follows a path through all cities from the end with the lower number.
    n = len(beside)
    tour = np.empty(n, dtype=np.int64)
    city = 0
    while beside[city, 1] >= 0:
        city += 1
    before = -1
    for place in range(n):
        tour[place] = city
        after = beside[city, 0] if beside[city, 0] != before else beside[city, 1]
        before, city = city, after
    return tour
