"""Short constructors for expressions, and ways to measure and quote them."""

import ast
from typing import NamedTuple

from evoheur.code.syntax import walked

__all__ = [
    "TreePart",
    "call",
    "catalogue",
    "combine",
    "compare",
    "folded",
    "fragment",
    "literal",
    "name",
    "negative",
    "number",
    "operands",
    "same",
    "size",
    "without_cast",
]

# What is met most often, and counts as one.
_COUNTED_ONCE = frozenset({ast.Name, ast.Constant, ast.BinOp, ast.Attribute, ast.Compare, ast.Subscript})
_FRAGMENT = 48  # characters of code that a sentence can carry


def name(identifier: str) -> ast.expr:
    """A variable that is read."""
    return ast.Name(identifier, ast.Load())


def number(value: float) -> ast.expr:
    """A literal; negative ones take the form that the parser gives them."""
    if value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def literal(node: ast.AST) -> float | None:
    """The number that a literal stands for, its sign included; None for anything else."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)) if not isinstance(value, bool):
            return -value
    return None


def call(function: str, *arguments: ast.expr) -> ast.expr:
    """A call of a NumPy function."""
    return ast.Call(ast.Attribute(name("np"), function, ast.Load()), list(arguments), [])


def combine(left: ast.expr, operator: type[ast.operator], right: ast.expr) -> ast.expr:
    """Two operands and an operator; adding a negative becomes a subtraction."""
    if operator is ast.Add and isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.USub):
        return ast.BinOp(left, ast.Sub(), right.operand)
    return ast.BinOp(left, operator(), right)


def compare(left: ast.expr, operator: type[ast.cmpop], right: ast.expr) -> ast.expr:
    """A comparison of two operands."""
    return ast.Compare(left, [operator()], [right])


def negative(node: ast.expr) -> ast.expr:
    """The negative, without piling up signs."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return node.operand
    return ast.UnaryOp(ast.USub(), node)


def operands(node: ast.expr) -> list[ast.expr]:
    """The parts of an expression that are expressions themselves.

    No function names, no conditions.
    """
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=operand) if literal(node) is None:
            return [operand]
        case ast.Call(func=ast.Attribute(value=owner, attr="astype")):
            return [owner]
        case ast.Call(args=arguments):
            return list(arguments)
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
    return []


def folded(node: ast.expr) -> ast.expr | None:
    """What an operation on two numbers comes to.

    To four digits; None for anything else.
    """
    if not isinstance(node, ast.BinOp):
        return None
    left, right = literal(node.left), literal(node.right)
    if left is None or right is None:
        return None
    match node.op:
        case ast.Add():
            value = left + right
        case ast.Sub():
            value = left - right
        case ast.Mult():
            value = left * right
        case ast.Div() if right != 0:
            value = left / right
        case _:
            return None
    return number(value if isinstance(value, int) else float(f"{value:.4g}"))  # more digits would only be harder to read


def without_cast(node: ast.expr) -> ast.expr:
    """What `x.astype(float)` converts.

    As part of a larger expression it needs no conversion of its own.
    """
    match node:
        case ast.Call(func=ast.Attribute(value=inner, attr="astype"), args=[ast.Name(id="float")]):
            return inner
    return node


def size(tree: ast.AST) -> int:
    """How many variables, numbers, operators and calls there are.

    A conversion with `astype` is not counted.
    """
    return sum(1 if node.__class__ in _COUNTED_ONCE else _weight(node) for node in walked(tree))


def _weight(node: ast.AST) -> int:
    if not isinstance(node, ast.expr):
        return 0
    if isinstance(node, ast.UnaryOp):
        return 0 if isinstance(node.operand, ast.Constant) else 1
    if not isinstance(node, ast.Call):
        return 1
    match node.func:
        case ast.Attribute(attr="astype"):
            return -2  # with the method's name and the type, which are counted by themselves: nothing
        case ast.Attribute(value=ast.Name(id="np" | "numpy" | "math")):
            return -1  # with module and function name: one
    return 0


class TreePart(NamedTuple):
    """A subtree as `catalogue` describes it.

    Attributes:
        text: Equal for equal code, and for nothing else.
        size: As `size` counts.
    """

    text: str
    size: int


def catalogue(tree: ast.AST) -> dict[ast.expr, TreePart]:
    """Text and size of every expression below a node, itself included, in one pass."""
    parts: dict[ast.expr, TreePart] = {}
    _describe(tree, parts)
    return parts


def _describe(node: ast.AST, parts: dict[ast.expr, TreePart]) -> TreePart:
    kind = node.__class__
    words: list[str] = [kind.__name__]
    total = 1 if kind in _COUNTED_ONCE else _weight(node)
    for field in kind._fields:
        if field == "ctx":
            continue
        held = getattr(node, field, None)
        for entry in held if held.__class__ is list else (held,):
            if isinstance(entry, ast.AST):
                inner = _describe(entry, parts)
                words.append(inner.text)
                total += inner.size
            else:
                words.append(repr(entry))
    part = TreePart(f"({' '.join(words)})", total)
    if isinstance(node, ast.expr):
        parts[node] = part
    return part


def same(first: ast.AST, second: ast.AST) -> bool:
    """True if two trees are the same code."""
    return _describe(first, {}).text == _describe(second, {}).text


def fragment(node: ast.AST) -> str:
    """Code to quote in a sentence, on one line.

    It is shortened in the middle, and without the braces that frame the sentence.
    """
    text = " ".join(ast.unparse(node).split()).replace("{", "(").replace("}", ")")
    if len(text) > _FRAGMENT:
        half = _FRAGMENT // 2 - 2
        text = f"{text[:half]} … {text[-half:]}"
    return f"`{text}`"
