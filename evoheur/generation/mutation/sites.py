"""Which expressions of a function can be exchanged for others, and which numbers for other numbers."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from evoheur.generation.mutation.building import literal, operands
from evoheur.generation.mutation.functions import ELEMENTWISE, REDUCTIONS, function_name
from evoheur.generation.mutation.inference import Inference
from evoheur.generation.mutation.slots import Slot
from evoheur.generation.mutation.values import Kind, Value

__all__ = ["Number", "Site", "find_numbers", "find_sites"]

_OPEN_CALLS = frozenset({*ELEMENTWISE, "where", "power", "max", "min"})  # calls whose arguments may be any numbers
_SHAPED_CALLS = frozenset({"zeros_like", "ones_like", "empty_like", "full_like"})
_HARMLESS_CALLS = _OPEN_CALLS | REDUCTIONS | _SHAPED_CALLS | {"len"}
_SKIPPED_FIELDS = frozenset({"annotation", "returns", "decorator_list", "keywords", "func", "iter"})


class Site(NamedTuple):
    """An expression of known kind in a place that takes any other of that kind.

    Attributes:
        slot: Where it hangs.
        kind: What may replace it.
        value: What is known of it.
        scope: The variables that a replacement may use.
        returned: True if it is a value that the function returns, whole.
        parts: Its operands of the same kind, any of which could stand in its place.
    """

    slot: Slot
    kind: Kind
    value: Value
    scope: Mapping[str, Value]
    returned: bool
    parts: tuple[ast.expr, ...]

    @property
    def node(self) -> ast.expr:
        """The expression."""
        node: ast.expr = self.slot.get()
        return node


class Number(NamedTuple):
    """A numeric literal that may become another number.

    Attributes:
        slot: Where it hangs, its sign included.
        value: The number.
        exponent: True if it is an exponent, so that fractions would ask for a positive base.
    """

    slot: Slot
    value: float
    exponent: bool


def find_sites(function: ast.FunctionDef, inference: Inference) -> list[Site]:
    """The exchangeable expressions of a function, in the order of the source.

    Variables that serve as index, as length or as argument of an unknown function are left as they are: any number would not do there.
    """
    frozen = _structural_names(function)
    found: list[Site] = []
    for statement, scope in inference.scopes.items():
        known = {variable: value for variable, value in scope.items() if value.known and not value.infinite}
        for slot in _roots(statement):
            if not _may_vary(statement, frozen, inference.values.get(slot.get())):
                continue
            returned = isinstance(statement, ast.Return)
            found.extend(_exchangeable(slot, inference, known, returned=returned))
    return found


def find_numbers(tree: ast.AST) -> list[Number]:
    """The numbers below a node that may become other numbers: not lengths, indices, axes, digits or names."""
    return list(_numbers(tree))


def _numbers(tree: ast.AST) -> Iterator[Number]:
    for slot in _children(tree):
        node = slot.get()
        if (value := literal(node)) is not None:
            exponent = slot.field == "right" and isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Pow)
            exponent = exponent or (isinstance(tree, ast.Call) and function_name(tree) == "power" and slot.position == 1)
            yield Number(slot, value, exponent)
        else:
            yield from _numbers(node)


def _children(node: ast.AST) -> Iterator[Slot]:
    """Child slots, those left out where numbers are no quantities."""
    match node:
        case ast.Subscript(slice=index):
            if isinstance(index, ast.Compare) or _is_logical(index):
                yield Slot(node, "slice")
            return
        case ast.BinOp(op=ast.LShift() | ast.RShift()) | ast.JoinedStr():
            return
        case ast.BinOp(left=left, right=right) if _is_logical(node):
            yield from (Slot(node, side) for side, operand in (("left", left), ("right", right)) if literal(operand) is None)
            return
    for field, child in ast.iter_fields(node):
        if field in _SKIPPED_FIELDS or (field == "args" and not _takes_numbers(node)):
            continue
        if isinstance(child, ast.AST):
            yield Slot(node, field)
        elif isinstance(child, list):
            yield from (Slot(node, field, position) for position, entry in enumerate(child) if isinstance(entry, ast.AST))


def _is_logical(node: ast.AST) -> bool:
    """True for (a > 1) & (b < 2) and the like; numbers right beside the operator would be bits."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.BitXor))


