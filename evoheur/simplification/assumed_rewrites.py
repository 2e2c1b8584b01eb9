"""Rewrites that leave a program as it is wherever numbers are ordinary ones.

`x - x` is 0 unless x is infinite or NaN, and has the shape of x; `x * 1` is x unless x is a truth value. So each of them stays only if no
cost changes on any instance.
"""

import ast
from collections.abc import Iterator

from evoheur.generation.mutation.tree_building import literal, number
from evoheur.simplification.effects import Surroundings
from evoheur.simplification.tree_edits import TreeEdit, expression_places, node_count

__all__ = ["assumed_edits", "order_edits"]

_RISING = frozenset(
    {"exp", "exp2", "expm1", "log", "log10", "log1p", "log2", "sqrt", "cbrt", "tanh", "arctan", "arcsinh", "sinh"}
)
"""Functions that keep the order of what they are applied to, as far as they are defined there and do not round it away."""


def assumed_edits(tree: ast.Module) -> Iterator[TreeEdit]:
    """What could be rewritten, outermost first."""
    around = Surroundings.of(tree)
    for path, node in expression_places(tree):
        new = _plainer(node, around)
        if new is not None and node_count(new) < node_count(node):
            yield TreeEdit.of_expression(path, node, new)


def _plainer(node: ast.expr, around: Surroundings) -> ast.expr | None:
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            return _of_same(left, operator, right) or _with_neutral(left, operator, right)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return inner
        case ast.UnaryOp(op=ast.USub(), operand=ast.UnaryOp(op=ast.USub(), operand=inner)):
            return inner
        case ast.Call():
            return _plainer_call(node, around.function_of(node))
    return None


def _plainer_call(node: ast.Call, function: str) -> ast.expr | None:
    match node.args:
        case [inner] if function in {"abs", "absolute", "fabs"}:
            unsigned = _unsigned(inner)
            return None if unsigned is None else ast.Call(node.func, [unsigned], [])
        case [_, first, second] if function == "where" and ast.dump(first) == ast.dump(second):
            return first
        case [first, second] if function in {"maximum", "minimum", "fmax", "fmin"} and ast.dump(first) == ast.dump(second):
            return first
    return None


def _of_same(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr | None:
    """What an operation on two equal expressions comes to."""
    if ast.dump(left) != ast.dump(right):
        return None
    if isinstance(operator, (ast.Sub, ast.Mod)):
        return number(0)
    return number(1) if isinstance(operator, (ast.Div, ast.FloorDiv)) else None


def _unsigned(node: ast.expr) -> ast.expr | None:
    """An expression that has the same size without the minus in it; None where there is none."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return operand
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as operator, right=ast.UnaryOp(op=ast.USub(), operand=operand)):
            return ast.BinOp(left, operator, operand)
        case ast.BinOp(left=ast.UnaryOp(op=ast.USub(), operand=operand), op=ast.Mult() | ast.Div() as operator, right=right):
            return ast.BinOp(operand, operator, right)
    return None


def _with_neutral(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.expr | None:
    """What an operation with 0, 1 or a large divisor comes to."""
    first, second = literal(left), literal(right)
    found: ast.expr | None = None
    match operator:
        case ast.Add():
            found = left if second == 0 else right if first == 0 else None
        case ast.Sub():
            found = left if second == 0 else ast.UnaryOp(ast.USub(), right) if first == 0 else None
        case ast.Mult() if -1 in {first, second}:
            found = ast.UnaryOp(ast.USub(), left if second == -1 else right)
        case ast.Mult() if first != 0 and second != 0:
            found = left if second == 1 else right if first == 1 else None
        case ast.Mult():
            found = number(0)
        case ast.Div() | ast.FloorDiv() if first == 0:
            found = number(0)
        case ast.Div() | ast.Pow() if second == 1:
            found = left
        case ast.Mod() if second is not None and second > 0:
            found = left
    return found


def order_edits(tree: ast.Module) -> Iterator[TreeEdit]:
    """What could go around a returned number where only the order of the numbers counts: rising functions, factors, constants."""
    around = Surroundings.of(tree)
    returned = {value.id for node in ast.walk(tree) if isinstance(node, ast.Return) and isinstance(value := node.value, ast.Name)}
    reads = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    only_returned = {name for name in returned if reads.count(name) == 1}
    results = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Return)
        or (isinstance(node, ast.Assign) and len(node.targets) == 1 and getattr(node.targets[0], "id", "") in only_returned)
    }
    for path, node in expression_places(tree):
        inner = _unwrapped(node, around) if id(node) in results else None
        if inner is not None:
            yield TreeEdit.of_expression(path, node, inner)


def _unwrapped(node: ast.expr, around: Surroundings) -> ast.expr | None:
    match node:
        case ast.Call(args=[inner]) if around.function_of(node) in _RISING:
            return inner
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div(), right=right) if (literal(right) or 0) > 0:
            return left
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if (literal(left) or 0) > 0:
            return right
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right) if literal(right) is not None:
            return left
        case ast.BinOp(left=left, op=ast.Add(), right=right) if literal(left) is not None:
            return right
    return None
