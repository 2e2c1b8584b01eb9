"""Compiled loops of ruin and recreate.

Routes as linked lists, taking customers out, and putting them back where they cost least.

The state of a search is one array of whole numbers, shape (6, nodes). By customer: the `NEXT` and the `PREVIOUS` customer, 0 at an end,
and the `ROUTE`, -1 while taken out. By route (numbers below nodes): `LOAD`, `FIRST` and `LAST` customer, all 0 where it is empty.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import RouteLimits, Terms

__all__ = [
    "FIRST",
    "LAST",
    "LOAD",
    "NEXT",
    "PREVIOUS",
    "ROUTE",
    "directed_state",
    "draw",
    "empty_route",
    "insert_in_order",
    "insertion_costs",
    "link",
    "removal_savings",
    "remove_all",
    "start_state",
    "total_cost",
    "total_length",
    "unlink",
]

NEXT, PREVIOUS, ROUTE, LOAD, FIRST, LAST = range(6)


@njit(cache=True, nogil=True)
def draw(source: NDArray[np.uint64]) -> float:
    """The next number in [0, 1) of a xorshift generator.

    Marsaglia (2003, doi:10.18637/jss.v008.i14); its state is `source[0]`, not 0.
    """
    bits = source[0]
    bits ^= bits << np.uint64(13)
    bits ^= bits >> np.uint64(7)
    bits ^= bits << np.uint64(17)
    source[0] = bits
    return float(np.int64(bits >> np.uint64(11)) * (1.0 / 9007199254740992.0))


@njit(cache=True, nogil=True)
def start_state(beside: NDArray[np.int64], demands: NDArray[np.int64]) -> NDArray[np.int64]:
    """The state for routes, from neighbours of every node.

    Two neighbours, 0 where it is at an end; shape (nodes, 2).
    """
    state = np.zeros((6, demands.size), dtype=np.int64)
    state[ROUTE] = -1
    for start in range(1, demands.size):
        if state[ROUTE, start] >= 0 or beside[start, 1]:
            continue
        before, here = 0, start
        while here:
            link(state, start, before, here)
            state[LOAD, start] += demands[here]
            after = beside[here, 1] if beside[here, 0] == before else beside[here, 0]
            before, here = here, after
    return state


@njit(cache=True, nogil=True)
def directed_state(following: NDArray[np.int64], demands: NDArray[np.int64]) -> NDArray[np.int64]:
    """The state for routes, from customers after every node.

    0 behind the last ones; shape (nodes,).
    """
    state = np.zeros((6, demands.size), dtype=np.int64)
    state[ROUTE] = -1
    begins = np.ones(demands.size, dtype=np.bool_)
    begins[following] = False  # and the depot
    for start in np.flatnonzero(begins):
        before, here = 0, int(start)
        while here:
            link(state, int(start), before, here)
            state[LOAD, start] += demands[here]
            before, here = here, int(following[here])
    return state


@njit(cache=True, nogil=True)
def link(state: NDArray[np.int64], route: int, before: int, node: int) -> None:
    """Put a customer into a route, behind another one or in front of all if that is 0; the load stays as it is."""
    after = state[NEXT, before] if before else state[FIRST, route]
    state[NEXT, node], state[PREVIOUS, node], state[ROUTE, node] = after, before, route
    if before:
        state[NEXT, before] = node
    else:
        state[FIRST, route] = node
    if after:
        state[PREVIOUS, after] = node
    else:
        state[LAST, route] = node


@njit(cache=True, nogil=True)
def unlink(state: NDArray[np.int64], node: int) -> None:
    """Take a customer out of its route; the load stays as it is."""
    before, after, route = state[PREVIOUS, node], state[NEXT, node], state[ROUTE, node]
    if before:
        state[NEXT, before] = after
    else:
        state[FIRST, route] = after
    if after:
        state[PREVIOUS, after] = before
    else:
        state[LAST, route] = before
    state[NEXT, node], state[PREVIOUS, node], state[ROUTE, node] = 0, 0, -1


@njit(cache=True, nogil=True)
def remove_all(state: NDArray[np.int64], demands: NDArray[np.int64], chosen: NDArray[np.int64]) -> None:
    """Take customers out of their routes, in place."""
    for node in chosen:
        state[LOAD, state[ROUTE, node]] -= demands[node]
        unlink(state, node)


@njit(cache=True, nogil=True)
def removal_savings(state: NDArray[np.int64], distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Savings from taking out each customer alone.

    By how much the routes would become shorter without it; 0 for the depot. No customer is taken out. Shape (nodes,).
    """
    savings = np.zeros(state.shape[1])
    for node in range(1, savings.size):
        before, after = state[PREVIOUS, node], state[NEXT, node]
        savings[node] = distances[before, node] + distances[node, after] - distances[before, after]
    return savings


