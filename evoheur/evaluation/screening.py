"""A look at the syntax tree before anything runs: quick feedback, duplicates, measures. Not a security measure."""

import ast
import builtins
import hashlib
from collections.abc import Sequence

from evoheur.plugins import Config
from evoheur.syntax import parsed

__all__ = ["ALLOWED_IMPORTS", "ScreenConfig", "code_hash", "measures", "screen"]

ALLOWED_IMPORTS = (
    "__future__", "bisect", "cmath", "collections", "copy", "dataclasses", "decimal", "enum", "fractions", "functools", "heapq",
    "itertools", "math", "numba", "numpy", "operator", "random", "statistics", "typing",
)  # fmt: skip
"""Modules that a heuristic can use sensibly; all of them are in the guest."""

_INTROSPECTION = frozenset({"eval", "exec", "globals", "locals", "vars", "getattr", "setattr", "__doc__", "__name__", "compile"})


class ScreenConfig(Config):
    """What is turned away without being run."""

    imports: tuple[str, ...] = ALLOWED_IMPORTS
    """Top-level modules a heuristic may import."""
    max_characters: int = 20_000
    """Longest source, in characters."""


def screen(code: str, config: ScreenConfig) -> str | None:
    """Why a candidate is turned away unrun, or None if it may run.

    Args:
        code: Source that parses.
        config: The rules.
    """
    if len(code) > config.max_characters:
        return f"the code has {len(code)} characters, more than the {config.max_characters} allowed"
    for node in ast.walk(parsed(code)):
        for name in _imported(node):
            if name not in config.imports:
                return f"line {getattr(node, 'lineno', '?')} imports {name!r}; a heuristic may import {', '.join(config.imports)}"
    return None


def _imported(node: ast.AST) -> Sequence[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or ".").partition(".")[0]]
    return []


def code_hash(code: str) -> str:
    """Hash of what the code does as far as its tree shows: 32 hexadecimal digits.

    Comments, layout, docstrings and the names of variables, parameters and helper functions do not count; everything else does. Equal
    hashes mean equal behaviour; the converse does not hold.

    Args:
        code: Source that parses.
    """
    tree = parsed(code)
    names = _all_names(tree)
    if not names & _INTROSPECTION:  # code that looks at its own names or docstrings keeps them
        _drop_docstrings(tree)
        _Renamer(_renamable(tree)).visit(tree)
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:32]


def _all_names(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


def _drop_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if (
            isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]


def _renamable(tree: ast.Module) -> set[str]:
    # Renaming every occurrence of a name by one injective map keeps the meaning, unless the name also stands where the map does not
    # reach: as an attribute, a keyword of a call, or a member of a class.
    bound: set[str] = set()
    fixed: set[str] = set(dir(builtins))
    for node in ast.walk(tree):
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
    found = _all_names(node)
    for inner in ast.walk(node):
        for attribute in ("name", "arg", "rest"):
            value = getattr(inner, attribute, None)
            if isinstance(value, str):
                found.add(value)
    return found


class _Renamer(ast.NodeTransformer):
    """Numbers names in the order they first occur; the new ones cannot collide, being no identifiers."""

    def __init__(self, renamable: set[str]) -> None:
        self._renamable = renamable
        self._numbers: dict[str, str] = {}

    def _new(self, name: str) -> str:
        if name not in self._renamable:
            return name
        return self._numbers.setdefault(name, f"<{len(self._numbers)}>")

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._new(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self._new(node.arg)
        self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self._new(node.name)
        self.generic_visit(node)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        node.name = self._new(node.name)
        self.generic_visit(node)
        return node

    def visit_Global(self, node: ast.Global) -> ast.Global:
        node.names = [self._new(name) for name in node.names]
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.Nonlocal:
        node.names = [self._new(name) for name in node.names]
        return node


def measures(code: str) -> dict[str, float]:
    """Numbers that describe the code: lines (blank ones not counted), nodes of the tree, branches, loops, calls, constants.

    Args:
        code: Source that parses.
    """
    nodes = list(ast.walk(parsed(code)))

    def count(*kinds: type[ast.AST]) -> float:
        return float(sum(isinstance(node, kinds) for node in nodes))

    return {
        "lines": float(sum(bool(line.strip()) for line in code.splitlines())),
        "nodes": float(len(nodes)),
        "branches": count(ast.If, ast.IfExp, ast.Match),
        "loops": count(ast.For, ast.While, ast.comprehension),
        "calls": count(ast.Call),
        "constants": count(ast.Constant),
    }
