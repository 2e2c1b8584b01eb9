"""Values of operations that combine arrays.

Broadcasting, comparisons, outer products and transposes; also how calls name an axis.
"""

import ast
from collections.abc import Sequence

from evoheur.generation.mutation.abstract_values import UNKNOWN, AbstractValue, Kind, product
from evoheur.generation.mutation.named_shapes import broadcast, dimensions, shape_of

__all__ = ["UNREADABLE", "axis_of", "compared", "outer", "together", "transposed"]

UNREADABLE = 99
"""Stands for an axis that is no number in the code; no array has so many."""


def axis_of(node: ast.Call, given: int) -> tuple[int | None, bool]:
    """The axis and `keepdims` of a reduction; `UNREADABLE` for anything else among its arguments."""
    arguments: dict[str | None, ast.expr] = {keyword.arg: keyword.value for keyword in node.keywords}
    if len(node.args) > given:
        arguments["axis"] = node.args[given]
    if set(arguments) - {"axis", "keepdims"} or len(node.args) > given + 1:
        return UNREADABLE, False
    match arguments.get("axis", ast.Constant(None)):
        case ast.Constant(value=int() | None as axis):
            pass
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as inner)):
            axis = -inner
        case _:
            axis = UNREADABLE
    kept = arguments.get("keepdims")
    return axis, isinstance(kept, ast.Constant) and kept.value is True


def transposed(value: AbstractValue) -> AbstractValue:
    """The value of the transposed array."""
    if value.kind is None:
        return value
    return value._replace(kind=value.kind._replace(shape=shape_of(dimensions(value.kind.shape)[::-1])))


def outer(first: AbstractValue, second: AbstractValue) -> AbstractValue:
    """Every product of an entry of the one vector and an entry of the other."""
    touched = first.touched or second.touched
    kinds = [kind for kind in (first.kind, second.kind) if kind is not None and kind.is_quantity]
    names = [name for kind in kinds for name in dimensions(kind.shape)]
    if len(kinds) < 2 or len(names) != 2:
        return UNKNOWN._replace(touched=touched)
    low, high = product(first, second)
    kind = Kind(shape_of((names[0], names[1])), boolean=False)
    return AbstractValue(kind, low, high, first.integral and second.integral, first.infinite or second.infinite, touched)


def together(*values: AbstractValue) -> Kind | None:
    """The kind that broadcasting gives.

    None if a kind is unknown or a position, or two shapes do not fit.
    """
    shape = ""
    boolean = True
    for value in values:
        kind = value.kind
        if kind is None or kind.indexes:
            return None
        if kind.shape != shape:
            both = broadcast(shape, kind.shape)
            if both is None:
                return None
            shape = both
        boolean = boolean and kind.boolean
    return Kind(shape, boolean)


def compared(values: Sequence[AbstractValue]) -> Kind | None:
    """As `_together`; positions may be compared with positions."""
    return together(*(value._replace(kind=value.kind and value.kind._replace(indexes="")) for value in values))
