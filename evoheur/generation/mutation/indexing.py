"""Kinds of what indexing and reductions give.

What an expression in square brackets is, and what a reduction leaves: kinds of parts, gathered entries and statistics of arrays.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from evoheur.generation.mutation.abstract_values import SCALAR, UNKNOWN, AbstractValue, Kind
from evoheur.generation.mutation.named_shapes import ANY_SHAPE, dimensions, is_flat, shape_of

__all__ = ["KEPT", "NEW", "Axis", "located", "part", "picked", "reduced"]


_SELECTING = frozenset({"max", "min", "amax", "amin"})


class Axis(NamedTuple):
    """What stands between two commas of a subscript.

    Attributes:
        dimension: Name of the dimension that results; "" if the axis goes.
        takes: False for a new axis, which comes from no axis of the array.
        gathers: True if entries are picked by a list of positions.
    """

    dimension: str
    takes: bool = True
    gathers: bool = False


KEPT = Axis(":")
NEW = Axis("1", takes=False)


def picked(index: AbstractValue) -> Axis | None:
    """The axis for a number or a list of positions.

    None for masks and what is not understood.
    """
    kind = index.kind
    if kind is None or kind.boolean or not index.integral:
        return None
    if not kind.is_array:
        return Axis("")
    return Axis(dimensions(kind.shape)[0], gathers=True) if is_flat(kind.shape) else None


def part(owner: AbstractValue, axes: Sequence[Axis | None], *, touched: bool = False) -> AbstractValue:
    """An array with a subscript.

    Args:
        owner: The array.
        axes: What stands in the brackets; None for what is not understood.
        touched: True if an edit reaches what stands in the brackets.
    """
    touched = touched or owner.touched
    unknown = UNKNOWN._replace(touched=touched)
    if owner.kind is None or owner.kind.shape in ("", ANY_SHAPE):
        return unknown
    known = [axis for axis in axes if axis is not None]
    rest = list(dimensions(owner.kind.shape))
    if len(known) < len(axes) or sum(axis.takes for axis in known) > len(rest):
        return unknown
    lists = [axis.dimension for axis in known if axis.gathers]
    if len(set(lists)) > 1:
        return unknown
    left: list[str] = []
    paired = False  # two lists of positions pick pairs and leave one axis, as a[rows, columns] does
    for axis in known:
        old = rest.pop(0) if axis.takes else ""
        if axis.dimension and not (axis.gathers and paired):
            left.append(old if axis == KEPT else axis.dimension)
        paired = paired or axis.gathers
    return owner._replace(kind=owner.kind._replace(shape=shape_of((*left, *rest))), touched=touched)


def located(value: AbstractValue, axis: int | None) -> AbstractValue:
    """The position of the largest or smallest entry.

    It is that of a whole vector, or along an axis.
    """
    names = dimensions(value.kind.shape) if value.kind is not None else ()
    if value.kind is None or value.kind.shape == ANY_SHAPE or (axis is None and len(names) != 1):
        return UNKNOWN._replace(touched=value.touched)
    place = axis or 0
    if not -len(names) <= place < len(names):
        return UNKNOWN._replace(touched=value.touched)
    place %= len(names)
    kind = Kind(shape_of(names[:place] + names[place + 1 :]), boolean=False, indexes=names[place])
    return AbstractValue(kind, 0.0, integral=True, touched=value.touched)


def reduced(name: str, value: AbstractValue, axis: int | None = None, *, keepdims: bool = False) -> AbstractValue:
    """What `max`, `mean`, … leave of a value.

    Args:
        name: The reduction.
        value: What is reduced.
        axis: Along which axis; None for all entries.
        keepdims: True to leave an axis of length 1 behind.
    """
    touched = value.touched
    if value.kind is not None and name == "len":
        return AbstractValue(SCALAR, 0.0, integral=True, touched=touched)
    kind = _shrunk(value.kind, axis, keepdims=keepdims)
    if kind is None or (kind.indexes and name not in _SELECTING):
        return UNKNOWN._replace(touched=touched)
    if name in {"std", "var", "norm", "ptp"}:
        return AbstractValue(kind, 0.0, touched=touched)
    low, high = (value.low, value.high) if name != "sum" else (0.0 if value.low >= 0 else -math.inf, math.inf)
    integral = value.integral and (name in _SELECTING or name == "sum")
    return AbstractValue(kind, low, high, integral, value.infinite, touched)


def _shrunk(kind: Kind | None, axis: int | None, *, keepdims: bool) -> Kind | None:
    if kind is None:
        return None
    if axis is None:
        return SCALAR._replace(indexes=kind.indexes)
    names = dimensions(kind.shape)
    if kind.shape == ANY_SHAPE or not -len(names) <= axis < len(names):
        return None
    axis %= len(names)
    return Kind(shape_of(names[:axis] + (("1",) if keepdims else ()) + names[axis + 1 :]), boolean=False, indexes=kind.indexes)
