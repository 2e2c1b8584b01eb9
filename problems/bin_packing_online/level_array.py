"""An array that stands for the bins, whichever are offered.

It computes entry by entry; anything else it refuses. A heuristic that is called with a `LevelArray` in place of the bins shows by what it
does, through NumPy's dispatch protocols (NEP 13, NEP 18), that the score of a bin is a function of the item and of that bin's level, and
of nothing else: not of other bins, of the number of bins, of the bin's place, or of earlier calls. Underneath are NumPy arrays with one
entry per level, on which NumPy itself computes, so that views, types, overflow and changes in place are those of any array.

Only the grid says what an entry stands for. Heuristics may one day be offered more than levels (a bin's place in parts of the row, how many
bins share its level): make a grid of all combinations, hand the heuristic one `LevelArray` per quantity on that grid, and widen the table
by the same axes. What is refused here is refused there for the same reasons.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeAlias

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from .level_entries import is_extreme, unwritten
from .level_grid import LevelGrid, NotByLevel, OfferedCount, refuse
from .level_item import ItemNumber
from .level_names import ENTRYWISE, KEYWORDS, UFUNCS

__all__ = ["LevelArray"]

Places: TypeAlias = NDArray[np.bool_] | None

_UFUNCS = frozenset(getattr(np, name) for names in UFUNCS.values() for name in names)
_ENTRYWISE = frozenset(getattr(np, name) for name in ENTRYWISE)
_DECIDED = {np.max: "max", np.amax: "max", np.min: "min", np.amin: "min", np.any: "any", np.all: "all"}
_TYPES = frozenset(np.dtype(kind) for kind in (np.bool_, np.int64, np.float64))


class LevelArray(NDArrayOperatorsMixin):
    """A stand-in for an array with one entry per bin.

    A heuristic holds it in place of that array.

    Args:
        entries: One per case of the grid, or per case in `places`; of type bool, int64 or float64.
        grid: Says what they stand for.
        places: Of the cases that a boolean index has picked, shape (grid.size,); None for all.
        rising: Whether for every item the entry of `grid.always` is the largest, unless it was changed in place.
    """

    __slots__ = ("entries", "grid", "places", "rising")

    def __init__(self, entries: NDArray[Any], grid: LevelGrid, places: Places = None, *, rising: bool = False) -> None:
        if entries.dtype not in _TYPES:
            raise NotByLevel(f"makes numbers of type {entries.dtype} of the bins")
        self.entries = entries
        self.grid = grid
        self.places = places
        self.rising = rising

    def scores(self) -> NDArray[Any]:
        """The entries for all cases, shape (grid.size,).

        Raises:
            NotByLevel: They are those of some bins only.
        """
        if self.places is not None:
            raise NotByLevel("returns scores of some of the bins")
        return self.entries

    @property
    def size(self) -> "OfferedCount":
        """The number of bins that are offered."""
        if self.places is not None:
            raise NotByLevel("counts the bins that meet a condition")
        return OfferedCount(self.grid)

    @property
    def shape(self) -> tuple["OfferedCount"]:
        """The number of bins, once."""
        return (self.size,)

    @property
    def ndim(self) -> int:
        """The number of dimensions, which is one."""
        return 1

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the entries."""
        self.grid.look()  # 2 ** (3 - item) is a whole number for some items only
        return self.entries.dtype

    def astype(self, dtype: Any, *, copy: bool = True) -> "LevelArray":
        """As of any array."""
        return self.computed(lambda entries: entries.astype(dtype, copy=copy))

    def copy(self) -> "LevelArray":
        """As of any array."""
        return self.computed(lambda entries: entries.copy())

    def ravel(self) -> "LevelArray":
        """As of any array: the same entries, in the same memory."""
        return self.computed(lambda entries: entries.ravel())

    def flatten(self) -> "LevelArray":
        """As of any array: the same entries in other memory."""
        return self.copy()

    def clip(self, *args: Any, **named: Any) -> Any:
        """As of any array."""
        return np.clip(self, *args, **named)

    def round(self, decimals: int = 0) -> Any:
        """As of any array."""
        return np.round(self, decimals)

    def fill(self, value: Any) -> None:
        """As of any array."""
        self.grid.change(self.entries)
        self.entries.fill(_number(value))

    def max(self, axis: int | None = None) -> Any:
        """The largest entry, where it is the same whichever bins are offered."""
        return self.decided("max", axis)

    def min(self, axis: int | None = None) -> Any:
        """The smallest entry, where it is the same whichever bins are offered."""
        return self.decided("min", axis)

    def any(self, axis: int | None = None) -> Any:
        """Whether an entry is true, where offered bins don't matter.

        The answer must be the same whichever bins are offered.
        """
        return self.decided("any", axis)

    def all(self, axis: int | None = None) -> Any:
        """Whether all entries are true, where offered bins don't matter.

        The answer must be the same whichever bins are offered.
        """
        return self.decided("all", axis)

    def computed(self, function: Callable[[NDArray[Any]], NDArray[Any]]) -> "LevelArray":
        """Apply a function that works entry by entry.

        Returns:
            This array itself where the function gives back what it got, and leaves it as it was.

        Raises:
            NotByLevel: The result has another shape or an unusual type.
        """
        result = function(self.entries)
        if result is self.entries:
            return self
        made = _made(result, [self])
        made.rising = self.rises() and made.entries.dtype != np.bool_
        return made

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple[Any, ...] = (), where: Any = True, **named: Any
    ) -> "LevelArray":
        if method != "__call__" or ufunc not in _UFUNCS or not named.keys() <= {"dtype"}:
            raise NotByLevel(f"uses np.{ufunc.__name__}{'' if method == '__call__' else '.' + method} on the bins")
        if where is not True and not out:
            raise NotByLevel(f"leaves entries undefined by np.{ufunc.__name__} with where= and without out=")
        if out and not isinstance(out[0], LevelArray):
            raise NotByLevel(f"puts np.{ufunc.__name__} of the bins into something else")
        if where is not True:
            named["where"] = _plain(where)
        if out:
            named["out"] = out[0].entries
        arrays = _meeting((*inputs, *out, where))
        made = _made(ufunc(*map(_plain, inputs), **named), arrays)
        # Whole numbers are exact and floats round monotonically, so taking the item off every entry leaves the order as it was.
        if ufunc is np.subtract and inputs[1] is self.grid.item and isinstance(inputs[0], LevelArray):
            made.rising = inputs[0].rises()
        return made

    def __array_function__(self, function: Any, types: Any, args: Sequence[Any], named: dict[str, Any]) -> Any:
        if function in _DECIDED and len(args) == 1 and isinstance(args[0], LevelArray) and named.keys() <= {"axis"}:
            return args[0].decided(_DECIDED[function], **named)
        if function in {np.size, np.shape, np.ndim} and len(args) == 1 and not named:
            return getattr(args[0], function.__name__)
        if function not in _ENTRYWISE or not named.keys() <= KEYWORDS or (function is np.where and len(args) != 3):
            raise NotByLevel(f"uses np.{function.__name__} on the bins")
        plain = _members if function is np.select else _plain
        values = [*args, *named.values()]
        arrays = _meeting([each for value in values for each in (value if isinstance(value, (list, tuple)) else (value,))])
        result = function(*map(plain, args), **{name: plain(value) for name, value in named.items()})
        if function is np.empty_like:
            args[0].grid.look()
            result = unwritten(result)
        return _made(result, arrays)

    # Operators go through the universal functions, except powers: NumPy's operator computes some of them otherwise (x ** 0.5 is a root).

    def __pow__(self, other: Any) -> "LevelArray":
        arrays = _meeting((self, other))
        return _made(self.entries ** _plain(other), arrays)

    def __rpow__(self, other: Any) -> "LevelArray":
        return _made(_plain(other) ** self.entries, [self])

    def __ipow__(self, other: Any) -> "LevelArray":  # noqa: PYI034 - no subclass is made
        arrays, entries = _meeting((self, other)), self.entries
        entries **= _plain(other)
        return _made(entries, arrays)

    def __getitem__(self, index: Any) -> "LevelArray":
        if _is_whole(index):
            return LevelArray(self.entries[:], self.grid, self.places, rising=self.rises())
        places = self._picked(index)
        self.grid.look()
        return LevelArray(self.entries[index.entries], self.grid, places)

    def __setitem__(self, index: Any, value: Any) -> None:
        places = self.places if _is_whole(index) else self._picked(index)
        if isinstance(value, LevelArray) and not _same(places, value.places):
            raise NotByLevel("moves numbers between bins")
        self.grid.change(self.entries)
        self.entries[... if _is_whole(index) else index.entries] = _plain(value)

    def __getattr__(self, name: str) -> NoReturn:
        raise NotByLevel(f"uses .{name} of the bins")

    def _picked(self, index: Any) -> Places:
        # Where the entries stand that a boolean index picks of this array.
        if not isinstance(index, LevelArray) or index.entries.dtype != np.bool_ or not _same(self.places, index.places):
            raise NotByLevel("picks bins by position or order")
        if self.places is None:
            places = index.entries.copy()
        else:
            places = self.places.copy()
            places[self.places] = index.entries
        return None if places.all() else places

    def rises(self) -> bool:
        """Whether `grid.always` has the largest entry for every item."""
        return self.rising and not self.grid.is_changed(self.entries)

    def decided(self, what: str, axis: int | None = None) -> Any:
        """Reduce to one entry, where that is the same whichever bins are offered.

        It is if the bin that always is offered decides it alone, or if all agree.

        Args:
            what: "max", "min", "any" or "all".
            axis: Of the only one that there is.

        Raises:
            NotByLevel: It depends on the bins that are offered.
        """
        if axis not in {None, 0, -1}:
            raise NotByLevel(f"uses .{what}() along axis {axis!r}")
        entries = self.entries
        if self.grid.item is not None and what == "max" and self.rises() and self.places is None:
            return ItemNumber(entries[self.grid.always])
        self.grid.look()
        truths = entries != 0
        if what in {"any", "all"} and (truths.all() if what == "all" else not truths.any()):
            return np.bool_(what == "all")
        if self.places is None or self.places[self.grid.always]:
            place = self.grid.always if self.places is None else int(np.count_nonzero(self.places[: self.grid.always]))
            kept = entries[place]
            if what in {"any", "all"} and bool(kept) == (what == "any"):
                return np.bool_(what == "any")
            if what in {"max", "min"} and is_extreme(kept, entries, what):
                return kept
        raise NotByLevel(f"uses .{what}(), which depends on the bins that are offered")


