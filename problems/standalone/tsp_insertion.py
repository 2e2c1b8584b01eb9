"""Tours by insertion."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.routing.length_units import in_units
from evoheur.problems.tsp.spacing_units import spacing
from evoheur.problems.tsp.tour import tour_length
from evoheur.problems.tsp.tour_file import tour_text
from evoheur.problems.tsp.tsplib import read_tsplib
from evoheur.problems.tsp_insertion.problem import city_scores
from evoheur.problems.tsp_insertion.tour_insertion import construct

__all__ = ["solve", "solve_file"]


def solve(distances: NDArray[np.float64], *, city_scores: Callable[..., Any] = city_scores) -> list[int]:
    """Build a tour with the heuristic.

    Args:
        distances: Between cities, symmetric, in any unit, shape (cities, cities).
        city_scores: Another heuristic than the one above, perhaps.

    Returns:
        Cities from 0 in the order of visiting.
    """
    with np.errstate(all="ignore"):
        tour: list[int] = construct(city_scores, in_units(distances, spacing(distances))).tolist()
    return tour


def solve_file(file: Path) -> Iterator[tuple[str, str]]:
    """Solve a `.tsp` file; its name and the tour as a `.tour` file."""
    instance = read_tsplib(file)
    tour = solve(instance.distances)
    yield instance.name, tour_text(instance.name, tour, tour_length(np.array(tour), instance.distances))
