"""How alike two sources are by their syntax trees."""

import ast
from collections import Counter
from functools import lru_cache

from evoheur.code.syntax import REFUSALS, syntax_tree

__all__ = ["similarity"]


@lru_cache(maxsize=1 << 16)  # a population compares the same pairs again and again
def similarity(first: str, second: str) -> float:
    """The share of steps of the syntax trees that two sources have in common.

    A step is a kind of node below a kind of node, such as a call in a sum; names and numbers do not count. Steps that come up several times
    count as often (Ruzicka's index of multisets).

    Returns:
        From 0, nothing in common, to 1, equal but for names, numbers and order; 0 where either does not parse.
    """
    one, other = _steps(first), _steps(second)
    if not one or not other:
        return 0.0
    shared = sum(min(count, other[step]) for step, count in one.items() if step in other)
    return shared / (one.total() + other.total() - shared)


@lru_cache(maxsize=1024)
def _steps(code: str) -> Counter[tuple[type[ast.AST], type[ast.AST]]]:
    try:
        tree = syntax_tree(code)
    except REFUSALS:
        return Counter()
    return Counter((type(node), type(child)) for node in ast.walk(tree) for child in ast.iter_child_nodes(node))
