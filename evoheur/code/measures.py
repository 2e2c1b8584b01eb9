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


_OPERATIONS = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.Call, ast.Subscript, ast.IfExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_TURNS = 10.0
"""How often a loop counts: how often it turns is not to be read off a source, but that it costs more than what stands once is."""


def measures_of(code: str, tree: ast.Module) -> dict[str, float]:
    """Counts of lines, tree nodes, branches, loops, calls, constants and operations.

    Blank lines are not counted. Operations are operators, comparisons, calls and subscripts, what is in a loop ten times for every loop
    around it: work that does not depend on the machine.

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
        "operations": _looped(tree) if any(kinds[kind] for kind in _LOOPS) else float(sum(kinds[kind] for kind in _OPERATIONS)),
    }


def _looped(node: ast.AST) -> float:
    within = sum(map(_looped, ast.iter_child_nodes(node)))
    return (_TURNS * within if isinstance(node, _LOOPS) else within) + isinstance(node, _OPERATIONS)
