"""Compiled views of all insertions in time, and the loop for formulas."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import Machine, run_steps
from evoheur.problems.vrptw.kernels import TimedRoutes, TimeWindows, open_route, put, shortened, visit

__all__ = ["SCALARS", "VIEWS", "Insertions", "insert_by_formula", "show_insertions", "take"]

SCALARS = 3
"""Numbers that a rule is told: share, spacing, horizon."""

VIEWS = 15
"""Vectors that it is told after them, in the order of the rows below."""

_HOME, _DETOUR, _EXCESS, _REGRET, _REACH, _PUSH, _WAIT, _URGENCY, _SLACK, _WIDTH, _FREE, _SIZE, _NEWER, _LAST, _OPENING = range(
    15
)


class Insertions(NamedTuple):
    """A construction on its way, and what could be done next.

    Attributes:
        routes: So far.
        windows: What vehicles must keep to.
        distances: As rules see them, shape (nodes, nodes).
        waiting: Whether each node is to be inserted yet, False for the depot, shape (nodes,).
        pairs: Customer, route and place of what could be done, shape (3, room), dtype int64.
        least: Room for the least detour in every route, shape (customers + 1,).
    """

    routes: TimedRoutes
    windows: TimeWindows
    distances: NDArray[np.float64]
    waiting: NDArray[np.bool_]
    pairs: NDArray[np.int64]
    least: NDArray[np.float64]


@njit(cache=True, nogil=True)
def show_insertions(state: Insertions, views: NDArray[np.float64]) -> int:
    """Write what could be done next.

    Customers come in rising order, of each the routes as they were opened, then a route of its own.

    Args:
        state: Its pairs are written.
        views: Written, shape (15 or more, room).

    Returns:
        How many there are, at least one for every waiting customer.
    """
    filled = 0
    for customer in range(1, state.waiting.size):
        if state.waiting[customer]:
            filled = _show_customer(state, views, customer, filled)
    return filled


@njit(cache=True, nogil=True)
def _show_customer(state: Insertions, views: NDArray[np.float64], customer: int, first: int) -> int:
    routes, windows, distances, least = state.routes, state.windows, state.distances, state.least
    filled, opened = first, routes.opened[0]
    for route in range(opened):
        least[route] = np.inf
        free = windows.capacity - routes.loads[route] - windows.demands[customer]
        if free < 0:
            continue
        for place in range(routes.sizes[route] + 1):
            arrival, begin, following = visit(routes, windows, route, place, customer)
            if arrival == np.inf:
                continue
            before, after = routes.rows[route, place], routes.rows[route, place + 1]
            detour = distances[before, customer] + distances[customer, after] - distances[before, after]
            least[route] = min(least[route], detour)
            state.pairs[0, filled], state.pairs[1, filled], state.pairs[2, filled] = customer, route, place
            views[_DETOUR, filled], views[_REACH, filled] = detour, distances[before, customer]
            views[_PUSH, filled] = shortened(following - routes.begin[route, place + 1])
            views[_WAIT, filled] = shortened(begin - arrival)
            views[_URGENCY, filled] = shortened(windows.due[customer] - arrival)
            views[_SLACK, filled] = shortened(routes.latest[route, place + 1] - following)
            views[_FREE, filled] = free / windows.capacity
            views[_SIZE, filled], views[_NEWER, filled] = routes.sizes[route], opened - 1 - route
            views[_LAST, filled], views[_OPENING, filled] = 1.0 if after == 0 else 0.0, 0.0
            filled += 1
    least[opened] = distances[0, customer] + distances[customer, 0]
    _show_opening(state, views, customer, filled)
    filled += 1
    best, second = np.inf, np.inf
    for route in range(opened + 1):
        second = min(second, max(best, least[route]))
        best = min(best, least[route])
    home, width = (distances[0, customer] + distances[customer, 0]) / 2.0, windows.due[customer] - windows.ready[customer]
    for pair in range(first, filled):
        views[_HOME, pair], views[_WIDTH, pair] = home, shortened(width)
        views[_EXCESS, pair] = views[_DETOUR, pair] - best
        views[_REGRET, pair] = second - best if second < np.inf else 0.0
    return filled


@njit(cache=True, nogil=True)
def _show_opening(state: Insertions, views: NDArray[np.float64], customer: int, pair: int) -> None:
    windows, distances = state.windows, state.distances
    arrival = windows.ready[0] + windows.service[0] + windows.travel[0, customer]
    begin = max(arrival, windows.ready[customer])
    back = begin + windows.service[customer] + windows.travel[customer, 0]
    state.pairs[0, pair], state.pairs[1, pair], state.pairs[2, pair] = customer, state.routes.opened[0], 0
    views[_DETOUR, pair], views[_REACH, pair] = distances[0, customer] + distances[customer, 0], distances[0, customer]
    views[_PUSH, pair], views[_WAIT, pair] = shortened(back - windows.ready[0]), shortened(begin - arrival)
    views[_URGENCY, pair], views[_SLACK, pair] = shortened(windows.due[customer] - arrival), shortened(windows.due[0] - back)
    views[_FREE, pair] = (windows.capacity - windows.demands[customer]) / windows.capacity
    views[_SIZE, pair], views[_NEWER, pair], views[_LAST, pair], views[_OPENING, pair] = 0.0, 0.0, 1.0, 1.0


@njit(cache=True, nogil=True)
def take(state: Insertions, pair: int) -> None:
    """Do what was shown at a place."""
    customer, route, place = state.pairs[0, pair], state.pairs[1, pair], state.pairs[2, pair]
    if route == state.routes.opened[0]:
        open_route(state.routes, state.windows, customer)
    else:
        put(state.routes, state.windows, route, place, customer)
    state.waiting[customer] = False


@njit(cache=True, nogil=True)
def insert_by_formula(state: Insertions, scalars: NDArray[np.float64], machine: Machine) -> bool:
    """Insert all customers by a flat heuristic.

    Args:
        state: With all customers waiting.
        scalars: What the rule is told before the views, shape (3,); the first is written.
        machine: The heuristic, with a column for whatever could be done at once.

    Returns:
        Whether all scores were numbers; if not, the routes mean nothing.
    """
    steps, registers, loops, scratch = machine
    views, customers = registers[SCALARS:], state.waiting.size - 1
    for routed in range(customers):
        scalars[0] = routed / customers
        filled = show_insertions(state, views)
        for row in range(SCALARS):
            for pair in range(filled):
                registers[row, pair] = scalars[row]
        run_steps(steps, registers, loops, scratch, filled)
        best = 0
        for pair in range(filled):
            score = registers[registers.shape[0] - 1, pair]
            if np.isnan(score):
                return False
            if score > registers[registers.shape[0] - 1, best]:
                best = pair
        take(state, best)
    return True
