"""Operator e2: one heuristic from the material of two."""

import ast

from evoheur.code.syntax import walked
from evoheur.generation.mutation.abstract_values import Kind
from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.grammar import random_number
from evoheur.generation.mutation.slots import Slot
from evoheur.generation.mutation.transplant import Donor
from evoheur.generation.mutation.tree_building import call, catalogue, combine, fragment, negative, number, same

__all__ = ["MATERIAL", "Named", "blend", "exchange", "graft"]

MATERIAL = 2  # nodes; a single variable or number is no material of anyone's

Named = tuple[str, EditableModule]  # a heuristic and what a sentence calls it, such as "parent 8"


def graft(receiver: Named, donor: Named, bench: Bench) -> str | None:
    """Replace a part of the receiver by one of the donor.

    Both parts are of the same kind.

    Returns:
        What was done, as a clause; None if no part fits anywhere, or none brings anything new.
    """
    (to_label, to), (from_label, source) = receiver, donor
    present = catalogue(to.function)
    texts = {part.text for part in present.values()}
    whole = max(part.size for part in present.values())
    places = [site for site in to.sites() if not site.returned and whole - present[site.node].size >= MATERIAL]
    sizes = catalogue(source.function)
    offers = [site for site in source.sites() if sizes[site.node].size >= MATERIAL and not site.value.infinite]
    transplant = Donor(source, to)
    for offer in bench.rng.sample(offers, len(offers)):
        fitting = [place for place in places if place.kind == offer.kind]
        material = transplant.expanded(offer.node) if fitting else None
        if material is None or catalogue(material)[material].text in texts:
            continue
        place = bench.rng.choice(fitting)
        clause = f"takes {fragment(material)} of {from_label} into {to_label} in place of {fragment(place.node)}"
        place.slot.put(material)
        return clause + to.guard(list(walked(material)))
    return None


def blend(receiver: Named, donor: Named, bench: Bench) -> str | None:
    """Return a combination of both scores.

    It is a weighted sum, or one of them where a condition holds and the other one elsewhere.

    Returns:
        What was done, as a clause; None if what the function returns cannot be added up.
    """
    (to_label, to), (from_label, source) = receiver, donor
    pair = _results(to, Donor(source, to))
    if pair is None:
        return None
    slot, kind, own, other = pair
    grammar = bench.grammar(to.known_before(slot))
    if kind.is_array and grammar.can_make(kind) and bench.rng.random() < 0.5:
        condition = grammar.expression(kind._replace(boolean=True), 1)
        slot.put(call("where", condition, own, other))
        guarded = to.guard(list(walked(condition)))
        return f"scores as {to_label} where {fragment(condition)} and as {from_label} elsewhere{guarded}"
    weight = number(random_number(bench.rng))
    slot.put(combine(own, ast.Add, combine(weight, ast.Mult, other)))
    guarded = to.guard([weight])
    return f"adds {ast.unparse(weight)} times the score of {from_label} to the score of {to_label}{guarded}"


def exchange(receiver: Named, donor: Named, bench: Bench) -> str | None:  # noqa: ARG001 - an operator like the others
    """Replace the receiver's function by the donor's whole function.

    The receiver's other functions stay.

    Returns:
        What was done, as a clause; None if the function is the same in both.
    """
    (to_label, to), (from_label, source) = receiver, donor
    if same(to.function, source.function):
        return None
    Donor(source, to).replace()
    return f"comes whole from {from_label} and takes the place of that of {to_label}"


def _results(to: EditableModule, donor: Donor) -> tuple[Slot, Kind, ast.expr, ast.expr] | None:
    """Where the receiver's result stands, its kind, and both results.

    The results are things that can be added up.
    """
    kind = to.signature.returns
    if kind is not None:
        slot = to.sole_return()
        return None if slot is None or not kind.is_quantity else (slot, kind, to.operand(slot), donor.score())
    own, decision = to.outcomes(), donor.decision()
    if not own or decision is None:
        return None
    scores, prefers = decision
    slot = own[-1].slot
    return slot, own[-1].kind, slot.get(), scores if prefers == own[-1].prefers else negative(scores)
