"""A heuristic that is a formula by its source alone, which nobody executes.

`translate` takes a few things for granted that executing the source shows: that its names mean what they usually mean, that what it imports
is there, that its annotations can be evaluated. Here they are looked at, so that a formula is one wherever it is computed.
"""

import ast
import builtins
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from .flat_heuristic import FlatHeuristic
from .flat_values import NotFlat
from .translation import translate

__all__ = ["written_formula"]

_IMPORTED = {"__future__": {"annotations"}, "numpy.typing": {"NDArray", "ArrayLike"}, "typing": {"Any"}}
_MODULES = frozenset({"numpy", "math"})
_USUAL = frozenset(dir(builtins))
_BUILTINS = frozenset({"abs", "float"})  # those that a formula may use


def written_formula(tree: ast.Module, function: str, vectors: Sequence[bool], *, hidden: Collection[int] = ()) -> FlatHeuristic:
    """Translate the source of a heuristic that needs no proof by execution.

    Args:
        tree: Of the source, whatever it says; not changed.
        function: Name of the heuristic in it, the only function.
        vectors: As in `translate`.
        hidden: As in `translate`.

    Raises:
        NotFlat: It is no formula, or its source leaves some doubt whether it is; says why.
    """
    try:
        _check_names(tree, function)
        return translate(tree, function, vectors, hidden=hidden)
    except RecursionError as error:
        raise NotFlat("its source is nested too deeply") from error


def _check_names(tree: ast.Module, function: str) -> None:
    flat, imported = _parts(tree, function)
    arguments = [argument.arg for argument in _arguments(flat)]
    names = [node for part in flat.body for node in ast.walk(part) if isinstance(node, ast.Name)]
    bound = {*arguments, *(node.id for node in names if not isinstance(node.ctx, ast.Load))}
    if len(arguments) != len(set(arguments)):
        raise NotFlat("two arguments have one name")
    if taken := (bound & {*imported, *_USUAL, function}) | (imported.keys() & {*_USUAL, function}):
        raise NotFlat(f"the name {min(taken)} is given another meaning")
    if unknown := {node.id for node in names} - bound - imported.keys() - _BUILTINS:
        raise NotFlat(f"the name {min(unknown)}")
    if imported.get("np", "numpy") != "numpy":
        raise NotFlat("np is not NumPy")
    if "annotations" not in imported:
        for annotation in _annotations(flat):
            _check_annotation(annotation, imported)


def _parts(tree: ast.Module, function: str) -> tuple[ast.FunctionDef, dict[str, str]]:
    """The heuristic, and what is imported beside it: name → what it stands for."""
    statements = [each for each in tree.body if not _is_text(each)]
    functions = [each for each in statements if isinstance(each, ast.FunctionDef)]
    imports = [each for each in statements if isinstance(each, ast.Import | ast.ImportFrom)]
    if len(statements) > len(functions) + len(imports) or [each.name for each in functions] != [function]:
        raise NotFlat("there is something besides imports and the heuristic")
    imported: dict[str, str] = {}
    for statement in imports:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__" and statement is not statements[0]:
            raise NotFlat(f"line {statement.lineno}: an import from __future__ that does not come first")
        for name, origin in _imports(statement):
            if imported.setdefault(name, origin) != origin:
                raise NotFlat(f"line {statement.lineno}: {name} is imported twice")
    return functions[0], imported


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _imports(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import binds, each with what it stands for."""
    for alias in statement.names:
        if isinstance(statement, ast.Import) and alias.name in _MODULES:
            yield alias.asname or alias.name, alias.name
        elif (
            isinstance(statement, ast.ImportFrom)
            and statement.level == 0
            and alias.name in _IMPORTED.get(statement.module or "", ())
            and alias.asname is None
        ):
            yield alias.name, f"{statement.module}.{alias.name}"
        else:
            raise NotFlat(f"line {statement.lineno}: {alias.name} is imported")


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    taken = function.args
    return [*taken.posonlyargs, *taken.args, *taken.kwonlyargs, *filter(None, (taken.vararg, taken.kwarg))]


def _annotations(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """What Python evaluates when it defines the function; those of local names it does not."""
    yield from (argument.annotation for argument in _arguments(function) if argument.annotation)
    if function.returns is not None:
        yield function.returns


def _check_annotation(annotation: ast.expr, imported: Mapping[str, str]) -> None:
    match annotation:
        case ast.Constant() | ast.Name(id="float" | "int" | "bool"):
            known = True
        case ast.Name(id=name):
            known = name in imported
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            known = imported.get(module) == "numpy" and isinstance(vars(np).get(name), type)
        case ast.Subscript(value=ast.Name(id=name), slice=entries):
            known = imported.get(name) == "numpy.typing.NDArray"
            _check_annotation(entries, imported)
        case _:
            known = False
    if not known:
        raise NotFlat(f"line {annotation.lineno}: the annotation {ast.unparse(annotation)[:60]}")