@njit(cache=True, nogil=True)
def total_length(state: NDArray[np.int64], distances: NDArray[np.float64]) -> float:
    """Length of all routes."""
    length = 0.0
    for node in range(1, state.shape[1]):
        if state[ROUTE, node] >= 0:
            length += distances[state[PREVIOUS, node], node]
            if state[NEXT, node] == 0:
                length += distances[node, 0]
    return length


@njit(cache=True, nogil=True)
def total_cost(state: NDArray[np.int64], distances: NDArray[np.float64], terms: Terms) -> float:
    """Length of all routes and price of further vehicles.

    The price is that of vehicles beyond the fleet. Infinity if a route takes too long. Without the triangle inequality it may: when a
    customer leaves, the way past it can be longer than the way through it.
    """
    limits, cost = RouteLimits(*terms), total_length(state, distances)
    if limits.duration < np.inf and _spent(state, limits).max() > limits.duration:
        return np.inf
    if limits.extra > 0.0:
        cost += limits.extra * max(0, _routes_in_use(state) - limits.vehicles)
    return cost


@njit(cache=True, nogil=True)
def _spent(state: NDArray[np.int64], limits: RouteLimits) -> NDArray[np.float64]:
    # What every route takes, by its number.
    spent = np.zeros(state.shape[1])
    for node in range(1, state.shape[1]):
        route = state[ROUTE, node]
        if route >= 0:
            spent[route] += limits.durations[state[PREVIOUS, node], node]
            if state[NEXT, node] == 0:
                spent[route] += limits.durations[node, 0]
    return spent


@njit(cache=True, nogil=True)
def _routes_in_use(state: NDArray[np.int64]) -> int:
    return int(np.count_nonzero(state[FIRST, 1:]))


@njit(cache=True, nogil=True)
def _further_vehicle(state: NDArray[np.int64], limits: RouteLimits) -> float:
    # What one more route costs beside its length.
    return limits.extra if limits.extra > 0.0 and _routes_in_use(state) >= limits.vehicles else 0.0


@njit(cache=True, nogil=True)
def insertion_costs(
    state: NDArray[np.int64],
    distances: NDArray[np.float64],
    demands: NDArray[np.int64],
    terms: Terms,
    removed: NDArray[np.int64],
) -> NDArray[np.float64]:
    """What it costs to put each customer back alone.

    Shape (2, removed): at the best place, and at the best place of another route. A route of its own is always among the places; beyond
    the fleet it has its price.
    """
    limits = RouteLimits(*terms)
    costs = np.empty((2, removed.size))
    best = np.empty(state.shape[1])
    limited, further = limits.duration < np.inf, _further_vehicle(state, limits)
    spent = _spent(state, limits) if limited else best
    for place in range(removed.size):
        node = removed[place]
        best[:] = np.inf
        for other in range(1, state.shape[1]):
            route = state[ROUTE, other]
            if route >= 0 and state[LOAD, route] + demands[node] <= limits.capacity:
                if limited:
                    room = limits.duration - spent[route]
                    best[route] = min(best[route], _cost_in_time(state, distances, limits, node, other, room))
                else:
                    best[route] = min(best[route], _cost_around(state, distances, node, other))
        alone = distances[0, node] + distances[node, 0] + further
        costs[0, place], costs[1, place] = alone, np.inf
        for cost in best:
            if cost < costs[0, place]:
                costs[0, place], costs[1, place] = cost, costs[0, place]
            elif cost < costs[1, place]:
                costs[1, place] = cost
        if costs[1, place] == np.inf:  # nothing but a new route: a second one costs the same
            costs[1, place] = alone
    return costs


