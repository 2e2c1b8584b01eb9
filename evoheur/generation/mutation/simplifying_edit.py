"""Operator m3: less code that may do as well."""

import ast

from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.edit_sites import Site
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.tree_building import folded, fragment, number, size

__all__ = ["simplify"]


def simplify(heuristic: EditableModule, bench: Bench) -> str | None:
    """Take something away from the heuristic, in place.

    An operation that two numbers settle, a term, a case, a function around a part.

    Returns:
        What was taken away, as a clause; None if there is nothing to take.
    """
    choices = [(site, part) for site in heuristic.sites() for part in _smaller(site)]
    if not choices:
        return None
    site, part = bench.rng.choice(choices)
    clause = f"simplifies {fragment(site.node)} to {fragment(part)}"
    site.slot.put(part)
    return clause + heuristic.guard([part])


def _smaller(site: Site) -> list[ast.expr]:
    """What could stand for an expression at less length."""
    if (value := folded(site.node)) is not None:
        return [value]
    if not site.kind.is_array and site.kind.is_quantity and size(site.node) > 1:
        return [*site.parts, number(1)]
    return list(site.parts)
