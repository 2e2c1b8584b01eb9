"""A candidate as a flat heuristic, held against the candidate itself."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from evoheur.problem import Heuristic
from evoheur.problems.returned_numbers import BadAnswer, real_numbers

from .flat_heuristic import FlatHeuristic
from .flat_values import NotFlat
from .translation import translate

__all__ = ["proved_translation"]


def proved_translation(heuristic: Heuristic, arguments: Sequence[bool], calls: Iterable[tuple[Any, ...]]) -> FlatHeuristic:
    """Translate a candidate, and see that the translation gives the scores that it gives, bit by bit.

    Args:
        heuristic: The candidate; its first function is translated.
        arguments: For each of its arguments, whether it is a vector.
        calls: What it is shown, argument by argument; the last one has as many entries as there are scores. Never changed.

    Raises:
        NotFlat: It is no flat heuristic.
    """
    name = heuristic.entry.__name__
    try:
        flat = translate(heuristic.code, name, arguments)
    except (SyntaxError, RecursionError) as error:
        raise NotFlat(f"its source cannot be read ({type(error).__name__})") from error
    with np.errstate(all="ignore"):
        for shown in calls:
            try:
                scores = real_numbers(heuristic(*(np.copy(each)[()] for each in shown)), shown[-1].shape, name)
            except BadAnswer as error:
                raise NotFlat(str(error)) from error
            if flat.scores(shown).tobytes() != scores.tobytes():
                raise NotFlat("its scores are not those of its translation")
    return flat
