"""A trusted search for short routes with time windows, which references are from.

Slack induction by string removals (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914), for length alone and without split
strings: strings of customers near one another leave their routes, come back one after the other where the detour is least, some places
being overlooked, and the new routes are kept by simulated annealing.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.cvrp_ruin_recreate.kernels import draw

from .instance import TimeWindowInstance
from .kernels import TimedRoutes, TimeWindows, empty_routes, listed, open_route, put, time_route, visit

__all__ = ["searched_routes"]

_REMOVED, _LONGEST = 10.0, 10  # customers that leave on average, and the longest string; the paper's
_OVERLOOKED = 0.01  # share of places, the paper's
_FIRST, _FINAL = 0.1, 0.001  # temperatures in mean distances from the depot
_ORDERS = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6])  # how often each order is drawn, the paper's weights


def searched_routes(instance: TimeWindowInstance, *, iterations: int, seed: int) -> list[list[int]]:
    """The best routes of a search.

    Args:
        instance: What to solve.
        iterations: How often customers leave and come back.
        seed: Of the search, at least 0.
    """
    source = np.array([2 * seed + 1], dtype=np.uint64)  # never 0
    for _ in range(10):  # near seeds begin alike
        draw(source)
    near = np.argsort(instance.distances, axis=1, kind="stable")
    near = np.array([row[row != 0] for row in near])
    return listed(_improved(instance.windows, near, iterations, source))


@njit(cache=True, nogil=True)
def _improved(windows: TimeWindows, near: NDArray[np.int64], iterations: int, source: NDArray[np.uint64]) -> TimedRoutes:
    nodes = windows.ready.size
    current, trial, best = empty_routes(nodes - 1), empty_routes(nodes - 1), empty_routes(nodes - 1)
    home = np.full(nodes, -1)  # the route of every customer
    absent, keys = np.arange(1, nodes), np.empty(nodes)
    _come_back(trial, windows, home, _sorted(windows, absent, keys, source), source)
    cost = least = _length(trial, windows)
    _copy(trial, current)
    _copy(trial, best)
    cooling = (_FINAL / _FIRST) ** (1.0 / max(1, iterations))
    temperature = _FIRST
    for _ in range(iterations):
        leaving = _leave(trial, windows, near, home, source)
        _come_back(trial, windows, home, _sorted(windows, leaving, keys, source), source)
        found = _length(trial, windows)
        if found < cost - temperature * np.log(max(draw(source), 1e-300)):
            cost = found
            _copy(trial, current)
            if found < least:
                least = found
                _copy(trial, best)
        else:
            _copy(current, trial)
            _locate(trial, home)
        temperature *= cooling
    return best


@njit(cache=True, nogil=True)
def _leave(
    routes: TimedRoutes, windows: TimeWindows, near: NDArray[np.int64], home: NDArray[np.int64], source: NDArray[np.uint64]
) -> NDArray[np.int64]:
    customers = near.shape[0] - 1
    longest = min(float(_LONGEST), customers / routes.opened[0])
    strings = int(draw(source) * (4.0 * _REMOVED / (1.0 + longest) - 1.0)) + 1
    seed = 1 + int(draw(source) * customers)
    leaving, count = np.empty(customers, dtype=np.int64), 0
    ruined = np.zeros(routes.opened[0], dtype=np.bool_)
    for place in range(customers):
        customer = near[seed, place]
        route = home[customer]
        if strings == 0:
            break
        if route < 0 or ruined[route]:
            continue
        ruined[route] = True
        strings -= 1
        size = routes.sizes[route]
        length = 1 + int(draw(source) * min(float(size), longest))
        at = 1
        while routes.rows[route, at] != customer:
            at += 1
        low, high = max(1, at - length + 1), min(at, size - length + 1)
        first = low + int(draw(source) * (high - low + 1))
        for position in range(first, first + length):
            gone = routes.rows[route, position]
            leaving[count] = gone
            home[gone] = -1
            routes.loads[route] -= windows.demands[gone]
            count += 1
        for position in range(first, size + 2 - length):
            routes.rows[route, position] = routes.rows[route, position + length]
        routes.sizes[route] = size - length
        time_route(routes, windows, route)
    _close(routes, windows)
    _locate(routes, home)
    return leaving[:count]


@njit(cache=True, nogil=True)
def _close(routes: TimedRoutes, windows: TimeWindows) -> None:
    # Routes without customers; the last one takes their place.
    route = 0
    while route < routes.opened[0]:
        if routes.sizes[route]:
            route += 1
            continue
        last = routes.opened[0] - 1
        routes.rows[route, : routes.sizes[last] + 2] = routes.rows[last, : routes.sizes[last] + 2]
        routes.sizes[route], routes.loads[route] = routes.sizes[last], routes.loads[last]
        routes.opened[0] = last
        time_route(routes, windows, route)


@njit(cache=True, nogil=True)
def _sorted(
    windows: TimeWindows, customers: NDArray[np.int64], keys: NDArray[np.float64], source: NDArray[np.uint64]
) -> NDArray[np.int64]:
    # By chance, large first, far first, near first, narrow first, early to open first, early to close first.
    order = _ORDERS[int(draw(source) * _ORDERS.size)]
    for customer in customers:
        if order == 0:
            keys[customer] = draw(source)
        elif order == 1:
            keys[customer] = -windows.demands[customer]
        elif order == 2:
            keys[customer] = -windows.travel[0, customer]
        elif order == 3:
            keys[customer] = windows.travel[0, customer]
        elif order == 4:
            keys[customer] = windows.due[customer] - windows.ready[customer]
        elif order == 5:
            keys[customer] = windows.ready[customer]
        else:
            keys[customer] = windows.due[customer]
    return customers[np.argsort(keys[customers], kind="mergesort")]


@njit(cache=True, nogil=True)
def _come_back(
    routes: TimedRoutes, windows: TimeWindows, home: NDArray[np.int64], customers: NDArray[np.int64], source: NDArray[np.uint64]
) -> None:
    travel = windows.travel
    for customer in customers:
        least, best, at = np.inf, -1, 0
        for route in range(routes.opened[0]):
            if routes.loads[route] + windows.demands[customer] > windows.capacity:
                continue
            for place in range(routes.sizes[route] + 1):
                before, after = routes.rows[route, place], routes.rows[route, place + 1]
                detour = travel[before, customer] + travel[customer, after] - travel[before, after]
                if detour >= least or draw(source) < _OVERLOOKED:
                    continue
                if visit(routes, windows, route, place, customer)[0] < np.inf:
                    least, best, at = detour, route, place
        if best < 0 or travel[0, customer] + travel[customer, 0] < least:  # the fleet is free
            home[customer] = routes.opened[0]
            open_route(routes, windows, customer)
        else:
            home[customer] = best
            put(routes, windows, best, at, customer)


@njit(cache=True, nogil=True)
def _length(routes: TimedRoutes, windows: TimeWindows) -> float:
    length = 0.0
    for route in range(routes.opened[0]):
        for place in range(routes.sizes[route] + 1):
            length += windows.travel[routes.rows[route, place], routes.rows[route, place + 1]]
    return length


@njit(cache=True, nogil=True)
def _locate(routes: TimedRoutes, home: NDArray[np.int64]) -> None:
    for route in range(routes.opened[0]):
        for place in range(1, routes.sizes[route] + 1):
            home[routes.rows[route, place]] = route


@njit(cache=True, nogil=True)
def _copy(one: TimedRoutes, other: TimedRoutes) -> None:
    other.opened[0] = one.opened[0]
    for route in range(one.opened[0]):
        other.sizes[route], other.loads[route] = one.sizes[route], one.loads[route]
        for place in range(one.sizes[route] + 2):
            other.rows[route, place] = one.rows[route, place]
            other.begin[route, place] = one.begin[route, place]
            other.latest[route, place] = one.latest[route, place]