def _meeting(operands: Iterable[Any]) -> list[LevelArray]:
    """The arrays among the operands of one operation.

    They must stand for the same bins.
    """
    arrays = [operand for operand in operands if isinstance(operand, LevelArray)]
    if any(not _same(arrays[0].places, array.places) for array in arrays[1:]):
        raise NotByLevel("lets numbers of different bins meet")
    return arrays


def _made(result: Any, arrays: Sequence[LevelArray]) -> LevelArray:
    """Wrap the result of an operation on arrays.

    It is a new array, or one of them, changed in place.
    """
    for array in arrays:
        if result is array.entries:
            array.grid.change(result)
            return array
    if not isinstance(result, np.ndarray) or result.shape != arrays[0].entries.shape:
        raise NotByLevel("makes something else than one number per bin of the bins")
    return LevelArray(result, arrays[0].grid, arrays[0].places)


def _same(one: Places, other: Places) -> bool:
    return one is other or (one is not None and other is not None and bool(np.array_equal(one, other)))


def _is_whole(index: Any) -> bool:
    if isinstance(index, slice):
        return index.start in (None, 0) and index.stop is None and index.step in (None, 1)
    return index is Ellipsis


def _plain(value: Any) -> Any:
    """What NumPy gets for an operand.

    It gets entries, or something that is the same for all bins.
    """
    if isinstance(value, LevelArray):
        return value.entries
    if isinstance(value, ItemNumber):
        return value.value
    if isinstance(value, (OfferedCount, list, tuple, set, dict)) or (isinstance(value, np.ndarray) and value.ndim):
        raise NotByLevel(f"lets the bins meet {_described(value)}")
    return value


def _members(value: Any) -> Any:
    return [_plain(member) for member in value] if isinstance(value, (list, tuple)) else _plain(value)


def _number(value: Any) -> Any:
    if isinstance(value, LevelArray):
        raise NotByLevel("puts the bins where one number is wanted")
    return _plain(value)


def _described(value: Any) -> str:
    return "their number" if isinstance(value, OfferedCount) else f"a {type(value).__name__}"


refuse(
    LevelArray, "__array__ __int__ __float__ __complex__ __index__ __round__", "uses all bins at once where one number is wanted"
)
refuse(LevelArray, "__bool__", "makes a condition depend on all bins at once")
refuse(LevelArray, "__iter__ __len__ __reversed__", "loops over the bins")
refuse(LevelArray, "__contains__", "searches the bins")
refuse(LevelArray, "__str__ __repr__ __format__", "writes the bins down")
