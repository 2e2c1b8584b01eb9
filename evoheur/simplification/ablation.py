"""What could be left out of a heuristic, largest parts first."""

import ast
from collections.abc import Iterator, Sequence

from evoheur.generation.mutation.tree_building import literal, number
from evoheur.simplification.tree_edits import TreeEdit, expression_places, node_count, statement_places

__all__ = ["ablations"]


def ablations(tree: ast.Module) -> list[TreeEdit]:
    """The edits that take something away, those that save most first; of equal ones, what stands first."""
    edits = [*_of_statements(tree), *_of_expressions(tree)]
    return sorted((edit for edit in edits if edit.saved > 0), key=lambda edit: -edit.saved)


def _of_statements(tree: ast.Module) -> Iterator[TreeEdit]:
    for path, node in statement_places(tree):
        match node:
            case ast.Return() | ast.Pass() | ast.FunctionDef() | ast.Import() | ast.ImportFrom():
                continue
            case ast.Expr(value=ast.Constant(value=str())):  # a docstring says what the heuristic is for
                continue
            case ast.If(body=body, orelse=orelse):
                yield TreeEdit.of_statement(path, node, body)
                if orelse:
                    yield TreeEdit.of_statement(path, node, orelse)
            case ast.With(body=body):
                yield TreeEdit.of_statement(path, node, body)
            case ast.Assign(targets=[target], value=value) if literal(value) is None and isinstance(target, ast.Name):
                for constant in (0, 1):
                    yield TreeEdit.of_statement(path, node, [ast.Assign([target], number(constant), lineno=node.lineno)])
        yield TreeEdit.of_statement(path, node, [])


def _of_expressions(tree: ast.Module) -> Iterator[TreeEdit]:
    for path, node in expression_places(tree):
        for part in _parts(node):
            if node_count(part) < node_count(node):
                yield TreeEdit.of_expression(path, node, part)


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """What could stand for an expression, such as one of its operands."""
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            yield left
            yield _alone(operator, right)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield operand
        case ast.Call(args=arguments):
            yield from _arguments(node, arguments)
        case ast.IfExp(body=body, orelse=orelse):
            yield body
            yield orelse
        case ast.BoolOp(op=operator, values=values):
            for left_out in range(len(values)):
                rest = [value for place, value in enumerate(values) if place != left_out]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)


def _alone(operator: ast.operator, right: ast.expr) -> ast.expr:
    """What is left of an operation without its left side."""
    if isinstance(operator, ast.Sub):
        return ast.UnaryOp(ast.USub(), right)
    return ast.BinOp(number(1), ast.Div(), right) if isinstance(operator, ast.Div) else right


def _arguments(node: ast.Call, arguments: Sequence[ast.expr]) -> Iterator[ast.expr]:
    """The arguments of a call, or the object whose method it is, that could stand for it."""
    match node.func, arguments:
        case ast.Attribute(attr="where"), [_, first, second]:
            yield first
            yield second
        case ast.Attribute(attr="clip"), [first, *_]:
            yield first
        case (ast.Attribute(value=owner, attr="astype"), [_]) | (ast.Attribute(value=owner), []):
            yield owner
        case _, [first] | [first, ast.Constant()]:
            yield first
        case _, [first, second]:
            yield first
            yield second
