"""The numeric constants of a heuristic that can be tuned.

Where they stand in its source, and the same source with others. A number is tuned where another one would do as well: in arithmetic, in
comparisons, as an operand of elementwise functions, as a default. Numbers that count, index or name an axis, a shape or a type are left
alone, since nothing near them means anything.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evoheur.code.program import read_program

__all__ = ["Constant", "find_constants", "with_values"]

MOST = 24
"""So many constants are tuned at the most, those that come first: a search of some dozens of evaluations does not get far with more."""

_DIGITS = 4  # significant ones; more would only make the code harder to read
_ELEMENTWISE = frozenset(
    {"abs", "clip", "float", "max", "maximum", "min", "minimum", "power", "where", "float_power", "full_like"}
)
_WHOLE_OPERATORS = (ast.FloorDiv, ast.Mod, ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr, ast.BitXor, ast.MatMult)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number in a source.

    Attributes:
        start: Its first byte in the UTF-8 source.
        stop: The byte behind it.
        value: The number, without a sign before it.
    """

    start: int
    stop: int
    value: float


def find_constants(code: str) -> list[Constant]:
    """The constants of a source that can be tuned.

    In the order they stand there, at most `MOST`.

    Args:
        code: Source that parses.
    """
    lines = [0]
    for line in code.encode().split(b"\n"):
        lines.append(lines[-1] + len(line) + 1)
    found = []
    for node in _tunable(read_program(code).tree):
        assert node.end_lineno is not None, "a parsed node has an end"
        assert node.end_col_offset is not None, "a parsed node has an end"
        place = lines[node.lineno - 1] + node.col_offset, lines[node.end_lineno - 1] + node.end_col_offset
        assert isinstance(node.value, (int, float)), "only numbers are yielded"
        found.append(Constant(*place, float(node.value)))
    return sorted(found, key=lambda constant: constant.start)[:MOST]


def with_values(code: str, constants: Sequence[Constant], values: Sequence[float]) -> str:
    """The source with other numbers; layout and comments stay.

    Args:
        code: The source.
        constants: As found in it.
        values: One finite number each, written with four significant digits; a constant whose number stays is not touched.
    """
    source = code.encode()
    for constant, value in sorted(zip(constants, values, strict=True), key=lambda pair: -pair[0].start):
        if rounded(value) != rounded(constant.value):
            written = repr(rounded(value))
            text = f"({written})" if written.startswith("-") else written
            source = source[: constant.start] + text.encode() + source[constant.stop :]
    return source.decode()


def rounded(value: float) -> float:
    """The number as it is written."""
    return float(f"{value:.{_DIGITS}g}")


def _tunable(tree: ast.AST) -> Iterator[ast.Constant]:
    """Numbers below a node that can be tuned.

    Whether one can depends on what it stands in.
    """
    whole = _takes_numbers(tree)
    for name, child in _children(tree):
        if isinstance(child, ast.Constant):
            if _is_number(child) and _is_quantity(tree, child, name, whole=whole):
                yield child
        else:
            yield from _tunable(child)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        if _names_no_quantity(node, name):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield name, child


def _names_no_quantity(node: ast.AST, field: str) -> bool:
    """Whether a part of a node holds indices, types or patterns."""
    match node:
        case ast.Subscript():
            return field == "slice"
        case ast.arg() | ast.AnnAssign():
            return field == "annotation"
        case ast.FunctionDef():
            return field in {"decorator_list", "returns"}
        case ast.JoinedStr() | ast.Match():
            return True
    return False


def _is_number(node: ast.Constant) -> bool:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < 1e15  # infinities, and sentinels such as 1e18


def _takes_numbers(node: ast.AST) -> bool:
    """Whether whole numbers directly in a node may be quantities.

    Asked once a node, since a chain has thousands of operands.
    """
    match node:
        case ast.BinOp(op=operator):
            return not isinstance(operator, _WHOLE_OPERATORS)
        case ast.Compare():
            return not _counts(node)
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in _ELEMENTWISE
    return False


def _is_quantity(parent: ast.AST, node: ast.Constant, field: str, *, whole: bool) -> bool:
    """Whether a number in this node could be another one.

    It stands directly in the node; `whole` is what the node's whole numbers are.
    """
    if isinstance(node.value, float):
        return not isinstance(parent, ast.Expr)
    base_of_power = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and field == "left"
    return whole and not base_of_power


def _counts(comparison: ast.Compare) -> bool:
    """Whether it is about a length or a size, or asks for equality."""
    if any(isinstance(operator, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)) for operator in comparison.ops):
        return True
    for side in (comparison.left, *comparison.comparators):
        match side:
            case ast.Call(func=ast.Name(id="len")) | ast.Attribute(attr="size" | "ndim"):
                return True
    return False
