"""An array that stands for the offered bins, by level and by place.

A heuristic that is called with one in place of the bins shows by what it does which formula it is. What depends on levels alone, NumPy
itself computes, once per level; what depends on places too, or on all offered bins, becomes steps of a formula. Anything else is refused.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from evoheur.problems.flat_heuristics.flat_values import FlatValue, Kind

from .level_entries import is_extreme
from .level_grid import NotByLevel, refuse
from .level_names import UFUNCS
from .offer import Offer, OfferValue, is_by_level
from .offered_number import OfferedNumber

__all__ = ["OfferedArray", "OfferedCell", "operand"]

_UFUNCS = frozenset(getattr(np, name) for names in UFUNCS.values() for name in names)
_TYPES = {"truth": np.dtype(np.bool_), "whole": np.dtype(np.int64), "float": np.dtype(np.float64)}
_KINDS: Mapping[np.dtype[Any], Kind] = {np.dtype(np.bool_): "truth", np.dtype(np.int64): "whole", np.dtype(np.float64): "float"}


class OfferedCell:
    """Where an array's numbers are; views of it have the same cell."""

    __slots__ = ("value",)

    def __init__(self, value: OfferValue) -> None:
        if isinstance(value, np.ndarray) and value.dtype not in _KINDS:
            raise NotByLevel(f"makes numbers of type {value.dtype} of the bins")
        self.value = value


