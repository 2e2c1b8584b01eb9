"""A candidate as a flat heuristic, if it is one.

The translation is held against the rule itself: on pairs of a small instance both must give the same scores, bit by bit.
"""

from functools import cache
from typing import Any

import numpy as np

from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.unit_free import unit_free
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.proved_translation import proved_translation

from .route_growth import ARGUMENTS, grow_routes

__all__ = ["flat_joining", "small_instance"]

_ASKED = 9  # calls, spread over six passes


def small_instance() -> CvrpInstance:
    """Twelve customers, some of them without demand or in one place."""
    source = np.random.RandomState(5)
    return CvrpInstance(
        name="small",
        family="small",
        metric="EUCLIDEAN",
        coordinates=source.randint(0, 9, size=(13, 2)).astype(np.float64),
        demands=np.array([0, *source.randint(0, 5, size=12)], dtype=np.int64),
        capacity=11,
    )


@cache
def _shown() -> list[tuple[Any, ...]]:
    # What the rule that a search starts from is shown, in some of the calls.
    calls: list[tuple[Any, ...]] = []

    def record(*shown: Any) -> Any:
        calls.append(tuple(np.copy(each)[()] for each in shown))
        variant, distance, near, far = shown[0], *shown[4:7]
        return near + far - (1 + 0.4 * variant) * distance

    grow_routes(record, unit_free(small_instance()))
    return calls[:: len(calls) // _ASKED]


def flat_joining(heuristic: Heuristic) -> FlatHeuristic:
    """Translate a candidate, and see that the translation gives the scores that it gives.

    Raises:
        NotFlat: It is no flat heuristic.
    """
    return proved_translation(heuristic, ARGUMENTS, _shown())
