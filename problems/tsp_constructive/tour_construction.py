"""Building a tour step by step with a heuristic.

One pass: what the heuristic is offered at each step, and what it may answer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["START", "BadCity", "construct"]

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
    tour = np.empty(len(distances), dtype=np.int64)
    waiting = np.ones(len(distances), dtype=np.bool_)
    tour[0] = current = START
    waiting[START] = False
    for step in range(1, len(tour)):
        (offered,) = waiting.nonzero()
        answer = offered[0] if offered.size == 1 else choose(current, START, offered, distances)
        current = _read_choice(answer, waiting, step)
        tour[step] = current
        waiting[current] = False
    return tour


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