@njit(cache=True, nogil=True)
def _cost_around(state: NDArray[np.int64], distances: NDArray[np.float64], node: int, other: int) -> float:
    # Before another customer, or behind it if it is the last one.
    before = state[PREVIOUS, other]
    cost = distances[before, node] + distances[node, other] - distances[before, other]
    if state[NEXT, other] == 0:
        cost = min(cost, distances[other, node] + distances[node, 0] - distances[other, 0])
    return float(cost)


@njit(cache=True, nogil=True)
def _cost_in_time(
    state: NDArray[np.int64], distances: NDArray[np.float64], limits: RouteLimits, node: int, other: int, room: float
) -> float:
    # As `_cost_around`, at places only where the detour takes no more than there is room for; infinity if there is none.
    durations = limits.durations
    before, cost = state[PREVIOUS, other], np.inf
    if durations[before, node] + durations[node, other] - durations[before, other] <= room:
        cost = distances[before, node] + distances[node, other] - distances[before, other]
    if state[NEXT, other] == 0 and durations[other, node] + durations[node, 0] - durations[other, 0] <= room:
        cost = min(cost, distances[other, node] + distances[node, 0] - distances[other, 0])
    return float(cost)


@njit(cache=True, nogil=True)
def insert_in_order(
    state: NDArray[np.int64],
    distances: NDArray[np.float64],
    demands: NDArray[np.int64],
    terms: Terms,
    order: NDArray[np.int64],
    blink: float,
    source: NDArray[np.uint64],
) -> None:
    """Put customers back where they cost least, in place.

    It is done one after the other where they lengthen the routes least; a new route is a place like any other.

    Args:
        state: See the module.
        distances: Between nodes.
        demands: Of the nodes.
        terms: The limits: a place is none where the route would take too long, and a route beyond the fleet has its price.
        order: Customers that are out.
        blink: Chance that a place is overlooked, in [0, 1); the new route never is.
        source: State of `draw`; untouched if `blink` is 0.
    """
    limits = RouteLimits(*terms)
    durations, limited = limits.durations, limits.duration < np.inf
    spent = _spent(state, limits) if limited else np.zeros(0)
    for node in order:
        row = distances[node]
        column = np.ascontiguousarray(distances[:, node]) if limits.one_way else row
        best_cost, best_before, best_route = column[0] + row[0] + _further_vehicle(state, limits), 0, -1
        room = limits.capacity - demands[node]
        for other in range(1, state.shape[1]):
            route = state[ROUTE, other]
            if route < 0 or state[LOAD, route] > room:
                continue
            before = state[PREVIOUS, other]
            cost = column[before] + row[other] - distances[before, other]
            if (
                cost < best_cost
                and not (limited and spent[route] + _detour(durations, before, node, other) > limits.duration)
                and (blink == 0.0 or draw(source) >= blink)
            ):
                best_cost, best_before, best_route = cost, before, route
            if state[NEXT, other] == 0:
                cost = column[other] + row[0] - distances[other, 0]
                if (
                    cost < best_cost
                    and not (limited and spent[route] + _detour(durations, other, node, 0) > limits.duration)
                    and (blink == 0.0 or draw(source) >= blink)
                ):
                    best_cost, best_before, best_route = cost, other, route
        if best_route < 0:
            best_route = empty_route(state)
        if limited:
            after = state[NEXT, best_before] if best_before else state[FIRST, best_route]
            spent[best_route] += _detour(durations, best_before, node, after)
        link(state, best_route, best_before, node)
        state[LOAD, best_route] += demands[node]


@njit(cache=True, nogil=True)
def _detour(durations: NDArray[np.float64], before: int, node: int, after: int) -> float:
    # How much longer the way from one node to another takes by a third; from the depot to the depot nothing is saved.
    return float(durations[before, node] + durations[node, after] - durations[before, after])


@njit(cache=True, nogil=True)
def empty_route(state: NDArray[np.int64]) -> int:
    """The lowest number of a route that visits nobody; as there are no fewer numbers than customers, there is one for each that is out."""
    route = 1
    while state[FIRST, route]:
        route += 1
    return route
