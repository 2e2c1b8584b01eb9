"""Travelling salesman candidates evaluated the naive way: plain Python and NumPy, one fresh interpreter per candidate.

What the frames of `problems.tsp_*` are measured against. Reads {"kind", "instances", "effort"} from standard input, solves every instance
with a textbook rule of the problem, and writes the lengths to standard output.
"""

import json
import sys
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.naive.adding import added

Matrix: TypeAlias = NDArray[np.float64]
Tour: TypeAlias = list[int]


def constructive(distances: Matrix, _: int) -> Tour:
    """The nearest city that is left."""
    tour, left = [0], list(range(1, len(distances)))
    while left:
        tour.append(left.pop(int(np.argmin(distances[tour[-1], left]))))
    return tour


def gls(distances: Matrix, perturbations: int) -> Tour:
    """Guided local search with 2-opt and relocation of single cities between ten nearest neighbours, on lists."""
    near = np.argsort(distances, axis=1, kind="stable")[:, 1:11].tolist()
    plain = distances.tolist()
    tour = _descent(constructive(distances, 0), plain, near)
    best, best_length = tour, length(distances, tour)
    penalties, weight = np.zeros_like(distances), best_length / len(tour)
    for _ in range(perturbations):
        utility = distances / (1.0 + penalties)
        one, other = max(zip(tour, [*tour[1:], tour[0]], strict=True), key=lambda edge: utility[edge])
        penalties[one, other] += 1.0
        penalties[other, one] += 1.0
        tour = _descent(tour, (distances + weight * penalties).tolist(), near)
        tour = _descent(tour, plain, near)
        if length(distances, tour) < best_length:
            best, best_length = tour, length(distances, tour)
    return best


def _descent(tour: Tour, matrix: list[list[float]], near: list[list[int]]) -> Tour:
    improved = True
    while improved:
        improved = False
        for city in range(len(tour)):
            for other in near[city]:
                better = _two_opt(tour, city, other, matrix) or _relocated(tour, city, other, matrix)
                if better:
                    tour, improved = better, True
    return tour


def _two_opt(tour: Tour, city: int, other: int, matrix: list[list[float]]) -> Tour | None:
    first, last = sorted((tour.index(city), tour.index(other)))
    a, b, c, d = tour[first], tour[first + 1], tour[last], tour[(last + 1) % len(tour)]
    if matrix[a][b] + matrix[c][d] - matrix[a][c] - matrix[b][d] > 1e-9:
        return tour[: first + 1] + tour[first + 1 : last + 1][::-1] + tour[last + 1 :]
    return None


def _relocated(tour: Tour, city: int, other: int, matrix: list[list[float]]) -> Tour | None:
    place, n = tour.index(city), len(tour)
    before, after, beyond = tour[place - 1], tour[(place + 1) % n], tour[(tour.index(other) + 1) % n]
    if city in (other, beyond):
        return None
    freed = matrix[before][city] + matrix[city][after] - matrix[before][after]
    if freed - matrix[other][city] - matrix[city][beyond] + matrix[other][beyond] > 1e-9:
        rest = tour[:place] + tour[place + 1 :]
        gap = rest.index(other) + 1
        return [*rest[:gap], city, *rest[gap:]]
    return None


def aco(distances: Matrix, iterations: int) -> Tour:
    """30 ants with 1/d, one NumPy choice per step."""
    source = np.random.default_rng(0)
    n = len(distances)
    heuristic = 1.0 / (distances + np.eye(n))
    pheromone = np.ones((n, n))
    best: Tour = []
    best_length = np.inf
    for _ in range(iterations):
        tours = [_ant(pheromone * heuristic, source) for _ in range(30)]
        pheromone *= 0.9
        for tour in tours:
            total = length(distances, tour)
            if total < best_length:
                best, best_length = tour, total
            for one, other in zip(tour, [*tour[1:], tour[0]], strict=True):
                pheromone[one, other] += 1.0 / total
                pheromone[other, one] += 1.0 / total
    return best


def _ant(attraction: Matrix, source: np.random.Generator) -> Tour:
    waiting = np.ones(len(attraction), dtype=bool)
    tour = [int(source.integers(len(attraction)))]
    waiting[tour[0]] = False
    while waiting.any():
        chances = attraction[tour[-1]] * waiting
        tour.append(int(source.choice(len(attraction), p=chances / chances.sum())))
        waiting[tour[-1]] = False
    return tour


def length(distances: Matrix, tour: Tour) -> float:
    """Of a round trip."""
    return added(distances[one, other] for one, other in zip(tour, [*tour[1:], tour[0]], strict=True))


KINDS = {"tsp_constructive": constructive, "tsp_gls": gls, "tsp_aco": aco}


def main() -> None:
    """One candidate."""
    task: dict[str, Any] = json.load(sys.stdin)
    lengths = []
    for instance in task["instances"]:
        points = np.array(instance["data"])
        distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
        lengths.append(length(distances, KINDS[task["kind"]](distances, task["effort"])))
    json.dump(lengths, sys.stdout)


if __name__ == "__main__":
    main()
