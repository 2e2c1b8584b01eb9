"""The cases that a heuristic's arrays stand for.

And what a heuristic is not told: how many bins are offered.
"""

from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from .level_item import ItemNumber, ValueAsked

__all__ = ["LevelGrid", "NotByLevel", "OfferedCount", "refuse"]


class NotByLevel(Exception):
    """A heuristic may depend on more than one bin's level.

    It does what may depend on more than the item and that level; the message says what. Never leaves the problem.
    """


@dataclass(slots=True, eq=False)
class LevelGrid:
    """The cases that entries stand for, in one call.

    Attributes:
        size: How many entries there are, one per case that may be offered, each different from the others.
        always: Which of them is offered in every call: the bin that was never opened.
        item: The item, if the call is to stand for those with any other item too.
        changed: Memory of arrays that were changed in place.
    """

    size: int
    always: int
    item: ItemNumber | None = None
    changed: list[NDArray[Any]] = field(default_factory=list)

    def look(self) -> None:
        """Note that what happens next depends on entries.

        Another item would change them.

        Raises:
            ValueAsked: The call is to stand for those with any other item.
        """
        if self.item is not None:
            raise ValueAsked

    def change(self, entries: NDArray[Any]) -> None:
        """Note that entries are changed in place.

        All that share their memory are changed with them.
        """
        if self.item is not None:
            self.changed.append(_memory(entries))

    def is_changed(self, entries: NDArray[Any]) -> bool:
        """Whether entries may have been changed in place."""
        return any(memory is _memory(entries) for memory in self.changed)


def refuse(kind: type, names: str, what: str) -> None:
    """Give a class methods that refuse.

    Their names are given with blanks between them, and so is what a heuristic does that calls one.
    """

    def refused(*_args: Any, **_named: Any) -> NoReturn:
        raise NotByLevel(what)

    for name in names.split():
        setattr(kind, name, refused)


class OfferedCount:
    """The number of bins that are offered.

    It is at least one, and good for making arrays of as many entries.
    """

    __slots__ = ("grid",)

    def __init__(self, grid: LevelGrid) -> None:
        self.grid = grid

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if isinstance(other, OfferedCount) and other.grid is self.grid:
            return True
        return self._compared(below=1, other=other, otherwise=False)

    def __hash__(self) -> int:
        raise NotByLevel("computes with the number of bins")

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __gt__(self, other: object) -> bool:
        return self._compared(below=1, other=other, otherwise=True)

    def __le__(self, other: object) -> bool:
        return not self > other

    def __ge__(self, other: object) -> bool:
        return self._compared(below=1, or_at=True, other=other, otherwise=True)

    def __lt__(self, other: object) -> bool:
        return not self >= other

    def _compared(self, *, below: int, other: object, otherwise: bool, or_at: bool = False) -> bool:
        # Only that there is at least one bin is known.
        if isinstance(other, (int, float, np.number)) and (other < below or (or_at and other == below)):
            return otherwise
        raise NotByLevel("compares the number of bins")


def _memory(entries: NDArray[Any]) -> NDArray[Any]:
    return entries if entries.base is None else entries.base


refuse(
    OfferedCount,
    "__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __floordiv__ __rfloordiv__ __mod__ __rmod__ __pow__ "
    "__rpow__ __divmod__ __rdivmod__ __neg__ __pos__ __abs__ __int__ __float__ __complex__ __index__ __round__ __str__ __repr__ "
    "__format__ __array__ __and__ __or__ __xor__ __lshift__ __rshift__ __invert__ __trunc__ __floor__ __ceil__",
    "computes with the number of bins",
)
