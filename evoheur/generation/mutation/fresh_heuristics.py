"""Operators i1 and e1: heuristics that start from nothing."""

import ast
from collections.abc import Sequence
from functools import lru_cache

from evoheur.code.program import read_program
from evoheur.code.syntax import walked
from evoheur.generation.mutation.abstract_values import Kind
from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.layout import whole
from evoheur.generation.mutation.pruning import drop_unread
from evoheur.generation.mutation.slots import Slot
from evoheur.generation.mutation.tree_building import catalogue, fragment, number

__all__ = ["LARGER", "draw_heuristic", "draw_unlike"]

LARGER = 6  # nodes; smaller parts, such as the difference of two parameters, are in most heuristics of a problem


def draw_heuristic(heuristic: EditableModule, bench: Bench) -> str | None:
    """Replace the function's body by an expression from the grammar.

    Or, in place, the scores by which it chooses.

    Returns:
        What the heuristic is now, as a clause; None if the grammar cannot make what the function returns.
    """
    drawn = _draw(heuristic, bench)
    return None if drawn is None else f"tries the new formula {fragment(drawn)}"


def draw_unlike(heuristic: EditableModule, parents: Sequence[str], bench: Bench) -> str | None:
    """Draw a heuristic as `draw_heuristic` does, unlike any parent.

    Its expression has no part of `LARGER` nodes or more in common with any of the parents.

    Args:
        heuristic: The heuristic to overwrite.
        parents: The parents' code, all of which parses.
        bench: Randomness and settings.
    """
    drawn = _draw(heuristic, bench)
    if drawn is None:
        return None
    parts = {part.text for part in catalogue(drawn).values() if part.size >= LARGER}
    if any(parts & _larger_parts(code) for code in parents):
        return None
    return f"tries the formula {fragment(drawn)}, whose form is unlike that of {'its parent' if len(parents) == 1 else 'all its parents'}"


def _draw(heuristic: EditableModule, bench: Bench) -> ast.expr | None:
    scope = {
        parameter: value for parameter, value in heuristic.scope.items() if parameter in heuristic.parameters and value.known
    }
    grammar = bench.grammar(scope)
    place = _place(heuristic)
    if place is None or not grammar.can_make(place[1]):
        return None
    slot, kind = place
    drawn = grammar.expression(kind, bench.rng.choice((2, 2, 3, 3, 4)))
    slot.put(drawn)
    drop_unread(heuristic.function)
    heuristic.guard(list(walked(drawn)))
    new: ast.expr = slot.get()
    return new


def _place(heuristic: EditableModule) -> tuple[Slot, Kind] | None:
    """Where the new expression goes.

    It is all that the function does, or it is what the function chooses by.
    """
    kind = heuristic.signature.returns
    if kind is not None:
        returned = ast.Return(number(0))
        heuristic.function.body = [returned]
        return Slot(returned, "value"), kind
    outcomes = heuristic.outcomes()
    return (outcomes[-1].slot, outcomes[-1].kind) if outcomes else None


@lru_cache(maxsize=256)
def _larger_parts(code: str) -> frozenset[str]:
    """The larger parts of a code, remembered.

    Parents come back many times.
    """
    return frozenset(part.text for part in catalogue(read_program(whole(code)).tree).values() if part.size >= LARGER)
