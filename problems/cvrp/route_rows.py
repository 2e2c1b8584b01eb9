"""Routes as rows of customers, for compiled loops, and what a move makes of them."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "BACK",
    "ONWARD",
    "RELOCATE",
    "REVERSE",
    "SWAP",
    "TAILS",
    "RouteRows",
    "put_in_place",
    "rows_of",
    "wake",
    "write_move",
]

ONWARD, BACK = 1, -1
"""Sides of a customer: towards the one after it, or the one before it."""

RELOCATE, SWAP, TAILS, REVERSE = range(4)
"""Kinds of moves: a customer goes to the side of another one, changes places with the one there, two routes exchange their ends so that an
arc joins the customers, or they do so reversed; within a route that turns a stretch round."""


class RouteRows(NamedTuple):
    """Routes as rows of customers; the arrays change in place.

    Attributes:
        rows: Customers of each route in the order of visiting, shape (routes, customers).
        sizes: How many customers a route has, shape (routes,).
        loads: Of the routes, shape (routes,).
        route: Route of every node, shape (customers + 1,).
        place: Place of every node in its route, shape (customers + 1,).
        before: The node visited before every customer, 0 for the depot, shape (customers + 1,).
        after: The node visited after it.
        head: Load of the customers of its route up to every customer, and with it.
        queue: Customers whose moves are to be tried, as a ring, shape (customers,).
        waiting: Which nodes are in `queue`, shape (customers + 1,).
        ring: Where `queue` begins and how many it holds, shape (2,).
    """

    rows: NDArray[np.int32]
    sizes: NDArray[np.int64]
    loads: NDArray[np.int64]
    route: NDArray[np.int64]
    place: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    head: NDArray[np.int64]
    queue: NDArray[np.int64]
    waiting: NDArray[np.bool_]
    ring: NDArray[np.int64]


@njit(cache=True, nogil=True)
def rows_of(tour: NDArray[np.int64], demands: NDArray[np.int64]) -> RouteRows:
    """Routes of a tour; all customers are to be tried, in its order."""
    nodes, number, here = demands.size, 0, 0
    for node in tour:
        number += node != 0 and here == 0
        here = node
    routes = RouteRows(
        np.empty((number, nodes - 1), dtype=np.int32),
        np.zeros(number, dtype=np.int64),
        np.zeros(number, dtype=np.int64),
        np.zeros(nodes, dtype=np.int64),
        np.zeros(nodes, dtype=np.int64),
        np.zeros(nodes, dtype=np.int64),
        np.zeros(nodes, dtype=np.int64),
        np.zeros(nodes, dtype=np.int64),
        np.empty(nodes - 1, dtype=np.int64),
        np.zeros(nodes, dtype=np.bool_),
        np.zeros(2, dtype=np.int64),
    )
    route, start, row = 0, 0, np.empty(nodes - 1, dtype=np.int32)
    for step in range(tour.size + 1):
        node = tour[step] if step < tour.size else 0
        if node:
            row[step - start] = node
            wake(routes, node)
            continue
        if step > start:
            put_in_place(routes, route, row[: step - start], demands)
            route += 1
        start = step + 1
    return routes


@njit(cache=True, nogil=True)
def wake(routes: RouteRows, node: int) -> None:
    """Have a customer's moves tried (again); the depot has none."""
    if node and not routes.waiting[node]:
        routes.waiting[node] = True
        routes.queue[(routes.ring[0] + routes.ring[1]) % routes.queue.size] = node
        routes.ring[1] += 1


@njit(cache=True, nogil=True)
def write_move(routes: RouteRows, one: int, two: int, move: tuple[int, int], buffers: NDArray[np.int32]) -> tuple[int, int]:
    """Write the routes of two customers as they are after a move.

    Args:
        routes: Stay as they are.
        one: The customer that moves.
        two: The one that it comes to lie beside.
        move: Kind and side.
        buffers: Receives the route of the first and the route of the second one, shape (2, customers + 1).

    Returns:
        How many customers either route has; 0 for the second where they share one.
    """
    if move[0] in (RELOCATE, SWAP):
        return _write_shift(routes, one, two, move, buffers)
    return _write_exchange(routes, one, two, move, buffers)


