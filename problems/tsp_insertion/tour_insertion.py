"""Building a tour by insertion with a rule.

One pass: what the rule is told at each step, and what its answer means.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.returned_numbers import BadAnswer, highest
from evoheur.problems.routing.planar_lengths import Lengths, places_in

from .kernels import NEXT, VIEWS, insert, start

__all__ = ["START", "construct"]

START = 0
"""The city that the tour begins with."""


def construct(score: Callable[..., Any], distances: Lengths) -> NDArray[np.int64]:
    """Let a rule build a tour from city 0.

    The waiting city with the highest score, the one with the lowest number on ties, goes where it lengthens the tour least: into the edge
    that starts from the city with the lowest number on ties, in the direction in which the tour is built. The last city is not asked for.

    Args:
        score: (share of the cities on the tour, largest distance of a waiting city to the tour, the seven views of the waiting cities in
            the order of `kernels.VIEWS`) → scores. The views are written anew at every step, so they are the rule's own to change.
        distances: Symmetric, in any unit: shape (cities, cities), or what they are computed from.

    Returns:
        Cities in the order of visiting, shape (cities,).

    Raises:
        BadAnswer: Scores are unusable; says at which step.
    """
    n = places_in(distances)
    if n == 1:
        return np.zeros(1, dtype=np.int64)
    numbers, links, shown = np.empty((6, n)), np.empty((4, n), dtype=np.int64), np.empty((VIEWS, n))
    farthest = start(distances, START, numbers, links, shown)
    rows = tuple(shown)
    for waiting in range(n - 1, 1, -1):
        answer = score((n - waiting) / n, farthest, *(row[:waiting] for row in rows))
        try:
            chosen = highest(answer, waiting, "city_scores")
        except BadAnswer as error:
            raise BadAnswer(f"step {n - waiting}: {error}") from error
        farthest = insert(distances, numbers, links, shown, waiting, chosen)
    insert(distances, numbers, links, shown, 1, 0)
    return _walked(links[NEXT].tolist())


def _walked(following: list[int]) -> NDArray[np.int64]:
    tour = [START]
    while len(tour) < len(following):
        tour.append(following[tour[-1]])
    return np.array(tour, dtype=np.int64)
