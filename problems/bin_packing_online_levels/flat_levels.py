"""A candidate as a flat heuristic, in the guest, if it is one.

The translation is held against the rule itself: on a small stream both must give the same scores, bit by bit.
"""

from functools import cache
from typing import Any

import numpy as np

from evoheur.problem import Heuristic
from evoheur.problems.bin_packing_online.protocol import BadScores, read_scores
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.translation import translate
from evoheur.problems.packing.levels.kernels import SCALARS

from .open_levels import ARGUMENTS, LEFT, offers

__all__ = ["flat_levels", "warm_up_flat_levels"]

_CAPACITY = 60
_ITEMS = np.random.RandomState(7).randint(1, 40, size=80).astype(np.int64)
_ASKED = (0, 1, 5, 17, 40, 79)  # of these items, with ever more levels


@cache
def _offers() -> list[tuple[Any, ...]]:
    return offers(_ITEMS, _CAPACITY)


def flat_levels(heuristic: Heuristic, *, horizon: bool) -> FlatHeuristic:
    """Translate a candidate, and see that the translation gives the scores that it gives.

    Args:
        heuristic: The candidate.
        horizon: Whether it is told the items to come.

    Returns:
        A rule of all inputs, whether or not it is told them.

    Raises:
        NotFlat: It is no flat heuristic.
    """
    try:
        flat = translate(heuristic.code, heuristic.entry.__name__, ARGUMENTS, hidden=() if horizon else (LEFT,))
    except (SyntaxError, RecursionError) as error:
        raise NotFlat(f"its source cannot be read ({type(error).__name__})") from error
    with np.errstate(all="ignore"):
        for place in _ASKED:
            shown = _offers()[place]
            told = shown if horizon else (*shown[:LEFT], *shown[LEFT + 1 :])
            try:
                scores = read_scores(heuristic.entry(*(np.copy(each)[()] for each in told)), shown[-1].size)
            except BadScores as error:
                raise NotFlat(str(error)) from error
            if flat.scores(shown).tobytes() != scores.astype(np.float64).tobytes():
                raise NotFlat("its scores are not those of its translation")
    return flat


def warm_up_flat_levels() -> None:
    """Compile what `flat_levels` needs, and have the small stream ready for all candidates."""
    FlatHeuristic(len(ARGUMENTS), np.zeros(0), np.array([[0, SCALARS, 0, 0]], dtype=np.int64)).scores(_offers()[0])
