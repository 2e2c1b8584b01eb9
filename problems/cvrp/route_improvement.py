"""Compiled local search on routes: customers move, change places, and routes exchange their ends.

Moves are those of Or-opt with one customer (Or 1976), swap, 2-opt within a route (Croes 1958), and 2-opt* between routes (Potvin & Rousseau
1995, doi:10.1057/jors.1995.204), over neighbour lists with a queue of customers (Bentley 1992). A tour is an array of nodes in which every
0 ends a route.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .instance import RouteLimits, Terms
from .route_rows import BACK, ONWARD, RELOCATE, REVERSE, SWAP, TAILS, RouteRows, put_in_place, rows_of, wake, write_move

__all__ = ["NEIGHBOURS", "improve_routes", "near_customers"]

NEIGHBOURS = 10
"""Customers that local search tries to visit directly before or after a customer; with more, routes are hardly shorter."""

_TOLERANCE = 1e-10  # of the arcs removed: a smaller gain is rounding, and following it could go round in circles


def near_customers(distances: NDArray[np.float64]) -> NDArray[np.int64]:
    """The customers nearest to each node, nearest first.

    The lower number on ties; the depot's row means nothing.

    Args:
        distances: Row from and column to, shape (customers + 1, customers + 1).

    Returns:
        Shape (customers + 1, at most `NEIGHBOURS`).
    """
    between = distances.copy()
    between[:, 0] = np.inf
    np.fill_diagonal(between, np.inf)
    count = min(NEIGHBOURS, len(distances) - 2)
    return np.argsort(between, axis=1, kind="stable")[:, : max(count, 0)]


@njit(cache=True, nogil=True)
def improve_routes(
    tour: NDArray[np.int64],
    near: NDArray[np.int64],
    distances: NDArray[np.float64],
    demands: NDArray[np.int64],
    terms: Terms,
) -> None:
    """Make improving moves until the queue of customers is empty.

    A customer comes into the queue again when an arc at it, or beside it, has changed; so a few moves of others may be left. The number of
    routes never rises.

    Args:
        tour: Keeps to the limits, and does so afterwards; changed in place, zeros at its end, shape (2 · customers,).
        near: Customers that new arcs may join each customer to, shape (customers + 1, count).
        distances: Between nodes, row from and column to.
        demands: Of the nodes.
        terms: The limits of vehicles and fleet.
    """
    limits = RouteLimits(*terms)
    routes = rows_of(tour, demands)
    buffers = np.empty((2, demands.size), dtype=np.int32)
    while routes.ring[1] > 0:
        customer = routes.queue[routes.ring[0]]
        routes.ring[0] = (routes.ring[0] + 1) % routes.queue.size
        routes.ring[1] -= 1
        routes.waiting[customer] = False
        while True:
            shift = _best_shift(routes, customer, near[customer], distances, demands, limits, buffers)
            exchange = _best_exchange(routes, customer, near[customer], distances, demands, limits, buffers)
            _, other, kind, side = shift if shift[0] >= exchange[0] else exchange
            if other == 0:
                break
            _make(routes, customer, other, (kind, side), demands, buffers)
    filled = 0
    for route in range(routes.sizes.size):
        for place in range(routes.sizes[route]):
            tour[filled] = routes.rows[route, place]
            filled += 1
        if routes.sizes[route] > 0:
            tour[filled] = 0
            filled += 1
    tour[filled:] = 0


@njit(cache=True, nogil=True)
def _best_shift(
    routes: RouteRows,
    one: int,
    near: NDArray[np.int64],
    distances: NDArray[np.float64],
    demands: NDArray[np.int64],
    limits: RouteLimits,
    buffers: NDArray[np.int32],
) -> tuple[float, int, int, int]:
    # The best way to bring a customer beside one of those near it, alone or in exchange for one of its neighbours: gain, the other
    # customer, kind and side; the other one is 0 where none is an improvement.
    before, after, route, loads, capacity = routes.before, routes.after, routes.route, routes.loads, limits.capacity
    left, right, first = before[one], after[one], route[one]
    best = (0.0, 0, 0, 0)
    taken = distances[left, one] + distances[one, right]
    for two in near:
        second = route[two]
        for side in (ONWARD, BACK):
            third = after[two] if side == ONWARD else before[two]
            if third == one:
                continue
            front, back = (two, third) if side == ONWARD else (third, two)
            removed = taken + distances[front, back]
            gain = removed - distances[left, right] - distances[front, one] - distances[one, back]
            if gain > best[0] and gain > _TOLERANCE * removed:
                fits = first == second or loads[second] + demands[one] <= capacity
                if fits and _in_time(routes, one, two, (RELOCATE, side), limits, buffers):
                    best = (gain, two, RELOCATE, side)
            if third in (0, left, right):
                continue
            front, back, more = before[third], after[third], demands[third] - demands[one]
            removed = taken + distances[front, third] + distances[third, back]
            gain = removed - distances[left, third] - distances[third, right] - distances[front, one] - distances[one, back]
            if gain > best[0] and gain > _TOLERANCE * removed:
                fits = first == second or (loads[first] + more <= capacity and loads[second] - more <= capacity)
                if fits and _in_time(routes, one, two, (SWAP, side), limits, buffers):
                    best = (gain, two, SWAP, side)
    return best


@njit(cache=True, nogil=True)
def _best_exchange(
    routes: RouteRows,
    one: int,
    near: NDArray[np.int64],
    distances: NDArray[np.float64],
    demands: NDArray[np.int64],
    limits: RouteLimits,
    buffers: NDArray[np.int32],
) -> tuple[float, int, int, int]:
    # The best exchange of ends between two routes, or reversal within one, that joins a customer to one of those near it; as `_best_shift`.
    before, after, route, loads, head = routes.before, routes.after, routes.route, routes.loads, routes.head
    first, best = route[one], (0.0, 0, 0, 0)
    for two in near:
        second = route[two]
        both = loads[first] + loads[second]
        for side in (ONWARD, BACK):
            if first != second:
                front, back = (one, two) if side == ONWARD else (two, one)
                old, older = after[front], before[back]
                removed = distances[front, old] + distances[older, back]
                gain = removed - distances[front, back] - distances[older, old]
                if gain > best[0] and gain > _TOLERANCE * removed:
                    load = head[front] + loads[route[back]] - head[back] + demands[back]
                    fits = load <= limits.capacity and both - load <= limits.capacity
                    if fits and _in_time(routes, one, two, (TAILS, side), limits, buffers):
                        best = (gain, two, TAILS, side)
            if limits.one_way:
                continue
            old, older = (after[one], after[two]) if side == ONWARD else (before[one], before[two])
            removed = distances[one, old] + distances[two, older]
            gain = removed - distances[one, two] - distances[old, older]
            if gain > best[0] and gain > _TOLERANCE * removed:
                load = head[one] + head[two] - (0 if side == ONWARD else demands[one] + demands[two])
                fits = first == second or (load <= limits.capacity and both - load <= limits.capacity)
                if fits and _in_time(routes, one, two, (REVERSE, side), limits, buffers):
                    best = (gain, two, REVERSE, side)
    return best


@njit(cache=True, nogil=True)
def _in_time(
    routes: RouteRows, one: int, two: int, move: tuple[int, int], limits: RouteLimits, buffers: NDArray[np.int32]
) -> bool:
    # Whether the routes after a move take no longer than they may.
    if limits.duration == np.inf:
        return True
    sizes = write_move(routes, one, two, move, buffers)
    for number in range(2):
        here, spent = 0, 0.0
        for node in buffers[number, : sizes[number]]:
            spent += limits.durations[here, node]
            here = node
        if spent + limits.durations[here, 0] > limits.duration:
            return False
    return True


@njit(cache=True, nogil=True)
def _make(
    routes: RouteRows, one: int, two: int, move: tuple[int, int], demands: NDArray[np.int64], buffers: NDArray[np.int32]
) -> None:
    # Makes a move; the customers at its arcs are to be tried again.
    for node in (one, two):
        for beside in (routes.before[node], node, routes.after[node]):
            wake(routes, beside)
            if beside:
                wake(routes, routes.before[beside])
                wake(routes, routes.after[beside])
    first, second = routes.route[one], routes.route[two]
    sizes = write_move(routes, one, two, move, buffers)
    put_in_place(routes, first, buffers[0, : sizes[0]], demands)
    if second != first:
        put_in_place(routes, second, buffers[1, : sizes[1]], demands)
