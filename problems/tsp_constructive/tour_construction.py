"""Building a tour step by step with a heuristic.

One pass: what the heuristic is offered at each step, and what it may answer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["START", "BadCity", "begun", "choose_next", "construct"]

START = 0
"""Where the tour begins and ends."""


class BadCity(ValueError):
    """A heuristic's answer is no city it may go to.

    This is the candidate's fault, so it is raised in the guest only.
    """


def construct(choose: Callable[..., Any], distances: NDArray[np.float64]) -> NDArray[np.int64]:
    """Let a heuristic build a tour from city 0.

    It goes city by city; the last one is not asked for.

    Args:
        choose: (current city, destination, waiting cities in rising order, distances) → city. The waiting cities are its own to change.
        distances: Of all cities, shape (cities, cities); handed on as they are.

    Returns:
        Cities in the order of visiting, shape (cities,).

    Raises:
        BadChoice: An answer is no waiting city; says at which step and what came instead.
    """
    tour, waiting = begun(len(distances))
    for step in range(1, len(tour)):
        choose_next(choose, distances, tour, waiting, step)
    return tour


def begun(cities: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A tour that is at its start, and which cities wait, each of shape (cities,)."""
    tour, waiting = np.empty(cities, dtype=np.int64), np.ones(cities, dtype=np.bool_)
    tour[0] = START
    waiting[START] = False
    return tour, waiting


def choose_next(
    choose: Callable[..., Any], distances: NDArray[np.float64], tour: NDArray[np.int64], waiting: NDArray[np.bool_], step: int
) -> None:
    """Let a heuristic choose the next city.

    Args:
        choose: As in `construct`.
        distances: As in `construct`.
        tour: Cities so far; the next one is added at `step`.
        waiting: Cities that wait; the next one is taken out.
        step: How many cities the tour has.

    Raises:
        BadChoice: As in `construct`.
    """
    (offered,) = waiting.nonzero()
    answer = offered[0] if offered.size == 1 else choose(int(tour[step - 1]), START, offered, distances)
    city = _read_choice(answer, waiting, step)
    tour[step] = city
    waiting[city] = False


def _read_choice(answer: Any, waiting: NDArray[np.bool_], step: int) -> int:
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, (int, np.integer)):
        missing = " (is there a path without a return?)" if answer is None else ""
        raise BadCity(
            f"step {step}: the heuristic returned {answer!r:.60} of type {type(answer).__name__}{missing}, expected a city"
        )
    city = int(answer)
    if not 0 <= city < len(waiting):
        raise BadCity(f"step {step}: the heuristic returned city {city}, but cities are numbered 0..{len(waiting) - 1}")
    if not waiting[city]:
        raise BadCity(
            f"step {step}: the heuristic returned city {city}, which was visited before; choose a city of unvisited_nodes"
        )
    return city
