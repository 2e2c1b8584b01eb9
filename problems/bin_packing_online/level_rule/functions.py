"""What definitions and imports bind."""

import ast
from collections.abc import Mapping, Sequence

from .values import Function, Named, NotALevelRule, Scalar, Stale, Value

__all__ = ["assigned_names", "bind_arguments", "define", "imported_names"]

_MODULES = ("math", "numpy")


def define(node: ast.FunctionDef, *, frame: int) -> Value:
    """The value of a function definition; one that is decorated must not be used."""
    return Stale("is decorated") if node.decorator_list else Function(node, frame)


def bind_arguments(node: ast.FunctionDef, positional: Sequence[Value], named: Mapping[str, Value]) -> dict[str, Value]:
    """Parameter → value for a call.

    Raises:
        NotALevelRule: The arguments do not fit, or a default is no plain constant (it could be changed and remembered).
    """
    arguments = node.args
    if arguments.vararg or arguments.kwarg or arguments.posonlyargs:
        raise NotALevelRule(f"line {node.lineno}: {node.name} has unusual parameters")
    parameters = [argument.arg for argument in arguments.args]
    defaults: dict[str, ast.expr | None] = {}
    if arguments.defaults:
        defaults.update(zip(parameters[-len(arguments.defaults) :], arguments.defaults, strict=True))
    defaults.update(zip((argument.arg for argument in arguments.kwonlyargs), arguments.kw_defaults, strict=True))
    bound: dict[str, Value] = dict(zip(parameters, positional, strict=False))
    everything = [*parameters, *(argument.arg for argument in arguments.kwonlyargs)]
    if len(positional) > len(parameters) or any(name in bound or name not in everything for name in named):
        raise NotALevelRule(f"line {node.lineno}: {node.name} is called with other arguments than it has")
    bound.update(named)
    for name in everything:
        if name not in bound:
            bound[name] = _default(defaults.get(name), node)
    return bound


def _default(node: ast.expr | None, function: ast.FunctionDef) -> Value:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.Constant) and node.value is not Ellipsis:
        return Scalar()
    raise NotALevelRule(f"line {function.lineno}: {function.name} has a default that is no plain constant")


def imported_names(node: ast.Import | ast.ImportFrom) -> dict[str, Value]:
    """What an import binds; only NumPy and math are understood, other names must not be used."""
    bound: dict[str, Value] = {}
    for alias in node.names:
        if alias.name == "*":
            raise NotALevelRule(f"line {node.lineno}: imports everything")
        if isinstance(node, ast.ImportFrom):
            known = node.module in _MODULES and node.level == 0
            bound[alias.asname or alias.name] = Named(f"{node.module}.{alias.name}") if known else Stale("is imported")
        else:
            name = alias.asname or alias.name.partition(".")[0]
            bound[name] = Named(alias.name) if alias.name in _MODULES else Stale("is imported")
    return bound


def assigned_names(statements: Sequence[ast.stmt]) -> set[str]:
    """Every name that the statements may bind."""
    found: set[str] = set()
    for statement in statements:
        for node in ast.walk(statement):
            match node:
                case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name):
                    found.add(name)
                case ast.Import() | ast.ImportFrom():
                    found.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
                case _:
                    pass
    return found
