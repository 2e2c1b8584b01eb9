"""Sites of edits: expressions and numbers that can be exchanged.

An expression gives way to other expressions, a number to other numbers.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from evoheur.code.syntax import walked
from evoheur.generation.mutation.abstract_values import AbstractValue, Kind
from evoheur.generation.mutation.inference import Inference
from evoheur.generation.mutation.known_functions import DECIDING, ELEMENTWISE, LOCATING, REDUCTIONS, function_name
from evoheur.generation.mutation.slots import Slot
from evoheur.generation.mutation.tree_building import literal, operands

__all__ = ["Number", "Site", "decisions", "filled", "find_numbers", "find_sites"]

_SMALLEST = 1e-6  # smaller numbers keep divisors from 0 or break ties; another one would do the same
_OPEN_CALLS = frozenset({*ELEMENTWISE, "where", "power", "max", "min"})  # calls whose arguments may be any numbers
_SHAPED_CALLS = frozenset({"zeros_like", "ones_like", "empty_like", "full_like"})
_MAKING_CALLS = _SHAPED_CALLS | {"zeros", "ones", "empty", "full"}
_HARMLESS_CALLS = _OPEN_CALLS | REDUCTIONS | LOCATING | DECIDING | _SHAPED_CALLS | {"fill_diagonal", "int", "len", "outer"}
_SKIPPED_FIELDS = frozenset({"annotation", "returns", "decorator_list", "keywords", "func", "iter"})


class Site(NamedTuple):
    """An expression that any other of its kind can replace.

    Its kind is known, and its place takes any expression of that kind.

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
    value: AbstractValue
    scope: Mapping[str, AbstractValue]
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
    frozen = _structural_names(function) | filled(function)
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
    """The numbers below a node that may become other numbers.

    Not lengths, indices, axes, digits, names, or what only avoids a 0.
    """
    return list(_numbers(tree))


def _numbers(tree: ast.AST) -> Iterator[Number]:
    for slot in _children(tree):
        node = slot.get()
        if (value := literal(node)) is not None:
            exponent = slot.field == "right" and isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Pow)
            exponent = exponent or (isinstance(tree, ast.Call) and function_name(tree) == "power" and slot.position == 1)
            if value == 0 or abs(value) >= _SMALLEST:
                yield Number(slot, value, exponent)
        else:
            yield from _numbers(node)


def _children(node: ast.AST) -> Iterator[Slot]:
    """Child slots, those left out where numbers are no quantities."""
    match node:
        case ast.Subscript(slice=index):
            if isinstance(index, ast.Compare) or _is_logical(index):
                yield Slot(node, "slice")
            else:
                yield from decisions(index)
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


def filled(function: ast.FunctionDef) -> frozenset[str]:
    """Arrays that are made empty and then filled whole.

    As in x = np.zeros(n), x[:] = …: it is the filling that counts.
    """
    whole: set[str] = set()
    made: set[str] = set()
    for node in walked(function):
        match node:
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=variable), slice=ast.Slice(None, None, None))]):
                whole.add(variable)
            case ast.Assign(targets=[ast.Name(id=variable)], value=ast.Call() as value) if function_name(value) in _MAKING_CALLS:
                made.add(variable)
    return frozenset(whole & made)


def _is_logical(node: ast.AST) -> bool:
    """Whether it is (a > 1) & (b < 2) or the like.

    Numbers right beside the operator would be bits.
    """
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.BitXor))


def _takes_numbers(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and function_name(node) in _OPEN_CALLS | DECIDING | {"int"}


def decisions(tree: ast.AST) -> list[Slot]:
    """The scores by which code chooses, in source order.

    They are what argmin, argmax and argsort are given below a node.
    """
    return [
        Slot(node, "args", 0)
        for node in walked(tree)
        if isinstance(node, ast.Call) and node.args and function_name(node) in DECIDING
    ]


def _roots(statement: ast.stmt) -> Iterator[Slot]:
    """The expressions of one statement, without those of statements inside it."""
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


def _may_vary(statement: ast.stmt, frozen: frozenset[str], value: AbstractValue | None) -> bool:
    """Whether what a statement assigns may vary.

    Not where the variable has another duty than being a quantity; masks may always vary.
    """
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)])
            | ast.AugAssign(target=ast.Name(id=name))
            | ast.AnnAssign(target=ast.Name(id=name))
        ):
            mask = value is not None and value.kind is not None and value.kind.is_array and value.kind.boolean
            return mask or name not in frozen
    return True


