"""Solomon's sequential heuristics, and regret insertion into routes side by side, compiled.

They are written from the papers, apart from the frame that rules of this problem are asked by.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.vrptw.kernels import TimedRoutes, TimeWindows, empty_routes, open_route, put, shortened, visit

__all__ = ["EARLIEST", "FARTHEST", "insert_sequentially", "insert_with_regret", "visit_nearest"]

FARTHEST, EARLIEST = 0, 1
"""What a route begins with: the farthest customer, or the one whose window closes first."""


@njit(cache=True, nogil=True)
def insert_sequentially(
    windows: TimeWindows, distances: NDArray[np.float64], weights: tuple[float, float, float, float], first: int
) -> TimedRoutes:
    """I1: routes are filled one after the other.

    Args:
        windows: What vehicles must keep to.
        distances: By which detours and ways from the depot are measured, shape (nodes, nodes).
        weights: μ of the edge that is left, λ of the way from the depot, α1 of the detour, α2 of the push forward.
        first: `FARTHEST` or `EARLIEST`.
    """
    mu, lamda, alpha1, alpha2 = weights
    nodes = windows.ready.size
    routes, waiting, left = empty_routes(nodes - 1), np.ones(nodes, dtype=np.bool_), nodes - 1
    while left:
        seed = 0
        for customer in range(1, nodes):
            if waiting[customer] and (seed == 0 or _seeds(windows, distances, customer, seed, first)):
                seed = customer
        open_route(routes, windows, seed)
        waiting[seed] = False
        left -= 1
        route = routes.opened[0] - 1
        while True:
            chosen, at, highest = 0, 0, -np.inf
            for customer in range(1, nodes):
                if not waiting[customer] or routes.loads[route] + windows.demands[customer] > windows.capacity:
                    continue
                best, least = -1, np.inf
                for place in range(routes.sizes[route] + 1):
                    arrival, _, following = visit(routes, windows, route, place, customer)
                    if arrival < np.inf:
                        before, after = routes.rows[route, place], routes.rows[route, place + 1]
                        detour = distances[before, customer] + distances[customer, after] - mu * distances[before, after]
                        c1 = alpha1 * detour + alpha2 * shortened(following - routes.begin[route, place + 1])
                        if c1 < least:
                            best, least = place, c1
                c2 = lamda * distances[0, customer] - least
                if best >= 0 and c2 > highest:
                    chosen, at, highest = customer, best, c2
            if chosen == 0:
                break
            put(routes, windows, route, at, chosen)
            waiting[chosen] = False
            left -= 1
    return routes


@njit(cache=True, nogil=True)
def _seeds(windows: TimeWindows, distances: NDArray[np.float64], one: int, other: int, first: int) -> bool:
    if first == FARTHEST:
        return bool(distances[0, one] > distances[0, other])
    return bool(windows.due[one] < windows.due[other])


@njit(cache=True, nogil=True)
def visit_nearest(windows: TimeWindows, distances: NDArray[np.float64], weights: tuple[float, float, float]) -> TimedRoutes:
    """Time-oriented nearest neighbour: always on to the nearest customer that can be served, home where there is none.

    Args:
        windows: What vehicles must keep to.
        distances: As for `insert_sequentially`.
        weights: δ1 of the distance, δ2 of the time from the end of one service to the next, δ3 of how long the window is still open.
    """
    near, soon, urgent = weights
    nodes = windows.ready.size
    routes, waiting, left = empty_routes(nodes - 1), np.ones(nodes, dtype=np.bool_), nodes - 1
    here, clock, route = 0, windows.ready[0], -1
    while left:
        chosen, least = 0, np.inf
        for customer in range(1, nodes):
            if not waiting[customer]:
                continue
            arrival = clock + windows.travel[here, customer]
            if here:
                if routes.loads[route] + windows.demands[customer] > windows.capacity:
                    continue
                if visit(routes, windows, route, routes.sizes[route], customer)[0] == np.inf:
                    continue
            begin = max(arrival, windows.ready[customer])
            measure = (near + soon) * distances[here, customer] + soon * shortened(
                begin - arrival
            )  # time from service to service
            measure += urgent * shortened(windows.due[customer] - arrival)
            if measure < least:
                chosen, least = customer, measure
        if chosen == 0:
            here, clock = 0, windows.ready[0]
            continue
        if here == 0:
            open_route(routes, windows, chosen)
            route = routes.opened[0] - 1
        else:
            put(routes, windows, route, routes.sizes[route], chosen)
        here, clock = chosen, routes.begin[route, routes.sizes[route]] + windows.service[chosen]
        waiting[chosen] = False
        left -= 1
    return routes


@njit(cache=True, nogil=True)
def insert_with_regret(
    windows: TimeWindows, distances: NDArray[np.float64], seeds: NDArray[np.int64], weights: tuple[float, float]
) -> TimedRoutes:
    """Parallel insertion into routes that are begun by seeds: the customer with most to lose on other routes comes first.

    A customer that fits into some routes only loses the way from the depot and back on each of the others; one that fits nowhere opens a
    route.

    Args:
        windows: What vehicles must keep to.
        distances: As for `insert_sequentially`.
        seeds: A customer for every route, shape (routes,).
        weights: α1 of the detour, α2 of the push forward.
    """
    nodes = windows.ready.size
    routes, waiting = empty_routes(nodes - 1), np.ones(nodes, dtype=np.bool_)
    for seed in seeds:
        open_route(routes, windows, seed)
        waiting[seed] = False
    for _ in range(nodes - 1 - seeds.size):
        chosen, where, at, highest = 0, -1, 0, -np.inf
        for customer in range(1, nodes):
            if not waiting[customer]:
                continue
            best, place, least, total = -1, 0, np.inf, 0.0
            alone = distances[0, customer] + distances[customer, 0]
            for route in range(routes.opened[0]):
                found, cost = _cheapest(routes, windows, distances, (route, customer), weights)
                total += cost if found >= 0 else alone
                if found >= 0 and cost < least:
                    best, place, least = route, found, cost
            regret = np.inf if best < 0 else total - routes.opened[0] * least
            if chosen == 0 or regret > highest:
                chosen, where, at, highest = customer, best, place, regret
        if where < 0:
            open_route(routes, windows, chosen)
        else:
            put(routes, windows, where, at, chosen)
        waiting[chosen] = False
    return routes


@njit(cache=True, nogil=True)
def _cheapest(
    routes: TimedRoutes, windows: TimeWindows, distances: NDArray[np.float64], pair: tuple[int, int], weights: tuple[float, float]
) -> tuple[int, float]:
    # Place on a route and its cost; the former is -1 where a customer does not fit.
    route, customer = pair
    best, least = -1, np.inf
    if routes.loads[route] + windows.demands[customer] > windows.capacity:
        return best, least
    for place in range(routes.sizes[route] + 1):
        arrival, _, following = visit(routes, windows, route, place, customer)
        if arrival < np.inf:
            before, after = routes.rows[route, place], routes.rows[route, place + 1]
            detour = distances[before, customer] + distances[customer, after] - distances[before, after]
            cost = weights[0] * detour + weights[1] * shortened(following - routes.begin[route, place + 1])
            if cost < least:
                best, least = place, cost
    return best, least
