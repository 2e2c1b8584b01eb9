"""Compiled loops of construction: merging by savings, the nearest feasible customer, and 2-opt within routes.

Nodes are numbered from 0, the depot. A tour is an array of nodes in which every 0 ends a route.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["merge_pairs", "nearest_feasible", "split_by_capacity", "two_opt"]


@njit(cache=True, nogil=True)
def merge_pairs(
    first: NDArray[np.int64], second: NDArray[np.int64], demands: NDArray[np.int64], capacity: int
) -> NDArray[np.int64]:
    """Parallel savings: join the routes of each pair, in order, if both are at an end of theirs and the load fits.

    Args:
        first: One customer of each pair, in 1..customers, shape (pairs,).
        second: The other one, shape (pairs,).
        demands: Of the nodes, shape (customers + 1,).
        capacity: Of every vehicle.

    Returns:
        Two neighbours of every node, 0 where it is at an end, shape (customers + 1, 2).
    """
    beside = np.zeros((demands.size, 2), dtype=np.int64)
    route = np.arange(demands.size)  # a forest (Galler & Fischer 1964): the load of a route is kept at its root
    load = demands.copy()
    for place in range(first.size):
        one, other = first[place], second[place]
        if beside[one, 1] or beside[other, 1]:
            continue
        here, there = _root(route, one), _root(route, other)
        if here == there or load[here] + load[there] > capacity:
            continue
        route[there] = here
        load[here] += load[there]
        beside[one, 1 if beside[one, 0] else 0] = other
        beside[other, 1 if beside[other, 0] else 0] = one
    return beside


@njit(cache=True, nogil=True)
def _root(route: NDArray[np.int64], node: int) -> int:
    while route[node] != node:
        route[node] = route[route[node]]
        node = route[node]
    return node


@njit(cache=True, nogil=True)
def nearest_feasible(distances: NDArray[np.float64], demands: NDArray[np.int64], capacity: int) -> NDArray[np.int64]:
    """Go to the nearest customer whose demand still fits, the lowest on ties, and home when none does; a tour."""
    customers = demands.size - 1
    tour = np.zeros(2 * customers, dtype=np.int64)
    waiting = np.ones(demands.size, dtype=np.bool_)
    free, here, filled, left = capacity, 0, 0, customers
    while left > 0:
        best = 0
        for node in range(1, demands.size):
            if waiting[node] and demands[node] <= free and (best == 0 or distances[here, node] < distances[here, best]):
                best = node
        if best == 0:
            free = capacity
        else:
            waiting[best] = False
            left -= 1
            free -= demands[best]
        tour[filled] = best
        filled += 1
        here = best
    return tour[:filled]


@njit(cache=True, nogil=True)
def split_by_capacity(order: NDArray[np.int64], start: int, demands: NDArray[np.int64], capacity: int) -> NDArray[np.int64]:
    """Visit customers in a cyclic order from a start on, with a new route whenever the next one does not fit; a tour."""
    tour = np.zeros(2 * order.size, dtype=np.int64)
    free, filled = capacity, 0
    for step in range(order.size):
        node = order[(start + step) % order.size]
        if demands[node] > free:
            filled += 1
            free = capacity
        tour[filled] = node
        filled += 1
        free -= demands[node]
    return tour[:filled]


@njit(cache=True, nogil=True)
def two_opt(tour: NDArray[np.int64], distances: NDArray[np.float64]) -> float:
    """Reverse stretches inside routes, in place, while that makes them shorter (Croes 1958); the length of all routes.

    Changes of less than 1e-9 are left alone, so that rounding cannot make it go on for ever.
    """
    length = 0.0
    start = 0
    while start < tour.size:
        end = start
        while end < tour.size and tour[end] != 0:
            end += 1
        length += _improved(tour[start:end], distances)
        start = end + 1
    return length


@njit(cache=True, nogil=True)
def _improved(route: NDArray[np.int64], distances: NDArray[np.float64]) -> float:
    size = route.size
    better = True
    while better:
        better = False
        for i in range(size - 1):
            before = route[i - 1] if i > 0 else 0
            for j in range(i + 1, size):
                after = route[j + 1] if j + 1 < size else 0
                change = (
                    distances[before, route[j]]
                    + distances[route[i], after]
                    - distances[before, route[i]]
                    - distances[route[j], after]
                )
                if change < -1e-9:
                    route[i : j + 1] = route[i : j + 1][::-1].copy()
                    better = True
    length = 0.0
    here = 0
    for node in route:
        length += distances[here, node]
        here = node
    return float(length + distances[here, 0])
