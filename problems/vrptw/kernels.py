"""Compiled routes with the earliest and latest times of service."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.routing.length_units import SPLIT

__all__ = ["TimeWindows", "TimedRoutes", "empty_routes", "listed", "open_route", "put", "shortened", "time_route", "visit"]


class TimeWindows(NamedTuple):
    """What vehicles must keep to; node 0 is the depot, times are in any unit.

    Attributes:
        travel: From node to node, shape (nodes, nodes).
        ready: When windows open, shape (nodes,).
        due: When they close, shape (nodes,).
        service: How long service takes, shape (nodes,).
        demands: Of the nodes, shape (nodes,), dtype int64.
        capacity: Of every vehicle.
        tolerance: By how much a vehicle may be late.
    """

    travel: NDArray[np.float64]
    ready: NDArray[np.float64]
    due: NDArray[np.float64]
    service: NDArray[np.float64]
    demands: NDArray[np.int64]
    capacity: int
    tolerance: float


class TimedRoutes(NamedTuple):
    """Routes with their times, of which the first `opened[0]` are open.

    Attributes:
        rows: Nodes of every route, the depot first and last, shape (routes, customers + 2), dtype int64.
        sizes: Customers on each, shape (routes,).
        loads: What they order together, shape (routes,).
        begin: When service begins at each node; when the vehicle is back at the last, shape as `rows`.
        latest: When it could begin at the latest, shape as `rows`.
        opened: How many routes are open, shape (1,).
    """

    rows: NDArray[np.int64]
    sizes: NDArray[np.int64]
    loads: NDArray[np.int64]
    begin: NDArray[np.float64]
    latest: NDArray[np.float64]
    opened: NDArray[np.int64]


@njit(cache=True, nogil=True)
def empty_routes(customers: int) -> TimedRoutes:
    """Room for as many routes as there are customers, none open."""
    return TimedRoutes(
        np.zeros((customers, customers + 2), dtype=np.int64),
        np.zeros(customers, dtype=np.int64),
        np.zeros(customers, dtype=np.int64),
        np.zeros((customers, customers + 2)),
        np.zeros((customers, customers + 2)),
        np.zeros(1, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def open_route(routes: TimedRoutes, windows: TimeWindows, customer: int) -> None:
    """Open a route to one customer, which must be within its window alone."""
    route = routes.opened[0]
    routes.opened[0] += 1
    routes.rows[route, 0], routes.rows[route, 1], routes.rows[route, 2] = 0, customer, 0
    routes.sizes[route], routes.loads[route] = 1, windows.demands[customer]
    time_route(routes, windows, route)


@njit(cache=True, nogil=True)
def put(routes: TimedRoutes, windows: TimeWindows, route: int, place: int, customer: int) -> None:
    """Insert a customer behind the node at a place of a route, where it must fit."""
    size = routes.sizes[route]
    for other in range(size + 1, place, -1):
        routes.rows[route, other + 1] = routes.rows[route, other]
    routes.rows[route, place + 1] = customer
    routes.sizes[route] = size + 1
    routes.loads[route] += windows.demands[customer]
    time_route(routes, windows, route)


@njit(cache=True, nogil=True)
def time_route(routes: TimedRoutes, windows: TimeWindows, route: int) -> None:
    """Work out the earliest and latest times of a route."""
    last = routes.sizes[route] + 1
    row, begin, latest = routes.rows[route], routes.begin[route], routes.latest[route]
    begin[0] = windows.ready[0]
    for place in range(1, last + 1):
        before, here = row[place - 1], row[place]
        arrival = begin[place - 1] + windows.service[before] + windows.travel[before, here]
        begin[place] = arrival if place == last else max(arrival, windows.ready[here])
    latest[last] = windows.due[0]
    for place in range(last - 1, -1, -1):
        here, after = row[place], row[place + 1]
        latest[place] = min(windows.due[here], latest[place + 1] - windows.travel[here, after] - windows.service[here])


@njit(cache=True, nogil=True)
def visit(routes: TimedRoutes, windows: TimeWindows, route: int, place: int, customer: int) -> tuple[float, float, float]:
    """When a customer would be served behind the node at a place.

    Returns:
        Arrival, begin of service, and when service at the node behind would begin then; the first is infinite where one of them would be
        late. Loads are not looked at.
    """
    before, after = routes.rows[route, place], routes.rows[route, place + 1]
    arrival = routes.begin[route, place] + windows.service[before] + windows.travel[before, customer]
    if arrival > windows.due[customer] + windows.tolerance:
        return np.inf, np.inf, np.inf
    begin = max(arrival, windows.ready[customer])
    following = begin + windows.service[customer] + windows.travel[customer, after]
    if after:
        following = max(following, windows.ready[after])
    if following > routes.latest[route, place + 1] + windows.tolerance:
        return np.inf, np.inf, np.inf
    return arrival, begin, following


@njit(cache=True, nogil=True)
def shortened(time: float) -> float:
    """A time to 30 bits, as `evoheur.problems.routing.length_units.in_units` rounds lengths."""
    lifted = time * SPLIT
    return float(lifted - (lifted - time))


def listed(routes: TimedRoutes) -> list[list[int]]:
    """The routes as lists of customers."""
    return [routes.rows[route, 1 : routes.sizes[route] + 1].tolist() for route in range(int(routes.opened[0]))]
