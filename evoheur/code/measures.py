"""Numbers that describe code, equal on every machine."""

import ast
from collections import Counter

from evoheur.code.syntax import has_sign, walked

__all__ = ["measures_of"]

_COUNTED: dict[str, tuple[type[ast.AST], ...]] = {
    "branches": (ast.If, ast.IfExp, ast.Match),
    "loops": (ast.For, ast.While, ast.comprehension),
    "calls": (ast.Call,),
    "constants": (ast.Constant,),
}


def measures_of(code: str, tree: ast.Module) -> dict[str, float]:
    """Counts of lines, tree nodes, branches, loops, calls and constants.

    Blank lines are not counted.

    Args:
        code: The source.
        tree: What it parses to.
    """
    nodes = walked(tree)
    kinds = Counter(map(type, nodes))
    return {
        "lines": float(sum(bool(line.strip()) for line in code.splitlines())),
        "nodes": float(len(nodes) + sum(map(has_sign, nodes))),
        **{name: float(sum(kinds[kind] for kind in counted)) for name, counted in _COUNTED.items()},
    }
