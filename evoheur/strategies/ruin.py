"""Taking parts out of a heuristic's code, for a model to rebuild.

LHNS (Xie et al. 2025) deletes lines at random. Here whole statements go, so that what is left can be read as the program it was, and every
gap is marked, so that a small model sees where to write. Headers of functions and classes, docstrings and imports stay.
"""

import ast
import math
import random
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from evoheur.code.program import read_program

__all__ = ["GAP", "new_lines", "ruin", "ruined_statements"]

GAP = "# GAP:"
"""How the comment begins that marks a gap."""

_KEPT = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom


def ruin(code: str, share: float, rng: random.Random) -> str:
    """Take statements out of functions and mark the gaps.

    They go from the bodies; comments mark the gaps.

    Args:
        code: Python source. Its own comments go too, as published: they would tell what stood in the gaps.
        share: How many of the statements go, from 0 to 1, rounded up and at least one; see `ruined_statements`. A compound statement
            counts as one and each statement inside it as another, which is about the number of lines.
        rng: Chooses the statements.

    Returns:
        The source as `ast.unparse` lays it out, with at least one gap.
    """
    module = read_program(code).editable_tree()
    removable = _removable(module)
    if not removable:
        return f"{ast.unparse(module)}\n{GAP} write the missing code here\n".lstrip()
    removed = _drawn(removable, ruined_statements(len(removable), share), rng)
    for node in [module, *_statements(module)]:
        for block in _blocks(node):
            block[:] = _with_gaps(block, removed)
    return ast.unparse(module) + "\n"


def ruined_statements(statements: int, share: float) -> int:
    """How many of so many statements go."""
    return min(statements, max(1, math.ceil(round(share * statements, 9))))


def new_lines(code: str, before: str) -> list[str]:
    """The lines that the code before did not have.

    Without indentation, comments, imports and headers of functions. LHNS calls them the features of a heuristic.
    """
    known = {line.strip() for line in before.splitlines()}
    stripped = (line.strip() for line in code.splitlines())
    return [line for line in stripped if line and line not in known and not line.startswith(("#", "def ", "import ", "from "))]


def _removable(module: ast.Module) -> list[ast.stmt]:
    """The statements of a module that may be taken out.

    They are inside functions or, where there is no function, of the module; nothing that holds what has to be kept.
    """
    functions = [part for part in _statements(module) if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
    documentation = [part.body[0] for part in functions if len(part.body) > 1 and ast.get_docstring(part) is not None]
    outermost: list[ast.AST] = [*functions] or [module]
    inside = dict.fromkeys(part for outer in outermost for part in _statements(outer))
    return [part for part in inside if part not in documentation and not any(isinstance(each, _KEPT) for each in _whole(part))]


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The lists of statements that a statement consists of.

    The branches of an `if`, the parts of a `try`.
    """
    for name in ("body", "orelse", "finalbody"):
        if block := getattr(node, name, None):
            yield block
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield from _blocks(part)


def _statements(node: ast.AST) -> list[ast.stmt]:
    """All statements inside a module or a statement, at any depth."""
    return [part for block in _blocks(node) for statement in block for part in _whole(statement)]


def _whole(statement: ast.stmt) -> list[ast.stmt]:
    return [statement, *_statements(statement)]


def _drawn(removable: list[ast.stmt], wanted: int, rng: random.Random) -> dict[ast.stmt, None]:
    """Draw so many statements.

    A compound one takes all that is inside it along. One that would take too many is left for the next round, when less may be left inside
    it: the innermost of those left always fits.
    """
    removed: dict[ast.stmt, None] = {}
    order = rng.sample(removable, len(removable))
    while len(removed) < wanted:
        for statement in order:
            left = [part for part in _whole(statement) if part not in removed]
            if len(removed) + len(left) <= wanted:
                removed.update(dict.fromkeys(left))
            if len(removed) == wanted:
                break
    return removed


def _with_gaps(block: list[ast.stmt], removed: Collection[ast.stmt]) -> list[ast.stmt]:
    marked: list[ast.stmt] = []
    for gone, group in groupby(block, lambda statement: statement in removed):
        statements = list(group)
        marked.extend([_gap(statements)] if gone else statements)
    return marked


def _gap(statements: Iterable[ast.stmt]) -> ast.stmt:
    count = sum(len(_whole(statement)) for statement in statements)
    # `unparse` writes a name as it stands, so this comes out as a comment of the right indentation.
    return ast.Expr(ast.Name(f"{GAP} {count} {'statement was' if count == 1 else 'statements were'} taken out here"))
