"""Hashes of code in a normal form.

By these, copies under other names, with other comments or another layout are known.
"""

import ast
import builtins
import hashlib
from collections.abc import Iterable

from evoheur.code.syntax import children, copied, walked

__all__ = ["INTROSPECTION", "hash_of"]

INTROSPECTION = frozenset({"eval", "exec", "globals", "locals", "vars", "getattr", "setattr", "__doc__", "__name__", "compile"})
"""Names by which code looks at its own names, docstrings or text."""


def hash_of(tree: ast.Module) -> str:
    """Hash of what code does, as far as its tree shows.

    It has 32 hexadecimal digits. Comments, layout, docstrings and the names of variables, parameters and helper functions do not count;
    everything else does. Equal hashes mean equal behaviour; the converse does not hold.
    """
    nodes = walked(tree)
    if not _all_names(nodes) & INTROSPECTION:  # code that looks at its own names or docstrings keeps them
        renamable = _renamable(nodes)
        tree = copied(tree)
        _drop_docstrings(tree)
        _Renamer(renamable).rename(tree)
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:32]


def _all_names(nodes: Iterable[ast.AST]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


def _drop_docstrings(tree: ast.Module) -> None:
    for node in walked(tree):
        if (
            isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]


def _renamable(nodes: Iterable[ast.AST]) -> set[str]:
    # Renaming every occurrence of a name by one injective map keeps the meaning, unless the name also stands where the map does not
    # reach: as an attribute, a keyword of a call, or a member of a class.
    bound: set[str] = set()
    fixed: set[str] = set(dir(builtins))
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.Attribute):
            fixed.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg is not None:
            fixed.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            fixed.update(name for alias in node.names for name in (alias.asname or alias.name).split("."))
        elif isinstance(node, (ast.ClassDef, ast.Match, ast.ExceptHandler)):
            fixed.update(_names_inside(node))
    return bound - fixed


def _names_inside(node: ast.AST) -> set[str]:
    nodes = walked(node)
    found = _all_names(nodes)
    for inner in nodes:
        for attribute in ("name", "arg", "rest"):
            value = getattr(inner, attribute, None)
            if isinstance(value, str):
                found.add(value)
    return found


class _Renamer:
    """Renaming of names to numbers, in order of first occurrence.

    The new names cannot collide, being no identifiers.
    """

    def __init__(self, renamable: set[str]) -> None:
        self._renamable = renamable
        self._numbers: dict[str, str] = {}

    def _new(self, name: str) -> str:
        if name not in self._renamable:
            return name
        return self._numbers.setdefault(name, f"<{len(self._numbers)}>")

    def rename(self, node: ast.AST) -> None:
        """Rename all names at a node and below, in the order of the source."""
        if isinstance(node, ast.Name):
            node.id = self._new(node.id)
        elif isinstance(node, ast.arg):
            node.arg = self._new(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.name = self._new(node.name)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            node.names = [self._new(name) for name in node.names]
        for child in children(node):
            self.rename(child)