def _takes_numbers(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and function_name(node) in _OPEN_CALLS


def _roots(statement: ast.stmt) -> Iterator[Slot]:
    """The expressions of one statement, without those of the statements inside it."""
    match statement:
        case ast.Assign(targets=[ast.Subscript() as target]):
            yield Slot(target, "slice")
            yield Slot(statement, "value")
        case ast.Assign(targets=[ast.Name()]) | ast.AugAssign(target=ast.Name()):
            yield Slot(statement, "value")
        case ast.AnnAssign(target=ast.Name(), value=ast.expr()) | ast.Return(value=ast.expr()):
            yield Slot(statement, "value")
        case ast.If():
            yield Slot(statement, "test")


def _may_vary(statement: ast.stmt, frozen: frozenset[str], value: Value | None) -> bool:
    """False for an assignment to a variable with another duty than being a quantity; masks may always vary."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)])
            | ast.AugAssign(target=ast.Name(id=name))
            | ast.AnnAssign(target=ast.Name(id=name))
        ):
            mask = value is not None and value.kind is not None and value.kind.is_array and value.kind.boolean
            return mask or name not in frozen
    return True


def _exchangeable(slot: Slot, inference: Inference, scope: Mapping[str, Value], *, returned: bool = False) -> Iterator[Site]:
    node = slot.get()
    value = inference.values.get(node)
    if value is None:
        return
    if value.kind is not None and _fits(slot, value.kind):
        parts = [part for part in _parts(node) if part in inference.values and inference.values[part].kind == value.kind]
        yield Site(slot, value.kind, value, scope, returned, tuple(parts))
    for child in _operand_slots(node):
        yield from _exchangeable(child, inference, scope)


def _parts(node: ast.expr) -> list[ast.expr]:
    """Operands that could stand for the whole; those of a call such as np.zeros_like(a) say something else than it does."""
    return [] if isinstance(node, ast.Call) and function_name(node) in _SHAPED_CALLS else operands(node)


def _fits(slot: Slot, kind: Kind) -> bool:
    """An index that is no mask stays: any number would not do."""
    return slot.field != "slice" or (kind.is_array and kind.boolean)


def _operand_slots(node: ast.expr) -> Iterator[Slot]:
    match node:
        case ast.BinOp(op=ast.Pow()):
            yield Slot(node, "left")
        case ast.BinOp():
            yield Slot(node, "left")
            yield Slot(node, "right")
        case ast.UnaryOp():
            if literal(node) is None:
                yield Slot(node, "operand")
        case ast.Compare(ops=[_]):
            yield Slot(node, "left")
            yield Slot(node, "comparators", 0)
        case ast.BoolOp(values=values):
            yield from (Slot(node, "values", position) for position in range(len(values)))
        case ast.IfExp():
            yield from (Slot(node, field) for field in ("test", "body", "orelse"))
        case ast.Call(func=ast.Attribute(attr="astype" | "copy") as method):
            yield Slot(method, "value")
        case ast.Call(args=arguments) if function_name(node) in _OPEN_CALLS and len(arguments) > (
            function_name(node) in {"max", "min"}
        ):
            last = 1 if function_name(node) == "power" else len(arguments)
            yield from (Slot(node, "args", position) for position in range(last))
        case ast.Subscript():
            yield Slot(node, "slice")
        case ast.ListComp():
            yield Slot(node, "elt")


def _structural_names(function: ast.FunctionDef) -> frozenset[str]:
    """Variables in places where not any number will do: indices, ranges, exponents, arguments of unknown functions."""
    names: set[str] = set()
    for node in ast.walk(function):
        match node:
            case ast.Subscript(slice=index) if not isinstance(index, ast.Compare):
                names.update(_names(index))
            case ast.Call(args=arguments) if function_name(node) not in _HARMLESS_CALLS:
                names.update(*(_names(argument) for argument in arguments))
            case ast.BinOp(op=ast.Pow(), right=exponent):
                names.update(_names(exponent))
            case ast.For(iter=iterable):
                names.update(_names(iterable))
    return frozenset(names)


def _names(node: ast.expr) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