@njit(cache=True, nogil=True)
def _write_shift(routes: RouteRows, one: int, two: int, move: tuple[int, int], buffers: NDArray[np.int32]) -> tuple[int, int]:
    first, second, side = routes.route[one], routes.route[two], move[1]
    row, other = routes.rows[first, : routes.sizes[first]], routes.rows[second, : routes.sizes[second]]
    at, there, here, far = routes.place[one], routes.place[two], buffers[0], buffers[1]
    if move[0] == SWAP:
        there += side
        filled, rest = _append(0, here, row, 0, row.size), 0
        here[at] = other[there]
        if first == second:
            here[there] = one
        else:
            rest = _append(0, far, other, 0, other.size)
            far[there] = one
        return filled, rest
    gap = there + 1 if side == ONWARD else there  # the customer comes before this place
    if first != second:
        rest = _append(_append(_append(0, far, other, 0, gap), far, row, at, at + 1), far, other, gap, other.size)
        return _append(_append(0, here, row, 0, at), here, row, at + 1, row.size), rest
    if gap <= at:
        filled = _append(_append(0, here, row, 0, gap), here, row, at, at + 1)
        return _append(_append(filled, here, row, gap, at), here, row, at + 1, row.size), 0
    filled = _append(_append(0, here, row, 0, at), here, row, at + 1, gap)
    return _append(_append(filled, here, row, at, at + 1), here, row, gap, row.size), 0


@njit(cache=True, nogil=True)
def _write_exchange(routes: RouteRows, one: int, two: int, move: tuple[int, int], buffers: NDArray[np.int32]) -> tuple[int, int]:
    first, second, onward = routes.route[one], routes.route[two], move[1] == ONWARD
    row, other = routes.rows[first, : routes.sizes[first]], routes.rows[second, : routes.sizes[second]]
    at, there, here, far = routes.place[one], routes.place[two], buffers[0], buffers[1]
    if move[0] == TAILS:
        cut, again = (at + 1, there) if onward else (at, there + 1)
        filled = _append(_append(0, here, row, 0, cut), here, other, again, other.size)
        return filled, _append(_append(0, far, other, 0, again), far, row, cut, row.size)
    if first == second:
        low, high = min(at, there), max(at, there)
        low, high = (low + 1, high + 1) if onward else (low, high)
        return _append(_append(_append(0, here, row, 0, low), here, row, high, low), here, row, high, row.size), 0
    if onward:
        filled = _append(_append(0, here, row, 0, at + 1), here, other, there + 1, 0)
        return filled, _append(_append(0, far, row, row.size, at + 1), far, other, there + 1, other.size)
    filled = _append(_append(0, here, other, other.size, there), here, row, at, row.size)
    return filled, _append(_append(0, far, other, 0, there), far, row, at, 0)


@njit(cache=True, nogil=True)
def _append(filled: int, buffer: NDArray[np.int32], row: NDArray[np.int32], start: int, stop: int) -> int:
    # Writes the customers between two places behind the first ones of a buffer, backwards where the second place comes first.
    if start <= stop:
        for place in range(start, stop):
            buffer[filled + place - start] = row[place]
        return filled + stop - start
    for place in range(start - 1, stop - 1, -1):
        buffer[filled + start - 1 - place] = row[place]
    return filled + start - stop


@njit(cache=True, nogil=True)
def put_in_place(routes: RouteRows, route: int, row: NDArray[np.int32], demands: NDArray[np.int64]) -> None:
    """Put other customers in place of a route's."""
    load, here = 0, 0
    for place, node in enumerate(row):
        load += demands[node]
        routes.rows[route, place] = node
        routes.route[node], routes.place[node], routes.head[node] = route, place, load
        routes.before[node], routes.after[node] = here, 0
        if here:
            routes.after[here] = node
        here = node
    routes.sizes[route], routes.loads[route] = row.size, load