class OfferedArray(NDArrayOperatorsMixin):
    """A stand-in for an array with one entry per offered bin.

    Args:
        cell: Where its numbers are.
        offer: That it belongs to.
        picked: The condition on bins by which it was picked; None for all bins.
    """

    __slots__ = ("cell", "offer", "picked")

    def __init__(self, cell: OfferedCell, offer: Offer, picked: OfferValue | None = None) -> None:
        self.cell = cell
        self.offer = offer
        self.picked = picked

    @property
    def value(self) -> OfferValue:
        """Its numbers by level, or their value in the formula."""
        return self.cell.value

    def whole(self) -> FlatValue:
        """The value in the formula of an array of all bins.

        Raises:
            NotByLevel: It has an entry for some of them only.
        """
        if self.picked is not None:
            raise NotByLevel("returns scores of some of the bins")
        return self.offer.flat(self.value)

    @property
    def size(self) -> OfferedNumber:
        """How many bins are offered."""
        if self.picked is not None:
            raise NotByLevel("counts the bins that meet a condition by picking them")
        return OfferedNumber(self.offer.count, self.offer, beyond=0)

    @property
    def shape(self) -> tuple[OfferedNumber]:
        """The number of bins, once."""
        return (self.size,)

    @property
    def ndim(self) -> int:
        """The number of dimensions, which is one."""
        return 1

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the entries."""
        return self.value.dtype if isinstance(self.value, np.ndarray) else _TYPES[self.value.kind]

    def astype(self, dtype: Any, *, copy: bool = True) -> "OfferedArray":
        """As of any array."""
        wanted = np.dtype(dtype)
        if not copy and wanted == self.dtype:
            return self
        if isinstance(self.value, np.ndarray):
            return self._made(self.value.astype(wanted))
        return self._made(_converted(self.value, wanted))

    def copy(self) -> "OfferedArray":
        """As of any array."""
        return self._made(self.value.copy() if isinstance(self.value, np.ndarray) else self.value)

    def flatten(self) -> "OfferedArray":
        """As of any array."""
        return self.copy()

    def ravel(self) -> "OfferedArray":
        """As of any array: the same entries, in the same memory."""
        return OfferedArray(self.cell, self.offer, self.picked)

    def clip(self, *args: Any, **named: Any) -> Any:
        """As of any array."""
        return np.clip(self, *args, **named)

    def round(self, decimals: int = 0) -> Any:
        """As of any array."""
        return np.round(self, decimals)

    def fill(self, value: Any) -> None:
        """As of any array."""
        self[...] = value

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple[Any, ...] = (), where: Any = True, **named: Any
    ) -> "OfferedArray":
        if method != "__call__" or ufunc not in _UFUNCS or named:
            raise NotByLevel(f"uses np.{ufunc.__name__}{'' if method == '__call__' else '.' + method} on the bins")
        if (where is not True and not out) or (out and not isinstance(out[0], OfferedArray)):
            raise NotByLevel(f"puts np.{ufunc.__name__} of the bins into something else")
        values = [operand(each) for each in inputs]
        picked = meeting((*inputs, *out, where))
        target: Any = out[0] if out else None
        made: Any
        if is_by_level([*values, *([target.value, operand(where)] if target is not None else [])]):
            if target is None:
                return OfferedArray(OfferedCell(_shaped(ufunc(*values), self.offer)), self.offer, picked)
            fresh = target.value.copy()
            ufunc(*values, out=fresh, where=operand(where))
            target.cell.value = fresh
            assert isinstance(target, OfferedArray), "it was looked at above"
            return target
        made = self.offer.step(ufunc.__name__, *values)
        if target is None:
            return OfferedArray(OfferedCell(made), self.offer, picked)
        made = _cast(self.offer, made, target, into_whole=False)
        target.cell.value = made if where is True else self.offer.where(operand(where), made, target.value)
        assert isinstance(target, OfferedArray), "it was looked at above"
        return target

    def __array_function__(self, function: Any, types: Any, args: Sequence[Any], named: dict[str, Any]) -> Any:
        from .offered_functions import FUNCTIONS  # noqa: PLC0415 - which make arrays of this class

        if function not in FUNCTIONS:
            raise NotByLevel(f"uses np.{function.__name__} on the bins")
        try:
            return FUNCTIONS[function](*args, **named)
        except TypeError as error:
            raise NotByLevel(f"uses np.{function.__name__} in an unusual way ({error})") from error

    # NumPy's operator computes some powers otherwise than its function does (x ** 0.5 is a root).

    def __pow__(self, other: Any) -> "OfferedArray":
        return self._raised(self, other)

    def __rpow__(self, other: Any) -> "OfferedArray":
        return self._raised(other, self)

    def __ipow__(self, other: Any) -> "OfferedArray":  # noqa: PYI034 - no subclass is made
        made = self._raised(self, other)
        if not isinstance(made.value, np.ndarray) or made.dtype != self.dtype:
            raise NotByLevel("raises numbers of places to a power where they are")
        self.cell.value = made.value
        return self

    def _raised(self, base: Any, exponent: Any) -> "OfferedArray":
        one, two = operand(base), operand(exponent)
        picked = meeting((base, exponent))
        if is_by_level([one, two]):
            return OfferedArray(OfferedCell(_shaped(one**two, self.offer)), self.offer, picked)
        return OfferedArray(OfferedCell(self.offer.step("power", one, two)), self.offer, picked)

    def __getitem__(self, index: Any) -> "OfferedArray":
        if _is_all(index):
            return OfferedArray(self.cell, self.offer, self.picked)
        if self.picked is not None:
            raise NotByLevel("picks bins twice")
        return OfferedArray(OfferedCell(self.copy().value), self.offer, self._condition(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        new, held = operand(value), cast("Any", self.value)
        if _is_all(index):
            meeting((self, value))
            if is_by_level([self.value, new]):
                fresh = held.copy()
                fresh[:] = new
                self.cell.value = fresh
            else:
                self.cell.value = _cast(self.offer, self.offer.flat(new), self, into_whole=True)
            return
        condition: Any = self._at(index)
        if isinstance(value, OfferedArray) and not _same(value.picked, condition):
            raise NotByLevel("moves numbers between bins")
        if is_by_level([self.value, condition, new]):
            fresh = held.copy()
            fresh[condition] = new[condition] if isinstance(new, np.ndarray) and new.ndim else new
            self.cell.value = fresh
            return
        kept = _cast(self.offer, self.offer.flat(new), self, into_whole=True)
        self.cell.value = self.offer.where(condition, kept, self.value)

    def __getattr__(self, name: str) -> Any:
        from .offered_functions import METHODS  # noqa: PLC0415 - which make arrays of this class

        if name not in METHODS:
            raise NotByLevel(f"uses .{name} of the bins")
        return lambda *args, **named: METHODS[name](self, *args, **named)

    def _made(self, value: OfferValue) -> "OfferedArray":
        return OfferedArray(OfferedCell(value), self.offer, self.picked)

    def _at(self, index: Any) -> OfferValue:
        # The condition that an index of a place or a condition stands for.
        if type(index) is int and self.picked is None:
            place = index if index >= 0 else OfferedNumber(self.offer.count, self.offer) + index
            if index not in {0, -1}:
                raise NotByLevel("writes to a place that there may not be")
            return self.offer.step("equal", self.offer.place, operand(place))
        return self._condition(index)

    def _condition(self, index: Any) -> OfferValue:
        if not isinstance(index, OfferedArray) or index.dtype != np.bool_ or not _same(self.picked, index.picked):
            raise NotByLevel("picks bins by position or order")
        return index.value

    def decided(self, what: str) -> Any:
        """The smallest or largest entry, or whether any or all are true.

        It is a plain number where it is the same whichever bins are offered, because the bin that was never opened decides it.

        Args:
            what: "min", "max", "any" or "all".
        """
        if self.picked is not None:
            raise NotByLevel(f"uses the {what} of the bins that meet a condition")
        value = self.value
        if isinstance(value, np.ndarray):
            entries = value != 0 if what in {"any", "all"} else value
            extreme = {"any": "max", "all": "min"}.get(what, what)
            if is_extreme(entries[-1], entries, extreme) and not np.isnan(entries[-1]):
                return entries[-1]
            return OfferedNumber(self.offer.reduced(extreme, entries), self.offer)
        if what in {"any", "all"}:
            raise NotByLevel(f"asks whether {what} of the places meet a condition")
        if value.register == self.offer.place.register:
            return 0 if what == "min" else OfferedNumber(self.offer.count, self.offer, beyond=0) - 1
        return OfferedNumber(self.offer.reduced(what, value), self.offer)


def operand(value: Any) -> Any:
    """What an operand is for NumPy or for a formula."""
    if isinstance(value, (OfferedArray, OfferedNumber)):
        return value.value
    if isinstance(value, (list, tuple, set, dict)) or (isinstance(value, np.ndarray) and value.ndim):
        raise NotByLevel(f"lets the bins meet a {type(value).__name__}")
    return value


def meeting(operands: Sequence[Any]) -> OfferValue | None:
    """The condition by which the arrays among operands were picked.

    Raises:
        NotByLevel: They stand for different bins.
    """
    arrays = [each for each in operands if isinstance(each, OfferedArray)]
    if any(not _same(arrays[0].picked, each.picked) for each in arrays[1:]):
        raise NotByLevel("lets numbers of different bins meet")
    return arrays[0].picked if arrays else None


def _same(one: OfferValue | None, other: OfferValue | None) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return bool(np.array_equal(one, other))
    if isinstance(one, FlatValue) and isinstance(other, FlatValue):
        return one.register == other.register
    return one is other


def _shaped(result: Any, offer: Offer) -> Any:
    if not isinstance(result, np.ndarray) or result.shape != offer.levels.shape:
        raise NotByLevel("makes something else than one number per bin of the bins")
    return result


def _converted(value: FlatValue, wanted: np.dtype[Any]) -> FlatValue:
    if wanted not in _KINDS or (_KINDS[wanted] != value.kind and _KINDS[wanted] == "truth"):
        raise NotByLevel(f"converts places to {wanted}")
    if _KINDS[wanted] == "whole" and value.kind == "float":
        raise NotByLevel("rounds what depends on places to whole numbers")
    return FlatValue(value.register, vector=value.vector, kind=_KINDS[wanted], bound=value.bound, constant=None)


def _cast(offer: Offer, new: FlatValue, target: OfferedArray, *, into_whole: bool) -> FlatValue:
    # What an array holds after such numbers were written into it.
    kind = _KINDS[target.dtype]
    if (
        kind == new.kind
        or (kind == "float" and (new.kind == "whole" or into_whole))
        or (kind == "whole" and new.kind == "truth" and into_whole)
    ):
        if not new.vector:
            new = offer.where(np.ones(offer.levels.size, dtype=np.bool_), new, new)
        return FlatValue(new.register, vector=True, kind=kind, bound=new.bound)
    raise NotByLevel("writes numbers of another kind into an array")


def _is_all(index: Any) -> bool:
    if isinstance(index, slice):
        return index.start in (None, 0) and index.stop is None and index.step in (None, 1)
    return index is Ellipsis


refuse(
    OfferedArray,
    "__array__ __int__ __float__ __complex__ __index__ __round__",
    "uses all bins at once where one number is wanted",
)
refuse(OfferedArray, "__bool__", "makes a condition depend on all bins at once")
refuse(OfferedArray, "__iter__ __len__ __reversed__", "loops over the bins")
refuse(OfferedArray, "__contains__", "searches the bins")
refuse(OfferedArray, "__str__ __repr__ __format__", "writes the bins down")
