"""Edits of a syntax tree: one expression, or one statement, put in place of another."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from evoheur.code.syntax import copied

__all__ = ["Path", "TreeEdit", "expression_places", "node_count", "statement_places", "written"]

Path: TypeAlias = tuple[tuple[str, int | None], ...]
"""The way from the root to a node: fields, with the place in those that are lists."""

_LEFT_ALONE = frozenset({"annotation", "returns", "decorator_list", "args", "targets", "target", "type_params", "keywords"})
_SHOWN = 60  # characters of code that a line of a report can carry


@dataclass(frozen=True, slots=True)
class TreeEdit:
    """A smaller part put in place of a part of a tree.

    Attributes:
        path: Where the part is.
        new: An expression for an expression; statements, perhaps none, for a statement.
        saved: How many nodes the tree loses, at least 1.
        words: What goes, for people.
        text: What becomes what, whole.
    """

    path: Path
    new: ast.expr | tuple[ast.stmt, ...]
    saved: int
    words: str
    text: str

    @classmethod
    def of_expression(cls, path: Path, old: ast.expr, new: ast.expr) -> "TreeEdit":
        """Put an expression in place of another."""
        before, after = _text(old), _text(new)
        words = f"{_shortened(before)} becomes {_shortened(after)}"
        return cls(path, new, node_count(old) - node_count(new), words, f"{before}\n{after}")

    @classmethod
    def of_statement(cls, path: Path, old: ast.stmt, new: Sequence[ast.stmt]) -> "TreeEdit":
        """Put statements in place of one."""
        left = sum(map(node_count, new))
        before, after = _text(old), "; ".join(map(_text, new))
        words = f"{_shortened(before)} becomes {_shortened(after)}" if new else f"{_shortened(before)} goes"
        return cls(path, tuple(new), node_count(old) - left, words, f"{before}\n{after}")

    def applied(self, tree: ast.Module) -> ast.Module:
        """A tree with the edit; the given one stays as it is."""
        tree = copied(tree)
        parent: ast.AST = tree
        for field, place in self.path[:-1]:
            held = getattr(parent, field)
            parent = held if place is None else held[place]
        field, place = self.path[-1]
        if isinstance(self.new, tuple):
            assert place is not None, "statements are in lists"
            block = getattr(parent, field)
            block[place : place + 1] = [copied(statement) for statement in self.new]
            if not block and field == "body":
                block.append(ast.Pass())
        elif place is None:
            setattr(parent, field, copied(self.new))
        else:
            getattr(parent, field)[place] = copied(self.new)
        return tree


def statement_places(tree: ast.Module) -> Iterator[tuple[Path, ast.stmt]]:
    """Every statement inside functions, outer ones first."""
    for path, node, inside in _walked(tree, (), inside=False):
        if inside and isinstance(node, ast.stmt):
            yield path, node


def expression_places(tree: ast.Module) -> Iterator[tuple[Path, ast.expr]]:
    """Every expression inside functions that is computed, outer ones first.

    Not those that are assigned to, called, or the text of a format string.
    """
    for path, node, inside in _walked(tree, (), inside=False):
        if inside and isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
            yield path, node


def _walked(node: ast.AST, path: Path, *, inside: bool) -> Iterator[tuple[Path, ast.AST, bool]]:
    within = inside or isinstance(node, ast.FunctionDef)
    for field, held in ast.iter_fields(node):
        if _is_left_alone(node, field):
            continue
        for place, child in enumerate(held) if isinstance(held, list) else [(None, held)]:
            if isinstance(child, ast.AST):
                yield (*path, (field, place)), child, within
                yield from _walked(child, (*path, (field, place)), inside=within)


def _is_left_alone(node: ast.AST, field: str) -> bool:
    if isinstance(node, ast.Call):
        return field in {"func", "keywords"}
    if isinstance(node, (ast.Lambda, ast.JoinedStr)):
        return True
    return field in _LEFT_ALONE


def node_count(node: ast.AST) -> int:
    """How many nodes an expression or a statement has, signs not counted."""
    signs = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    return sum(not isinstance(inner, signs) for inner in ast.walk(node))


def written(tree: ast.Module) -> str:
    """The source of a tree, without comments."""
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(copied(node))).split())


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
