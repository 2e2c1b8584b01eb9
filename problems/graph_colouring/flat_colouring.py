"""Colouring by a heuristic that is a formula."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.proved_translation import proved_translation

from .colour_classes import coloured
from .kernels import SCALARS, VIEWS, colour_by_formula

__all__ = ["ARGUMENTS", "FlatColouring", "proved_colouring", "small_graph"]

ARGUMENTS = (False,) * SCALARS + (True,) * VIEWS
"""Of each argument of a heuristic, whether it is a vector."""

_ASKED = 8  # of the steps on the small graph


class FlatColouring:
    """Colours graphs by a flat heuristic.

    Args:
        flat: The heuristic, of the arguments in `ARGUMENTS`.
    """

    def __init__(self, flat: FlatHeuristic) -> None:
        self._flat = flat
        self._machine = flat.machine(1)

    def colours(self, adjacent: NDArray[np.bool_]) -> NDArray[np.int64] | None:
        """What `coloured` gives; None where a score is NaN."""
        if len(adjacent) > self._machine.registers.shape[1]:
            self._machine = self._flat.machine(len(adjacent))
        found = np.empty(len(adjacent), dtype=np.int64)
        return found if colour_by_formula(adjacent, self._machine, found) else None


def proved_colouring(heuristic: Heuristic) -> FlatColouring:
    """Translate a candidate, and see that the translation gives the scores that it gives.

    Raises:
        NotFlat: It is no flat heuristic.
    """
    return FlatColouring(proved_translation(heuristic, ARGUMENTS, _shown()))


def small_graph() -> NDArray[np.bool_]:
    """Thirty vertices, some two fifths of all pairs neighbours."""
    upper = np.triu(np.random.RandomState(4).random_sample((30, 30)) < 0.4, 1)
    return upper | upper.T


@cache
def _shown() -> list[tuple[Any, ...]]:
    # What a heuristic that colours well is shown, at some of the steps.
    calls: list[tuple[Any, ...]] = []

    def record(*shown: Any) -> Any:
        calls.append(tuple(np.copy(each)[()] for each in shown))
        return shown[3] - 0.001 * shown[2]

    coloured(record, small_graph())
    return calls[:: max(1, len(calls) // _ASKED)]
