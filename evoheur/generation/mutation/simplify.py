"""m3: less code that may do as well."""

import ast

from evoheur.generation.mutation.bench import Bench
from evoheur.generation.mutation.building import fragment, literal, number, size
from evoheur.generation.mutation.rule import Rule
from evoheur.generation.mutation.sites import Site

__all__ = ["simplify"]


def simplify(rule: Rule, bench: Bench) -> str | None:
    """Take something away from the rule, in place: an operation that two numbers settle, a term, a case, a function around a part.

    Returns:
        What was taken away, as a clause; None if there is nothing to take.
    """
    choices = [(site, part) for site in rule.sites() for part in _smaller(site)]
    if not choices:
        return None
    site, part = bench.rng.choice(choices)
    clause = f"simplifies {fragment(site.node)} to {fragment(part)}"
    site.slot.put(part)
    return clause + rule.guard([part])


def _smaller(site: Site) -> list[ast.expr]:
    """What could stand for an expression at less length."""
    folded = _folded(site.node)
    if folded is not None:
        return [folded]
    if not site.kind.is_array and not site.kind.boolean and size(site.node) > 1:
        return [*site.parts, number(1)]
    return list(site.parts)


def _folded(node: ast.expr) -> ast.expr | None:
    """The value of an operation on two numbers."""
    if not isinstance(node, ast.BinOp):
        return None
    left, right = literal(node.left), literal(node.right)
    if left is None or right is None:
        return None
    match node.op:
        case ast.Add():
            value = left + right
        case ast.Sub():
            value = left - right
        case ast.Mult():
            value = left * right
        case ast.Div() if right != 0:
            value = left / right
        case _:
            return None
    return _rounded(value)


def _rounded(value: float) -> ast.expr:
    """A few digits, since the last ones of 2.9 / 41.0 would only make the code harder to read."""
    return number(value if isinstance(value, int) else float(f"{value:.4g}"))
