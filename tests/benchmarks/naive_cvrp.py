"""Vehicle routing candidates evaluated the naive way: plain Python and NumPy, one fresh interpreter per candidate.

What the frames of `problems.cvrp_*` are measured against. Reads {"kind", "instances", "iterations"} from standard input, solves every
instance with the problem's starting rule, and writes the lengths to standard output.
"""

import json
import sys
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.naive.adding import added

Matrix: TypeAlias = NDArray[np.float64]
Routes: TypeAlias = list[list[int]]


def constructive(distances: Matrix, demands: list[int], capacity: int, _: int) -> Routes:
    """The nearest feasible customer."""
    waiting, here, free = list(range(1, len(demands))), 0, capacity
    routes: Routes = [[]]
    while waiting:
        offered = np.array([node for node in waiting if demands[node] <= free], dtype=int)
        if offered.size == 0:
            routes.append([])
            here, free = 0, capacity
            continue
        here = int(offered[np.argmin(distances[here, offered])])
        waiting.remove(here)
        free -= demands[here]
        routes[-1].append(here)
    return routes


def savings(distances: Matrix, demands: list[int], capacity: int, _: int) -> Routes:
    """Parallel savings with lists of lists."""
    matrix = distances[:, :1] + distances[:1, :] - distances
    nodes = range(1, len(demands))
    pairs = sorted(((matrix[i, j], i, j) for i in nodes for j in nodes if i < j), reverse=True)
    routes = {node: [node] for node in nodes}
    for _saving, one, other in pairs:
        here, there = routes[one], routes[other]
        if here is there or one not in (here[0], here[-1]) or other not in (there[0], there[-1]):
            continue
        if sum(demands[node] for node in here + there) > capacity:
            continue
        joined = (here if here[-1] == one else here[::-1]) + (there if there[0] == other else there[::-1])
        for node in joined:
            routes[node] = joined
    return [list(route) for route in {id(route): route for route in routes.values()}.values()]


def aco(distances: Matrix, demands: list[int], capacity: int, iterations: int) -> Routes:
    """30 ants with 1/d, one NumPy choice per step."""
    source = np.random.default_rng(0)
    load = np.array(demands)
    heuristic = 1.0 / np.maximum(distances, 1e-9)
    pheromone = np.ones_like(distances)
    best: Routes = []
    best_length = np.inf
    for _ in range(iterations):
        found = [_ant(pheromone * heuristic, load, capacity, source) for _ in range(30)]
        pheromone *= 0.9
        for routes in found:
            total = length(distances, routes)
            if total < best_length:
                best, best_length = routes, total
            for route in routes:
                for one, other in zip([0, *route], [*route, 0], strict=True):
                    pheromone[one, other] += 1.0 / total
    return best


def _ant(attraction: Matrix, load: NDArray[np.int64], capacity: int, source: np.random.Generator) -> Routes:
    waiting = np.ones(len(load), dtype=bool)
    waiting[0] = False
    here, free = 0, capacity
    routes: Routes = [[]]
    while waiting.any():
        chances = attraction[here] * (waiting & (load <= free))
        chances[0] = attraction[here, 0] if here else 0.0
        here = int(source.choice(len(load), p=chances / chances.sum()))
        if here:
            waiting[here] = False
            free -= int(load[here])
            routes[-1].append(here)
        else:
            routes.append([])
            free = capacity
    return routes


def ruin_recreate(distances: Matrix, demands: list[int], capacity: int, iterations: int) -> Routes:
    """Random removal and greedy insertion on lists of lists, from the savings solution."""
    source = np.random.default_rng(0)
    current = record = savings(distances, demands, capacity, 0)
    record_length = length(distances, record)
    for iteration in range(iterations):
        chosen = source.permutation(np.arange(1, len(demands)))[: source.integers(1, 21)].tolist()
        routes = [[node for node in route if node not in chosen] for route in current]
        routes = [route for route in routes if route]
        for node in chosen:
            _insert(distances, demands, capacity, routes, node)
        total = length(distances, routes)
        if total < record_length * (1.0 + 0.005 * (1.0 - iteration / iterations)):
            current = routes
            if total < record_length:
                record, record_length = routes, total
    return record


def _insert(distances: Matrix, demands: list[int], capacity: int, routes: Routes, node: int) -> None:
    best, place, where = 2.0 * distances[0, node], -1, -1
    for number, route in enumerate(routes):
        if sum(demands[other] for other in route) + demands[node] > capacity:
            continue
        for position, (one, other) in enumerate(zip([0, *route], [*route, 0], strict=True)):
            cost = distances[one, node] + distances[node, other] - distances[one, other]
            if cost < best:
                best, place, where = cost, position, number
    if where < 0:
        routes.append([node])
    else:
        routes[where].insert(place, node)


def length(distances: Matrix, routes: Routes) -> float:
    """Of all routes."""
    return added(distances[one, other] for route in routes for one, other in zip([0, *route], [*route, 0], strict=True))


KINDS = {"cvrp_constructive": constructive, "cvrp_savings": savings, "cvrp_aco": aco, "cvrp_ruin_recreate": ruin_recreate}


def main() -> None:
    """One candidate."""
    task: dict[str, Any] = json.load(sys.stdin)
    lengths = []
    for instance in task["instances"]:
        points = np.array(instance["coordinates"])
        distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
        routes = KINDS[task["kind"]](distances, instance["demands"], instance["capacity"], task["iterations"])
        lengths.append(length(distances, routes))
    json.dump(lengths, sys.stdout)


if __name__ == "__main__":
    main()
