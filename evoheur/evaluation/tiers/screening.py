"""Looks over a candidate's whole source: a function is only compiled where nothing else can change what it means."""

import ast
from collections.abc import Callable
from opcode import opmap
from types import FunctionType
from typing import Any

from .kinds import Refused

__all__ = ["definition", "has_loop"]

_LOOPING = frozenset(code for name, code in opmap.items() if name == "FOR_ITER" or "JUMP_BACKWARD" in name)
_MEDDLING = frozenset(
    {
        "__import__",
        "delattr",
        "errstate",
        "eval",
        "exec",
        "globals",
        "importlib",
        "locals",
        "setattr",
        "seterr",
        "sys",
        "vars",
        "warnings",
    }
)
_PLAIN = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.Assign, ast.AnnAssign)


def has_loop(function: FunctionType) -> bool:
    """Whether a function goes round in Python: without that there is nothing to win. Reads its code, not its source."""
    return not _LOOPING.isdisjoint(function.__code__.co_code[::2])


def definition(code: str, function: Callable[..., Any]) -> ast.FunctionDef:
    """Find a function in the candidate's source.

    Args:
        code: The whole source.
        function: As executing it has made it.

    Raises:
        Refused: It is not plainly defined, or the source does things by which names could change their meaning.
    """
    tree = ast.parse(code)
    for statement in tree.body:
        documentation = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not isinstance(statement, _PLAIN) and not documentation:
            raise Refused(f"line {statement.lineno}: {type(statement).__name__} outside of functions")
    for node in ast.walk(tree):
        _refuse_meddling(node)
    name = function.__name__
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    if len(found) != 1 or not isinstance(function, FunctionType) or function.__code__.co_firstlineno != found[0].lineno:
        raise Refused(f"{name} is not plainly defined once")
    arguments = found[0].args
    if found[0].decorator_list or any(
        (
            arguments.defaults,
            arguments.kw_defaults,
            arguments.kwonlyargs,
            arguments.posonlyargs,
            arguments.vararg,
            arguments.kwarg,
        )
    ):
        raise Refused(f"{name} has a decorator, defaults or arguments that are not plain")
    return found[0]


def _refuse_meddling(node: ast.AST) -> None:
    line = getattr(node, "lineno", 0)
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        raise Refused(f"line {line}: {type(node).__name__.lower()}")
    if isinstance(node, ast.Attribute):
        if not isinstance(node.ctx, ast.Load):
            raise Refused(f"line {line}: assigns to the attribute {node.attr}")
        name: str = node.attr
    elif isinstance(node, ast.Name):
        name = node.id
    elif isinstance(node, ast.alias):
        name = node.name
    else:
        return
    if name in _MEDDLING or (name.startswith("__") and name.endswith("__")):
        raise Refused(f"line {line}: {name}")
