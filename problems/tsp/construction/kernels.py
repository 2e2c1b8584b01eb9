"""Compiled constructions of tours.

Tours are orders of cities, shape (cities,), int64. Ties go to the city with the lower number.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["greedy_edge", "insertion", "nearest_neighbour"]


@njit(cache=True, nogil=True)
def nearest_neighbour(distances: NDArray[np.float64], start: int) -> NDArray[np.int64]:
    """Go on to the nearest city that is left."""
    n = len(distances)
    tour = np.empty(n, dtype=np.int64)
    waiting = np.ones(n, dtype=np.bool_)
    current = start
    for place in range(n):
        tour[place] = current
        waiting[current] = False
        nearest = -1
        for city in range(n):
            if waiting[city] and (nearest < 0 or distances[current, city] < distances[current, nearest]):
                nearest = city
        current = nearest
    return tour


@njit(cache=True, nogil=True)
def insertion(distances: NDArray[np.float64], start: int, farthest: bool) -> NDArray[np.int64]:
    """Insert the nearest or farthest city where cheapest.

    Again and again, the city nearest to (or farthest from) the tour goes where it lengthens the tour least. A city's distance to the tour
    is that to the nearest city in it; the tour begins as `start` alone.
    """
    n = len(distances)
    following = np.full(n, start, dtype=np.int64)
    away = distances[start].copy()
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
            away[city] = min(away[city], distances[chosen, city])
    tour = np.empty(n, dtype=np.int64)
    city = start
    for place in range(n):
        tour[place] = city
        city = following[city]
    return tour


@njit(cache=True, nogil=True)
def _insert(chosen: int, following: NDArray[np.int64], start: int, distances: NDArray[np.float64]) -> None:
    best_city, least = start, np.inf
    city = start
    while True:
        after = following[city]
        longer = distances[city, chosen] + distances[chosen, after] - distances[city, after]
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
    taken = 0
    for edge in np.argsort(lengths, kind="mergesort"):
        one, other = ends[edge, 0], ends[edge, 1]
        if beside[one, 1] < 0 and beside[other, 1] < 0 and far_end[one] != other:
            beside[one, 0 if beside[one, 0] < 0 else 1] = other
            beside[other, 0 if beside[other, 0] < 0 else 1] = one
            left, right = far_end[one], far_end[other]
            far_end[left], far_end[right] = right, left
            taken += 1
            if taken == n - 1:
                break
    return _walked(beside)


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
