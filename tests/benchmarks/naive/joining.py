"""Vehicle routing by joining the ends of routes, with lists and dictionaries: pairs are scored anew as routes grow."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from tests.benchmarks.naive.adding import added
from tests.benchmarks.naive.tours import Matrix, between
from tests.benchmarks.naive.views import by_reach

__all__ = ["Chart", "grown", "joined", "six_passes"]

Routes: TypeAlias = list[list[int]]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """An instance as rules see it.

    Attributes:
        distances: Row from and column to.
        places: From the depot.
        demands: Of the nodes.
        capacity: Of every vehicle.
        fits: Whether a vehicle may drive a route, beside its load.
        vehicles: How many there are.
        one_way: Whether distances depend on the direction.
    """

    distances: Matrix
    places: Matrix
    demands: Sequence[int]
    capacity: int
    fits: Callable[[list[int]], bool] = lambda _: True
    vehicles: float = math.inf
    one_way: bool = False


def joined(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """The shortest of six passes."""
    distances, points = between(instance["coordinates"]), np.array(instance["coordinates"])
    shown = by_reach(distances, distances[0, 1:])
    chart = Chart(distances=shown, places=points - points[0], demands=instance["demands"], capacity=instance["capacity"])
    return min(_length(routes, distances) for routes in six_passes(rules["joining"], chart))


def six_passes(rule: Callable[..., Any], chart: Chart) -> list[Routes]:
    """The routes of every pass."""
    return [grown(rule, chart, number / 5) for number in range(6)]


def grown(rule: Callable[..., Any], chart: Chart, variant: float) -> Routes:
    """The routes of one pass."""
    customers = range(1, len(chart.demands))
    routes = {customer: [customer] for customer in customers}
    scores: dict[tuple[int, int], float] = {}

    def ask(pairs: Sequence[tuple[int, int]]) -> None:
        progress = (len(customers) - len({id(route) for route in routes.values()})) / len(customers)
        possible = [pair for pair in pairs if (route := _together(routes, chart, *pair)) and chart.fits(route)]
        if possible:
            views = np.array([_views(routes, chart, *pair) for pair in possible], dtype=float).T
            answer = rule(np.float64(variant), _spacing(chart), _per_route(chart), np.float64(progress), *views)
            scores.update(zip(possible, map(float, answer), strict=True))

    ask([(one, two) for one in customers for two in customers if one < two or (chart.one_way and one != two)])
    while scores:
        one, two = min(scores, key=lambda pair: (-scores[pair], pair))
        if scores[one, two] <= 0.0 and len({id(route) for route in routes.values()}) <= chart.vehicles:
            break
        route = _together(routes, chart, one, two)
        for customer in route:
            routes[customer] = route
        first, last = route[0], route[-1]
        for pair in [pair for pair in scores if not _still(pair, routes, chart)]:
            del scores[pair]
        others = [customer for customer in customers if routes[customer] is not route]
        if chart.one_way:
            ask([(last, other) for other in others if routes[other][0] == other])
            ask([(other, first) for other in others if routes[other][-1] == other])
        else:
            apart = [other for other in others if other in (routes[other][0], routes[other][-1])]
            ask([(min(end, other), max(end, other)) for end in (first, last) for other in apart])
    return list({id(route): route for route in routes.values()}.values())


def _still(pair: tuple[int, int], routes: Mapping[int, list[int]], chart: Chart) -> bool:
    # Whether both are ends of different routes still, and of routes that one vehicle can serve.
    one, two = pair
    if routes[one] is routes[two]:
        return False
    if chart.one_way:
        ends = routes[one][-1] == one and routes[two][0] == two
    else:
        ends = all(node in (routes[node][0], routes[node][-1]) for node in pair)
    return ends and bool(together := _together(routes, chart, one, two)) and chart.fits(together)


def _together(routes: Mapping[int, list[int]], chart: Chart, one: int, two: int) -> list[int]:
    # The route in which the one follows the other; none where a vehicle cannot carry it.
    here, there = routes[one], routes[two]
    if sum(chart.demands[node] for node in here + there) > chart.capacity:
        return []
    if not chart.one_way:
        here = here if here[-1] == one else here[::-1]
        there = there if there[0] == two else there[::-1]
    return here + there


def _views(routes: Mapping[int, list[int]], chart: Chart, one: int, two: int) -> list[float]:
    home, out = chart.distances[one, 0], chart.distances[0, two]
    loads = sorted(sum(chart.demands[node] for node in routes[end]) for end in (one, two))
    free, (x, y), (u, v) = chart.capacity - sum(loads), chart.places[one], chart.places[two]
    return [
        *(chart.distances[one, two], min(home, out), max(home, out)),
        *(loads[0] / chart.capacity, loads[1] / chart.capacity, free / chart.capacity),
        math.atan2(abs(x * v - y * u), x * u + y * v),
        min(_rank(chart.distances[one], one, two), _rank(chart.distances[:, two], two, one)),
        len(routes[one]) + len(routes[two]),
    ]


def _rank(lengths: Any, node: int, other: int) -> int:
    return 1 + sum(bool(lengths[each] < lengths[other]) for each in range(1, len(lengths)) if each != node)


def _spacing(chart: Chart) -> Any:
    n = len(chart.demands)
    nearest = [min((chart.distances[one, two] for two in range(1, n) if two != one), default=0.0) for one in range(1, n)]
    return np.float64(np.mean(nearest))


def _per_route(chart: Chart) -> Any:
    customers, total = len(chart.demands) - 1, sum(chart.demands)
    return np.float64(min(customers, chart.capacity * customers / total) if total else customers)


def _length(routes: Routes, distances: Matrix) -> float:
    return added(distances[one, other] for route in routes for one, other in zip([0, *route], [*route, 0], strict=True))
