"""Numbers that describe code, equal on every machine."""

import ast
from collections import Counter

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
    kinds = Counter(type(node) for node in ast.walk(tree))
    return {
        "lines": float(sum(bool(line.strip()) for line in code.splitlines())),
        "nodes": float(kinds.total()),
        **{name: float(sum(kinds[kind] for kind in counted)) for name, counted in _COUNTED.items()},
    }
