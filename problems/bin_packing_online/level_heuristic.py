"""A candidate, called with stand-ins for the bins.

Its scores come by level, if by nothing else.
"""

import ast
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .level_array import LevelArray
from .level_grid import LevelGrid, NotByLevel
from .level_item import ItemNumber, ValueAsked
from .level_names import CANDIDATE_FAULTS
from .level_namespace import namespace
from .level_screen import kept_between_calls, screen

__all__ = ["LevelHeuristic", "placed"]

_FILE = "<heuristic by level>"


class LevelHeuristic:
    """A heuristic that scores bins by their levels.

    That is, as far as calls have shown.

    Args:
        code: Source that parses.
        function: Name of the heuristic in it, which takes the item and the free spaces.

    Raises:
        NotByLevel: The source may keep state, or cannot be executed among stand-ins.
    """

    def __init__(self, code: str, function: str) -> None:
        try:
            tree = ast.parse(code)
            screen(tree)
            self._module = namespace("heuristic")
            exec(compile(tree, _FILE, "exec"), self._module)  # noqa: S102 - beside the candidate, where it was executed before
            self._heuristic = self._module[function]
            self._kept = kept_between_calls(self._module)
        except CANDIDATE_FAULTS as error:
            raise NotByLevel(f"raised {type(error).__name__} among stand-ins") from error
        except NotByLevel as refusal:
            raise placed(refusal) from None

    def scores(self, size: int, levels: NDArray[np.int64]) -> NDArray[Any]:
        """Score every level, in one call.

        Args:
            size: Of the item.
            levels: Rising, shape (levels,); the last one is offered in every call.

        Returns:
            Scores, shape (levels,): whichever of these levels are offered, how often and in which order, each bin's score is that of its
            level, and of this type.

        Raises:
            NotByLevel: The scores may depend on more, or they are kept from call to call.
        """
        try:
            return self._asked(size, LevelGrid(size=levels.size, always=levels.size - 1), levels)
        except NotByLevel as refusal:
            raise placed(refusal) from None

    def is_shown_at_once(self, levels: NDArray[np.int64]) -> bool:
        """Whether one call shows `scores` raises no refusal.

        It shows that `scores` raises nothing but errors of the heuristic's own, for any item. That is so where nothing the heuristic does
        depends on the size of the item or on entries of arrays, only what comes of it. Which is most heuristics; for the others, and for
        all that are refused, nothing is known.

        Args:
            levels: Of all bins that have room for an item of size 1, rising, shape (levels,).
        """
        item = ItemNumber(1)
        try:
            self._asked(item, LevelGrid(size=levels.size, always=levels.size - 1, item=item), levels)
        except (NotByLevel, ValueAsked, *CANDIDATE_FAULTS):
            return False
        return True

    def _asked(self, item: int | ItemNumber, grid: LevelGrid, levels: NDArray[np.int64]) -> NDArray[Any]:
        answer = self._heuristic(item, LevelArray(levels.copy(), grid, rising=True))
        if not isinstance(answer, LevelArray):
            raise NotByLevel(f"returns a {type(answer).__name__}, made of no bins")
        if kept_between_calls(self._module) != self._kept:
            raise NotByLevel("changes what the next call finds")
        return answer.scores()


def placed(refusal: NotByLevel) -> NotByLevel:
    """The refusal with the line of the heuristic.

    It is the line that led to it, where one did.
    """
    line, step = 0, refusal.__traceback__
    while isinstance(step, TracebackType):
        if step.tb_frame.f_code.co_filename == _FILE:
            line = step.tb_lineno
        step = step.tb_next
    return NotByLevel(f"line {line}: {refusal}") if line else refusal
