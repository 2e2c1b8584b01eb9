"""Vehicle routing: one pass, and ants. Joining routes, and ruin and recreate, have modules of their own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from tests.benchmarks.naive.adding import added
from tests.benchmarks.naive.tours import Matrix, between
from tests.benchmarks.naive.views import by_reach

__all__ = ["ants", "construction", "length", "merged"]

Routes: TypeAlias = list[list[int]]
_ANTS = 30


def length(routes: Sequence[Sequence[int]], distances: Matrix) -> float:
    """Of all routes."""
    return added(distances[one, other] for route in routes for one, other in zip([0, *route], [*route, 0], strict=True))


def construction(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """The rule chooses among those that fit; home if none does, or if it says so."""
    distances, demands, capacity = between(instance["coordinates"]), np.array(instance["demands"]), instance["capacity"]
    shown, loads = by_reach(distances, distances[0, 1:]), demands / capacity
    waiting, routes, here, free = list(range(1, len(demands))), [[]], 0, capacity  # type: ignore[var-annotated]
    while waiting:
        offered = np.array([node for node in waiting if demands[node] <= free])
        here = int(rules["select_next_node"](here, 0, offered, free / capacity, loads, shown)) if len(offered) else 0
        if here:
            waiting.remove(here)
            free -= int(demands[here])
            routes[-1].append(here)
        else:
            routes.append([])
            free = capacity
    return length(routes, distances)


def merged(matrix: Matrix, demands: Sequence[int], capacity: int) -> Routes:
    """Parallel savings; entry [i, j] is that of customers i + 1 and j + 1."""
    n = len(matrix)
    pairs = sorted((-matrix[i, j], i + 1, j + 1) for i in range(n) for j in range(i + 1, n) if matrix[i, j] > 0.0)
    routes = {node: [node] for node in range(1, n + 1)}
    for _, one, other in pairs:
        here, there = routes[one], routes[other]
        if here is there or one not in (here[0], here[-1]) or other not in (there[0], there[-1]):
            continue
        if sum(demands[node] for node in here + there) > capacity:
            continue
        joined = (here if here[-1] == one else here[::-1]) + (there if there[0] == other else there[::-1])
        for node in joined:
            routes[node] = joined
    return list({id(route): route for route in routes.values()}.values())


def ants(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], source: np.random.Generator, effort: int) -> float:
    """An ant system in which every ant leaves 1 / length on its way."""
    points, demands, capacity = np.array(instance["coordinates"]), np.array(instance["demands"]), instance["capacity"]
    priced = between(instance["coordinates"])
    distances, seen = (by_reach(lengths, priced[0, 1:]) for lengths in (priced, points - points[0]))
    promise = np.clip(rules["heuristics"](np.maximum(distances, 1e-9), seen, demands / capacity, 1.0), 1e-9, 1e9)
    unit = distances.sum() / (len(demands) * (len(demands) - 1)) / 0.5214
    pheromone, shortest = np.ones_like(promise), np.inf
    for _ in range(effort):
        attraction, draws = pheromone * promise, source.random((_ANTS, 2 * (len(demands) - 1)))
        found = [_walk(attraction, demands, capacity, numbers) for numbers in draws]
        pheromone = np.maximum(pheromone * 0.9, 1e-10)
        for tour in found:
            long = float(distances[[0, *tour], [*tour, 0]].sum())
            shortest = min(shortest, float(priced[[0, *tour], [*tour, 0]].sum()))
            np.add.at(pheromone, ([0, *tour], [*tour, 0]), unit / long)
    return float(shortest)


def _walk(attraction: Matrix, demands: Any, capacity: int, draws: Any) -> list[int]:
    waiting, here, free = np.arange(1, len(demands)), 0, capacity
    tour: list[int] = []
    while len(waiting):
        places = np.nonzero(demands[waiting] <= free)[0]
        choices = np.concatenate(([0], waiting[places])) if here else waiting[places]
        heights = np.cumsum(attraction[here, choices])
        at = min(int(np.searchsorted(heights, draws[len(tour)] * heights[-1], side="right")), len(choices) - 1)
        here_before, here = here, int(choices[at])
        if here:
            place = places[at - 1 if here_before else at]
            waiting[place] = waiting[-1]
            waiting = waiting[:-1]
            free -= int(demands[here])
        else:
            free = capacity
        tour.append(here)
    return tour
