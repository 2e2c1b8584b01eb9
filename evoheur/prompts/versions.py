"""Versions of one function side by side.

`priority_v0`, `priority_v1`, …, as FunSearch's prompts show them.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from evoheur.code.program import read_program
from evoheur.prompts.card import ProblemCard

__all__ = ["versioned_card", "versioned_code"]


def versioned_code(code: str, card: ProblemCard, version: int) -> str:
    """Give a program's functions the names of a version.

    It does so wherever the program defines, calls or else names them; the rest stays to the letter. A parameter or a local variable of the
    same name is left alone. What a program kept of an earlier version is renamed along, "f_v1" to "f_v0_v1", so that no two versions define
    the same name.

    Args:
        code: Source that parses.
        card: Its functions are those that have versions.
        version: From 0.
    """
    names = "|".join(re.escape(function.name) for function in card.functions)
    wanted = re.compile(rf"({names})((?:_v\d+)*)")
    lines = [line.encode() for line in code.split("\n")]  # a syntax tree counts columns in bytes
    uses = set(_uses(read_program(code).tree, lines, frozenset()))
    for number, column, name in sorted(uses, reverse=True):
        line = lines[number]
        if wanted.fullmatch(name) and line.startswith(name.encode(), column):
            after = line[column + len(name.encode()) :]
            lines[number] = line[:column] + wanted.sub(rf"\1_v{version}\2", name).encode() + after
    return b"\n".join(lines).decode()


def versioned_card(card: ProblemCard, version: int | str) -> ProblemCard:
    """The card whose functions are called after a version.

    It serves for the rules and the form of the answer.

    Args:
        card: Any card.
        version: From 0; or a letter that stands for one.
    """
    return replace(card, functions=tuple(replace(function, name=f"{function.name}_v{version}") for function in card.functions))


def _uses(node: ast.AST, lines: list[bytes], hidden: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Place and name of every use of a top-level name.

    A place is a line and a column in bytes, both from 0.

    Args:
        node: Where to look.
        lines: The source, which tells where the name after "def" stands.
        hidden: Names that mean something else here.
    """
    match node:
        case ast.Name(id=name) if name not in hidden:
            yield node.lineno - 1, node.col_offset, name
        case ast.FunctionDef(name=name):
            if name not in hidden:
                column = lines[node.lineno - 1].find(name.encode(), node.col_offset + len("def"))
                yield node.lineno - 1, column, name
            hidden |= _own_names(node)
        case ast.Lambda():
            hidden |= _own_names(node)
    for child in ast.iter_child_nodes(node):
        yield from _uses(child, lines, hidden)


def _own_names(function: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    """Its parameters, local variables and inner functions."""
    parts = [part for child in ast.iter_child_nodes(function) for part in ast.walk(child)]
    arguments = {part.arg for part in parts if isinstance(part, ast.arg)}
    stored = {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    return frozenset(arguments | stored | {part.name for part in parts if isinstance(part, ast.FunctionDef)})
