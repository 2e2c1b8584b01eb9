"""Tours, city by city, with one of several heuristics."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.routing.length_units import in_units
from evoheur.problems.routing.place_features import evenly, place_features
from evoheur.problems.tsp.instance import read_only
from evoheur.problems.tsp.spacing_units import spacing
from evoheur.problems.tsp.tour import tour_length
from evoheur.problems.tsp.tour_file import tour_text
from evoheur.problems.tsp.tsplib import read_tsplib
from evoheur.problems.tsp_constructive.tour_construction import construct

from .by_choice import by_choice
from .chosen_heuristics import HEURISTICS, SHARE

__all__ = ["solve", "solve_file"]


def solve(distances: NDArray[np.float64]) -> list[int]:
    """Build a tour with the heuristic that is chosen for the map.

    Args:
        distances: Between cities, symmetric, in any unit, shape (cities, cities).

    Returns:
        Cities from 0 in the order of visiting.
    """
    return by_choice(distances, features=_features, smaller=_smaller, solved=_tour, price=_length)


def _features(distances: NDArray[np.float64]) -> dict[str, float]:
    cities = len(distances)
    return {"cities": float(cities), **place_features([(slice(0, cities), distances)], cities)}


def _smaller(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = evenly(len(distances), SHARE)
    return distances[np.ix_(kept, kept)]


def _tour(place: int, shown: NDArray[np.float64]) -> list[int]:
    with np.errstate(all="ignore"):
        tour: list[int] = construct(HEURISTICS[place], read_only(in_units(shown, spacing(shown)))).tolist()
    return tour


def _length(distances: NDArray[np.float64], tour: list[int]) -> float:
    return tour_length(np.array(tour), distances)


def solve_file(file: Path) -> Iterator[tuple[str, str]]:
    """Solve a `.tsp` file; its name and the tour as a `.tour` file."""
    instance = read_tsplib(file)
    tour = solve(instance.distances)
    yield instance.name, tour_text(instance.name, tour, tour_length(np.array(tour), instance.distances))
