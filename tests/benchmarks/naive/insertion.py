"""Insertion in lists, as its description says, step by step."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.naive.adding import added
from tests.benchmarks.naive.tours import between, length
from tests.benchmarks.naive.views import by_spacing

__all__ = ["TEXTBOOK", "Step", "insertion", "steps", "tour_of"]


class Step(NamedTuple):
    """What a rule is told, with the cities that it is about."""

    cities: list[int]
    share: float
    farthest: float
    nearest: list[float]
    cheapest: list[float]
    regret: list[float]
    mean: list[float]
    lonely: list[float]
    mean_tour: list[float]
    edge: list[float]


TEXTBOOK: dict[str, Callable[[Step], list[float]]] = {
    "nearest_insertion": lambda step: [-value for value in step.nearest],
    "farthest_insertion": lambda step: step.nearest,
    "cheapest_insertion": lambda step: [-value for value in step.cheapest],
    "regret_insertion": lambda step: step.regret,
}


def insertion(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """One city after the other, the one with the highest score."""
    distances = between(instance["data"])
    tour = tour_of(lambda step: rules["city_scores"](*map(_array, step[1:])), by_spacing(distances))
    return length(tour, distances)


def _array(value: Any) -> Any:
    return np.array(value) if isinstance(value, list) else value


def steps(score: Callable[[Step], Any], distances: NDArray[np.float64]) -> tuple[list[Step], list[int]]:
    """All questions and the tour, from city 0."""
    n, tour, asked = len(distances), [0], []
    while len(tour) < n:
        waiting = [city for city in range(n) if city not in tour]
        places = {city: sorted(_places(tour, city, distances)) for city in waiting}
        told = _told(tour, waiting, places, distances)
        chosen = waiting[0]
        if len(waiting) > 1:
            asked.append(told)
            chosen = waiting[int(np.argmax(score(told)))]
        tour.insert(tour.index(places[chosen][0][1]) + 1, chosen)
    return asked, tour


def tour_of(score: Callable[[Step], Any], distances: NDArray[np.float64]) -> list[int]:
    """The tour alone."""
    return steps(score, distances)[1]


def _places(tour: list[int], city: int, distances: NDArray[np.float64]) -> list[tuple[float, int]]:
    # What it costs behind each city of the tour, and that city.
    pairs = zip(tour, [*tour[1:], tour[0]], strict=True)
    return [(float(distances[one, city] + distances[city, other] - distances[one, other]), one) for one, other in pairs]


def _told(
    tour: list[int], waiting: list[int], places: dict[int, list[tuple[float, int]]], distances: NDArray[np.float64]
) -> Step:
    n = len(distances)
    nearest = [float(min(distances[city, other] for other in tour)) for city in waiting]
    others = {city: [float(distances[city, other]) for other in range(n) if other != city] for city in waiting}
    return Step(
        cities=waiting,
        share=len(tour) / n,
        farthest=max(nearest),
        nearest=nearest,
        cheapest=[places[city][0][0] for city in waiting],
        regret=[places[city][min(1, len(tour) - 1)][0] - places[city][0][0] for city in waiting],
        mean=[added(others[city]) / (n - 1) for city in waiting],
        lonely=[min(others[city]) for city in waiting],
        mean_tour=[added(distances[city, other] for other in tour) / len(tour) for city in waiting],
        edge=[float(distances[one, tour[(tour.index(one) + 1) % len(tour)]]) for one in (places[city][0][1] for city in waiting)],
    )
