"""The travelling salesman: one pass, and ants. Guided local search has a module of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.naive.adding import added
from tests.benchmarks.naive.views import by_spacing

__all__ = ["ants", "between", "construction", "divisible", "length"]

Matrix: TypeAlias = NDArray[np.float64]
_ANTS = 30


def between(points: Sequence[Sequence[float]]) -> Matrix:
    """Euclidean distances."""
    across = np.array(points)[:, None, :] - np.array(points)[None, :, :]
    distances: Matrix = np.sqrt((across**2).sum(axis=2))
    return distances


def divisible(distances: Matrix) -> Matrix:
    """The same with nothing that is 0."""
    shown: Matrix = np.maximum(distances, 1e-9 * distances.max())
    np.fill_diagonal(shown, distances.max())
    return shown


def length(tour: Sequence[int], distances: Matrix) -> float:
    """Of a round trip."""
    return added(distances[tour[place - 1], tour[place]] for place in range(len(tour)))


def construction(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """From city 0, as the rule says."""
    distances = between(instance["data"])
    shown = by_spacing(distances)
    tour, waiting = [0], list(range(1, len(distances)))
    while len(waiting) > 1:
        tour.append(int(rules["select_next_node"](tour[-1], 0, np.array(waiting), shown)))
        waiting.remove(tour[-1])
    return length(tour + waiting, distances)


def ants(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], source: np.random.Generator, effort: int) -> float:
    """An ant system in which every ant leaves 1 / length; see `evoheur.problems.tsp_aco.tour_colony` for units and bounds."""
    priced = between(instance["data"])
    distances = by_spacing(priced)
    n = len(distances)
    promise = rules["heuristics"](divisible(distances))
    others = ~np.eye(n, dtype=bool)
    promise = np.clip(promise / promise[others].max(), 1e-12, 1.0)
    unit = distances.sum() / (n * (n - 1)) / 0.5214
    pheromone, shortest = np.ones((n, n)), np.inf
    for _ in range(effort):
        attraction, draws = pheromone * promise, source.random((_ANTS, n))
        tours = [_walk(attraction, numbers) for numbers in draws]
        lengths = [length(tour, distances) for tour in tours]
        shortest = min(shortest, *(length(tour, priced) for tour in tours))
        pheromone = np.maximum(0.9 * pheromone, 1e-12)
        for tour, long in zip(tours, lengths, strict=True):
            pheromone[tour, np.roll(tour, -1)] += unit / long
            pheromone[np.roll(tour, -1), tour] += unit / long
    return float(shortest)


def _walk(attraction: Matrix, draws: NDArray[np.float64]) -> list[int]:
    waiting = np.arange(len(attraction))
    place, tour = int(draws[0] * len(attraction)), []
    for step in range(len(attraction)):
        tour.append(int(waiting[place]))
        waiting[place] = waiting[-1]
        waiting = waiting[:-1]
        if len(waiting):
            heights = np.cumsum(attraction[tour[-1], waiting])
            place = min(int(np.searchsorted(heights, draws[step + 1] * heights[-1], side="right")), len(waiting) - 1)
    return tour
