"""Guided local search as ReEvo's release has it, written anew from its description: what `tsp_gls` is measured against.

In single precision, with 2-opt and relocation of one city between all places, from the nearest neighbour tour. An iteration penalises the
edge of the highest guide / (1 + penalties) and makes the best exchange and the best relocation with penalties at its two ends, until thirty
of them were improvements; then it descends without penalties (Ye et al. 2024, arXiv:2402.01145). Penalties are of one direction, and the
edge that closes the tour gets none, as there.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["published_guided_search"]

WEIGHT, MOVES = 0.1, 30
_SMALLEST_GAIN = 1e-6


def published_guided_search(
    distances: NDArray[np.float64], guide: NDArray[np.float64], iterations: int = 1200
) -> NDArray[np.int64]:
    """The best tour after so many iterations; 1,200 is the published effort.

    Args:
        distances: Symmetric, shape (cities, cities).
        guide: How much each edge deserves a penalty, shape (cities, cities); the published seed is the distances.
        iterations: How many.
    """
    return _searched(distances.astype(np.float32), guide.astype(np.float32), iterations).astype(np.int64)


@njit(cache=True, nogil=True)
def _searched(distances: NDArray[np.float32], guide: NDArray[np.float32], iterations: int) -> NDArray[np.uint16]:
    n = len(distances)
    tour = _nearest_neighbour(distances)
    _descend(distances, tour)
    best, shortest = tour.copy(), _length(distances, tour)
    weight = np.float32(WEIGHT * shortest / n)
    penalties = np.zeros((n, n), dtype=np.float32)
    guided = distances.copy()
    for _ in range(iterations):
        moves = 0
        while moves < MOVES:
            edge, highest = 0, np.float32(0.0)
            for place in range(n - 1):
                one, other = tour[place], tour[place + 1]
                worth = guide[one, other] / (np.float32(1.0) + penalties[one, other])
                if worth > highest:
                    edge, highest = place, worth
            one, other = tour[edge], tour[edge + 1]
            penalties[one, other] += np.float32(1.0)
            guided[one, other] = distances[one, other] + weight * penalties[one, other]
            for place in (edge, edge + 1):
                if place not in (0, n - 1):
                    gain = _exchange(guided, tour, place, place + 1)
                    gain += _relocate(guided, tour, place, place + 1)
                    moves += gain > 0.0
        _descend(distances, tour)
        length = _length(distances, tour)
        if length < shortest:
            best, shortest = tour.copy(), length
    return best


@njit(cache=True, nogil=True)
def _nearest_neighbour(distances: NDArray[np.float32]) -> NDArray[np.uint16]:
    n = len(distances)
    tour, waiting = np.zeros(n, dtype=np.uint16), np.ones(n, dtype=np.bool_)
    waiting[0] = False
    for place in range(1, n):
        nearest = -1
        for city in range(n):
            if waiting[city] and (nearest < 0 or distances[tour[place - 1], city] < distances[tour[place - 1], nearest]):
                nearest = city
        tour[place] = nearest
        waiting[nearest] = False
    return tour


@njit(cache=True, nogil=True)
def _length(distances: NDArray[np.float32], tour: NDArray[np.uint16]) -> float:
    total = np.float32(0.0)
    for place in range(len(tour)):
        total += distances[tour[place - 1], tour[place]]
    return float(total)


@njit(cache=True, nogil=True)
def _descend(matrix: NDArray[np.float32], tour: NDArray[np.uint16]) -> None:
    for _ in range(1000):
        gain = _exchange(matrix, tour, 1, len(tour) - 1)
        gain += _relocate(matrix, tour, 1, len(tour))
        if gain <= 0.0:
            break


@njit(cache=True, nogil=True)
def _exchange(matrix: NDArray[np.float32], tour: NDArray[np.uint16], first: int, last: int) -> float:
    # The best 2-opt move that begins at one of these places; returns what it gains.
    n = len(tour)
    best, start, end = np.float32(0.0), 0, 0
    for i in range(first, last):
        for j in range(i + 1, n):
            before, after = tour[i - 1], tour[(j + 1) % n]
            if before == tour[j] or after == tour[i]:
                continue
            change = matrix[before, tour[j]] + matrix[tour[i], after] - matrix[before, tour[i]] - matrix[tour[j], after]
            if change < best:
                best, start, end = change, i, j
    if best >= -_SMALLEST_GAIN:
        return 0.0
    tour[start : end + 1] = tour[start : end + 1][::-1].copy()
    return float(-best)


@njit(cache=True, nogil=True)
def _relocate(matrix: NDArray[np.float32], tour: NDArray[np.uint16], first: int, last: int) -> float:
    # The best move of one city at these places to between two others; returns what it gains.
    n = len(tour)
    best, start, end = np.float32(0.0), 0, 0
    for i in range(first, last):
        city, before, after = tour[i], tour[i - 1], tour[(i + 1) % n]
        freed = matrix[before, city] + matrix[city, after] - matrix[before, after]
        for j in range(n):
            if j in (i, i - 1):
                continue
            one, other = tour[j], tour[(j + 1) % n]
            change = matrix[one, city] + matrix[city, other] - matrix[one, other] - freed
            if change < best:
                best, start, end = change, i, j
    if best >= 0.0:
        return 0.0
    moved = tour[start]
    if start < end:
        for place in range(start, end):
            tour[place] = tour[place + 1]
        tour[end] = moved
    else:
        for place in range(start, end + 1, -1):
            tour[place] = tour[place - 1]
        tour[end + 1] = moved
    return float(-best)
