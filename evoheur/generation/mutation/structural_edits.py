"""Operator m1: one structural change of one parent."""

import ast
from collections.abc import Callable
from typing import NamedTuple

from evoheur.code.syntax import walked
from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.edit_sites import Site
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.grammar import comparisons, random_number
from evoheur.generation.mutation.tree_building import call, combine, compare, fragment, literal, negative, number, same

__all__ = ["mutate_structure"]

_Operator = type[ast.operator] | type[ast.cmpop]

_SIGNS: dict[_Operator, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.FloorDiv: "//",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
}
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)


class _Change(NamedTuple):
    """What to put at a site, and the clause that says so."""

    node: ast.expr
    clause: str


def mutate_structure(heuristic: EditableModule, bench: Bench) -> str | None:
    """Change the structure of the heuristic, in place.

    A part is replaced, inserted, deleted or wrapped, or its result is given another term.

    Returns:
        What was changed, as a clause; None if this draw found nothing to change.
    """
    sites = [site for site in heuristic.sites() if bench.grammar(site.scope).can_make(site.kind)]
    if not sites or bench.rng.random() < 0.15:
        return _reward(heuristic, bench)
    site = bench.rng.choice(sites)
    move = bench.rng.choices(list(_MOVES), list(_MOVES.values()))[0]
    change = move(site, bench)
    if change is None:
        return None
    old = set(walked(site.node))
    site.slot.put(change.node)
    added = [node for node in walked(change.node) if node not in old]
    return change.clause + heuristic.guard(added or [change.node])


def _replaced(site: Site, bench: Bench) -> _Change | None:
    new = _draw(site, bench, (0, 1, 1, 2))
    return None if same(new, site.node) else _Change(new, f"replaces {fragment(site.node)} by {fragment(new)}")


def _joined(site: Site, bench: Bench) -> _Change | None:
    if not site.kind.is_quantity:
        return None
    old, new = site.node, _draw(site, bench, (0, 1, 1, 2))
    if literal(old) is not None and literal(new) is not None:
        return None  # two numbers are no more than one
    match bench.rng.choice("++-" if site.value.infinite else "++-*/"):
        case "+":
            return _Change(combine(old, ast.Add, new), f"adds {fragment(new)} to {fragment(old)}")
        case "-":
            return _Change(combine(old, ast.Sub, new), f"subtracts {fragment(new)} from {fragment(old)}")
        case "*":
            return _Change(combine(old, ast.Mult, new), f"multiplies {fragment(old)} by {fragment(new)}")
    return _Change(combine(old, ast.Div, new), f"divides {fragment(old)} by {fragment(new)}")


def _gated(site: Site, bench: Bench) -> _Change | None:
    if not site.kind.is_quantity or not site.kind.is_array:
        return None
    condition = bench.grammar(site.scope).expression(site.kind._replace(boolean=True), 1)
    new = _draw(site, bench, (0, 1))
    clause = f"uses {fragment(new)} instead of {fragment(site.node)} where {fragment(condition)}"
    return _Change(call("where", condition, new, site.node), clause)


def _wrapped(site: Site, bench: Bench) -> _Change | None:
    if not site.kind.is_quantity or site.value.infinite or literal(site.node) is not None:
        return None
    old = site.node
    match bench.rng.choice(("scale", "scale", "negate", "raise", "sqrt", "log1p", "tanh", "abs")):
        case "scale":
            factor = random_number(bench.rng)
            return _Change(_scaled(old, factor), f"multiplies {fragment(old)} by {factor}")
        case "negate":
            return _Change(negative(old), f"reverses the sign of {fragment(old)}")
        case "raise":
            power = bench.rng.choice((2, 2, 3))
            return _Change(combine(old, ast.Pow, number(power)), f"raises {fragment(old)} to the power of {power}")
        case function:
            return _Change(call(function, old), f"applies {function} to {fragment(old)}")


def _scaled(node: ast.expr, factor: float) -> ast.expr:
    """The multiple of a node.

    A factor that is there already takes up the new one.
    """
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if (old := literal(left)) is not None:
            return combine(number(float(f"{factor * old:.3g}")), ast.Mult, right)
    return combine(number(factor), ast.Mult, node)


def _shortened(site: Site, bench: Bench) -> _Change | None:
    if not site.parts:
        return None
    part = bench.rng.choice(site.parts)
    return _Change(part, f"reduces {fragment(site.node)} to its part {fragment(part)}")


def _swapped(site: Site, bench: Bench) -> _Change | None:
    """Another operator between the same operands.

    They count as touched: the operator may not suit them.
    """
    match site.node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            arithmetic = bench.rng.choice([other for other in _ARITHMETIC if not isinstance(op, other)])
            return _Change(ast.BinOp(left, arithmetic(), right), _swap_clause(type(op), arithmetic, site.node))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _SIGNS:
            comparison = bench.rng.choice([other for other in comparisons(right) if not isinstance(op, other)])
            return _Change(compare(left, comparison, right), _swap_clause(type(op), comparison, site.node))
    return None


def _swap_clause(old: _Operator, new: _Operator, node: ast.expr) -> str:
    return f"changes {_SIGNS[old]} to {_SIGNS[new]} in {fragment(node)}"


def _reward(heuristic: EditableModule, bench: Bench) -> str | None:
    """Add or subtract a number where a condition holds.

    It is added to an array that decides; among fractions, it is a share of what is typical.
    """
    outcomes = [outcome for outcome in heuristic.outcomes() if outcome.kind.is_array and outcome.kind.is_quantity]
    if not outcomes:
        return None
    slot, kind, _ = bench.rng.choice(outcomes)
    grammar = bench.grammar(heuristic.known_before(slot))
    if not grammar.can_make(kind):
        return None
    condition = grammar.expression(kind._replace(boolean=True), 1)
    bonus = number(random_number(bench.rng))
    operator, verb = bench.rng.choice(((ast.Add, "adds"), (ast.Sub, "subtracts")))
    slot.put(combine(heuristic.operand(slot), operator, combine(bonus, ast.Mult, condition)))
    guarded = heuristic.guard([bonus, *walked(condition)])
    return f"{verb} {ast.unparse(bonus)} where {fragment(condition)}{guarded}"


def _draw(site: Site, bench: Bench, depths: tuple[int, ...]) -> ast.expr:
    return bench.grammar(site.scope).expression(site.kind, bench.rng.choice(depths))


_MOVES: dict[Callable[[Site, Bench], _Change | None], float] = {
    _replaced: 4,
    _joined: 4,
    _gated: 2,
    _wrapped: 2,
    _shortened: 2,
    _swapped: 2,
}