def _exchangeable(
    slot: Slot, inference: Inference, scope: Mapping[str, AbstractValue], *, returned: bool = False
) -> Iterator[Site]:
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
    """Operands that could stand for the whole.

    Those of a call such as np.zeros_like(a) say something else than it does.
    """
    return [] if isinstance(node, ast.Call) and function_name(node) in _SHAPED_CALLS else operands(node)


def _fits(slot: Slot, kind: Kind) -> bool:
    """Whether an expression in a slot may be exchanged.

    Between brackets only masks and positions may: any number would not do.
    """
    between = slot.field == "slice" or isinstance(slot.owner, ast.Tuple)
    return bool(kind.indexes) or (kind.is_array and kind.boolean) if between else not kind.indexes


def _operand_slots(node: ast.expr) -> Iterator[Slot]:
    match node:
        case ast.BinOp(op=ast.Pow()):
            yield Slot(node, "left")
        case ast.BinOp():
            yield Slot(node, "left")
            yield Slot(node, "right")
        case ast.UnaryOp() if literal(node) is None:
            yield Slot(node, "operand")
        case ast.Compare(ops=[_]):
            yield Slot(node, "left")
            yield Slot(node, "comparators", 0)
        case ast.BoolOp(values=values):
            yield from (Slot(node, "values", position) for position in range(len(values)))
        case ast.IfExp():
            yield from (Slot(node, field) for field in ("test", "body", "orelse"))
        case ast.Call():
            yield from _argument_slots(node)
        case ast.Subscript():
            yield from _bracket_slots(node)
        case ast.ListComp():
            yield Slot(node, "elt")


def _argument_slots(node: ast.Call) -> Iterator[Slot]:
    function, arguments = function_name(node), node.args
    if isinstance(node.func, ast.Attribute) and node.func.attr in {"astype", "copy"}:
        yield Slot(node.func, "value")
    elif function in DECIDING | {"int"} and arguments:
        yield Slot(node, "args", 0)
    elif function in _OPEN_CALLS and len(arguments) > (function in {"max", "min"}):
        last = 1 if function == "power" else len(arguments)
        yield from (Slot(node, "args", position) for position in range(last))


def _bracket_slots(node: ast.Subscript) -> Iterator[Slot]:
    """The slots of a subscript: array and brackets.

    The array counts unless it is a variable; so does what stands in the brackets.
    """
    if isinstance(node.value, (ast.Subscript, ast.BinOp)):
        yield Slot(node, "value")
    if isinstance(node.slice, ast.Tuple):
        yield from (Slot(node.slice, "elts", position) for position in range(len(node.slice.elts)))
    else:
        yield Slot(node, "slice")


def _structural_names(function: ast.FunctionDef) -> frozenset[str]:
    """Variables in places where not any number will do.

    Such places are indices, ranges, exponents and arguments of unknown functions.
    """
    names: set[str] = set()
    for node in walked(function):
        match node:
            case ast.Subscript(slice=index) if not isinstance(index, ast.Compare):
                scores = {part for slot in decisions(index) for part in walked(slot.get())}
                names.update(part.id for part in walked(index) if isinstance(part, ast.Name) and part not in scores)
            case ast.Call(args=arguments) if function_name(node) not in _HARMLESS_CALLS:
                names.update(*(_names(argument) for argument in arguments))
            case ast.BinOp(op=ast.Pow(), right=exponent):
                names.update(_names(exponent))
            case ast.For(iter=iterable):
                names.update(_names(iterable))
    return frozenset(names)


def _names(node: ast.expr) -> list[str]:
    return [part.id for part in walked(node) if isinstance(part, ast.Name)]
