"""A candidate that fills bins as a flat heuristic, if it is one.

The translation is held against the candidate itself: for bins of a small instance both must give the same scores, bit by bit.
"""

from functools import cache
from typing import Any

import numpy as np

from evoheur.problem import Heuristic
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.proved_translation import proved_translation

from .bin_completion import ARGUMENTS, FlatCompletion, complete_bins
from .instance import OfflineInstance
from .waiting_items import SCALARS, SLACK

__all__ = ["flat_completing", "warm_up_flat_completing"]

_ASKED = 9  # of the small instance's calls
_SIZE = SCALARS


def _small_instance() -> OfflineInstance:
    items = np.random.RandomState(5).randint(3, 30, size=40, dtype=np.int64)
    return OfflineInstance(name="small", family="small", capacity=40, items=items)


@cache
def _shown() -> list[tuple[Any, ...]]:
    # What a heuristic that fills bins well is shown, in some of the calls.
    calls: list[tuple[Any, ...]] = []

    def record(*shown: Any) -> Any:
        calls.append(tuple(np.copy(each)[()] for each in shown))
        return shown[_SIZE] - 9.0 * shown[SLACK]

    complete_bins(record, _small_instance())
    return calls[:: len(calls) // _ASKED]


def flat_completing(heuristic: Heuristic) -> FlatHeuristic:
    """Translate a candidate, and see that the translation gives the scores that it gives.

    Raises:
        NotFlat: It is no flat heuristic.
    """
    return proved_translation(heuristic, ARGUMENTS, _shown())


def warm_up_flat_completing() -> None:
    """Compile what flat heuristics need, and have the small instance's calls ready for all candidates."""
    score = np.array([[0, _SIZE, 0, 0]], dtype=np.int64)
    flat = FlatHeuristic(len(ARGUMENTS), np.zeros(0), score)
    flat.scores(_shown()[0])
    FlatCompletion(flat).packed(_small_instance().table)
