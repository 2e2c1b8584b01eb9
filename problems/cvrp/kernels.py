"""Compiled loops that build routes.

They merge by savings, go to the nearest feasible customer, and improve routes by 2-opt. Nodes are numbered from 0, the depot. A tour is
an array of nodes in which every 0 ends a route.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .instance import RouteLimits

__all__ = ["best_split", "merge_arcs", "merge_pairs", "nearest_feasible", "split_by_limits", "two_opt"]


@njit(cache=True, nogil=True)
def merge_pairs(
    first: NDArray[np.int64], second: NDArray[np.int64], demands: NDArray[np.int64], limits: RouteLimits, worth: int
) -> NDArray[np.int64]:
    """Parallel savings: join the routes of each pair.

    They are joined in order, if both customers are at an end of theirs and one vehicle can serve them.

    Args:
        first: One customer of each pair, in 1..customers, shape (pairs,).
        second: The other one, shape (pairs,).
        demands: Of the nodes, shape (customers + 1,).
        limits: Of vehicles and fleet; not one-way.
        worth: So many leading pairs save something; the others are joined only while there are more routes than vehicles.

    Returns:
        Two neighbours of every node, 0 where it is at an end, shape (customers + 1, 2).
    """
    beside = np.zeros((demands.size, 2), dtype=np.int64)
    route = np.arange(demands.size)  # a forest (Galler & Fischer 1964): load and duration of a route are kept at its root
    load = demands.copy()
    limited, routes = limits.duration < np.inf, demands.size - 1
    spent = limits.durations[0] + limits.durations[:, 0]
    for place in range(first.size):
        if place >= worth and routes <= limits.vehicles:
            break
        one, other = first[place], second[place]
        if beside[one, 1] or beside[other, 1]:
            continue
        here, there = _root(route, one), _root(route, other)
        if here == there or load[here] + load[there] > limits.capacity:
            continue
        if limited:
            joined = _joined(spent[here] + spent[there], one, other, limits)
            if joined > limits.duration:
                continue
            spent[here] = joined
        route[there] = here
        load[here] += load[there]
        beside[one, 1 if beside[one, 0] else 0] = other
        beside[other, 1 if beside[other, 0] else 0] = one
        routes -= 1
    return beside


@njit(cache=True, nogil=True)
def merge_arcs(
    first: NDArray[np.int64], second: NDArray[np.int64], demands: NDArray[np.int64], limits: RouteLimits, worth: int
) -> NDArray[np.int64]:
    """Parallel savings where distances depend on the direction.

    A route that ends with `first` is joined to one that begins with `second`.

    Args:
        first: The customer before, in 1..customers, shape (arcs,).
        second: The customer after, shape (arcs,).
        demands: Of the nodes, shape (customers + 1,).
        limits: Of vehicles and fleet.
        worth: So many leading arcs save something; the others are joined only while there are more routes than vehicles.

    Returns:
        The customer after every node, 0 where it is the last, shape (customers + 1,).
    """
    following = np.zeros(demands.size, dtype=np.int64)
    begins = np.ones(demands.size, dtype=np.bool_)
    route = np.arange(demands.size)
    load = demands.copy()
    routes = demands.size - 1
    spent = limits.durations[0] + limits.durations[:, 0]
    for place in range(first.size):
        if place >= worth and routes <= limits.vehicles:
            break
        one, other = first[place], second[place]
        if following[one] or not begins[other]:
            continue
        here, there = _root(route, one), _root(route, other)
        if here == there or load[here] + load[there] > limits.capacity:
            continue
        joined = _joined(spent[here] + spent[there], one, other, limits)
        if joined > limits.duration:
            continue
        spent[here] = joined
        route[there] = here
        load[here] += load[there]
        following[one] = other
        begins[other] = False
        routes -= 1
    return following


@njit(cache=True, nogil=True)
def _joined(apart: float, one: int, other: int, limits: RouteLimits) -> float:
    # What two routes take together once the second follows the first without a stop at the depot.
    return float(apart + limits.durations[one, other] - limits.durations[one, 0] - limits.durations[0, other])


@njit(cache=True, nogil=True)
def _root(route: NDArray[np.int64], node: int) -> int:
    while route[node] != node:
        route[node] = route[route[node]]
        node = route[node]
    return node


@njit(cache=True, nogil=True)
def nearest_feasible(distances: NDArray[np.float64], demands: NDArray[np.int64], limits: RouteLimits) -> NDArray[np.int64]:
    """Build a tour by the nearest feasible customer.

    It goes to the nearest customer that the vehicle can still serve, the lowest on ties, and home when there is none.
    """
    customers = demands.size - 1
    tour = np.zeros(2 * customers, dtype=np.int64)
    waiting = np.ones(demands.size, dtype=np.bool_)
    limited = limits.duration < np.inf
    free, here, filled, left, spent = limits.capacity, 0, 0, customers, 0.0
    while left > 0:
        best = 0
        for node in range(1, demands.size):
            if waiting[node] and demands[node] <= free and (best == 0 or distances[here, node] < distances[here, best]):
                if limited and spent + limits.durations[here, node] + limits.durations[node, 0] > limits.duration:
                    continue
                best = node
        if best == 0:
            free, spent = limits.capacity, 0.0
        else:
            waiting[best] = False
            left -= 1
            free -= demands[best]
            spent += limits.durations[here, best]
        tour[filled] = best
        filled += 1
        here = best
    return tour[:filled]


@njit(cache=True, nogil=True)
def best_split(
    order: NDArray[np.int64], distances: NDArray[np.float64], demands: NDArray[np.int64], limits: RouteLimits
) -> NDArray[np.int64]:
    """The cheapest split of a cyclic order, as a tour.

    Of the splits from every start on, improved by 2-opt, it is the tour that costs least; the first on ties.
    """
    best, least = np.zeros(0, dtype=np.int64), np.inf
    for start in range(order.size):
        tour = split_by_limits(order, start, demands, limits)
        cost = two_opt(tour, distances, limits.one_way)
        if limits.extra > 0.0:
            routes = order.size - int(
                np.count_nonzero(tour[1:] * tour[:-1])
            )  # as many as customers that do not follow another one
            cost += limits.extra * max(0, routes - limits.vehicles)
        if cost < least:
            best, least = tour, cost
    return best


@njit(cache=True, nogil=True)
def split_by_limits(order: NDArray[np.int64], start: int, demands: NDArray[np.int64], limits: RouteLimits) -> NDArray[np.int64]:
    """Split a cyclic order into routes, as a tour.

    From a start on, there is a new route whenever the next customer does not fit.
    """
    tour = np.zeros(2 * order.size, dtype=np.int64)
    free, filled, here, spent = limits.capacity, 0, 0, 0.0
    for step in range(order.size):
        node = order[(start + step) % order.size]
        onward = spent + limits.durations[here, node]
        if demands[node] > free or onward + limits.durations[node, 0] > limits.duration:
            filled += 1
            free, onward = limits.capacity, limits.durations[0, node]
        tour[filled] = node
        filled += 1
        free -= demands[node]
        here, spent = node, onward
    return tour[:filled]


@njit(cache=True, nogil=True)
def two_opt(tour: NDArray[np.int64], distances: NDArray[np.float64], one_way: bool) -> float:
    """Shorten routes by 2-opt, in place; returns their length.

    Stretches inside routes are reversed while that makes them shorter (Croes 1958); the length is that of all routes. Changes of less
    than 1e-9 are left alone, so that rounding cannot make it go on for ever.

    Args:
        tour: Its routes become shorter, so that none takes longer than before.
        distances: Between nodes.
        one_way: Whether they depend on the direction, so that a stretch may be longer the other way round.
    """
    length = 0.0
    start = 0
    while start < tour.size:
        end = start
        while end < tour.size and tour[end] != 0:
            end += 1
        length += _improved(tour[start:end], distances, one_way)
        start = end + 1
    return length


@njit(cache=True, nogil=True)
def _improved(route: NDArray[np.int64], distances: NDArray[np.float64], one_way: bool) -> float:
    size = route.size
    better = True
    while better:
        better = False
        for i in range(size - 1):
            before = route[i - 1] if i > 0 else 0
            turned = 0.0  # by how much the stretch itself is longer the other way round
            for j in range(i + 1, size):
                after = route[j + 1] if j + 1 < size else 0
                change = (
                    distances[before, route[j]]
                    + distances[route[i], after]
                    - distances[before, route[i]]
                    - distances[route[j], after]
                )
                if one_way:
                    turned += distances[route[j], route[j - 1]] - distances[route[j - 1], route[j]]
                    change += turned
                if change < -1e-9:
                    route[i : j + 1] = route[i : j + 1][::-1].copy()
                    turned = -turned
                    better = True
    length = 0.0
    here = 0
    for node in route:
        length += distances[here, node]
        here = node
    return float(length + distances[here, 0])
