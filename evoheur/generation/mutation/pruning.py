"""Removal of statements that an edit made useless.

Assignments that nothing reads, and what else of a file a function does not need.
"""

import ast
from collections import Counter

from evoheur.code.syntax import walked

__all__ = ["drop_unread", "needed_statements"]


def drop_unread(function: ast.FunctionDef) -> None:
    """Remove assignments to variables that nothing else reads, in place.

    Filling an array is no reading of it.
    """
    while True:
        read = Counter(node.id for node in walked(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
        for node in walked(function):
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
                read[node.value.id] -= 1
        kept = [statement for statement in function.body if _target(statement) is None or read[str(_target(statement))] > 0]
        if len(kept) == len(function.body):
            return
        function.body = kept


def _target(statement: ast.stmt) -> str | None:
    """The one variable that a statement assigns to or into; None for any other statement."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=variable)])
            | ast.Assign(targets=[ast.Subscript(value=ast.Name(id=variable))])
            | ast.AugAssign(target=ast.Name(id=variable))
            | ast.AnnAssign(target=ast.Name(id=variable), value=ast.expr())
        ):
            return variable
    return None


def needed_statements(module: ast.Module, function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a file that a function uses.

    Directly or not, imports included, without the function itself.
    """
    defined: dict[str, ast.stmt] = {}
    for statement in module.body:
        match statement:
            case ast.FunctionDef(name=own) | ast.Assign(targets=[ast.Name(id=own)]) | ast.AnnAssign(target=ast.Name(id=own)):
                defined[own] = statement
    needed: set[str] = set()
    open_names = _names(function)
    while open_names:
        name = open_names.pop()
        if name in defined and name not in needed and defined[name] is not function:
            needed.add(name)
            open_names |= _names(defined[name])
    imports = (ast.Import, ast.ImportFrom)
    chosen = {id(defined[name]) for name in needed}
    return [statement for statement in module.body if isinstance(statement, imports) or id(statement) in chosen]


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in walked(tree) if isinstance(node, ast.Name)}
