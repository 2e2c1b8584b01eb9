"""Operator m2: other numbers in the same places."""

import ast
import math
import random

from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.edit_sites import Number, find_numbers
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.grammar import random_number
from evoheur.generation.mutation.tree_building import combine, fragment, number

__all__ = ["change_constants", "introduce_constant"]


def change_constants(heuristic: EditableModule, bench: Bench, *, strict: bool = True) -> str | None:
    """Change one to three numbers of the heuristic, in place.

    Args:
        heuristic: The heuristic to change.
        bench: Randomness and settings.
        strict: True to refuse numbers that could lead to undefined results; a heuristic that may divide by 0 as it is needs False.

    Returns:
        What was changed, as a clause; None if there is no number, or if this draw would need more than that to stay runnable.
    """
    numbers = [found for tree in heuristic.own_statements for found in find_numbers(tree)]
    if not numbers:
        return None
    count = min(len(numbers), bench.rng.choice((1, 1, 1, 2, 2, 3)))
    changes = []
    touched: list[ast.AST] = []
    for found in bench.rng.sample(numbers, count):
        new = number(_other(found, bench.rng))
        changes.append(f"{ast.unparse(found.slot.get())} to {ast.unparse(new)}")
        found.slot.put(new)
        touched.extend(ast.walk(new))
    if strict and heuristic.guard(touched, tidy=False):
        return None
    if count == 1:
        return f"changes the constant {changes[0]}"
    return f"changes the constants {', '.join(changes[:-1])} and {changes[-1]}"


def introduce_constant(heuristic: EditableModule, bench: Bench) -> str | None:
    """Give a heuristic without numbers a coefficient, in place.

    Returns:
        What was added, as a clause; None if there is no place for it.
    """
    if any(find_numbers(tree) for tree in heuristic.own_statements):
        return None
    sites = [site for site in heuristic.sites() if site.kind.is_quantity and not site.value.infinite]
    inner = [site for site in sites if not site.returned]  # a factor of the whole result would often change nothing
    if not sites:
        return None
    site = bench.rng.choice(inner or sites)
    factor = number(_rounded(math.exp(bench.rng.gauss(0.0, 0.7))))
    clause = f"introduces the constant {ast.unparse(factor)} as coefficient of {fragment(site.node)}, there being none to change"
    site.slot.put(combine(factor, ast.Mult, site.node))
    return clause + heuristic.guard([factor])


def _other(found: Number, rng: random.Random) -> float:
    """Another number for a place.

    It is a step or a few percent away, or of another scale altogether.
    """
    old = found.value
    if found.exponent:
        return _other_exponent(old, rng)
    draw = rng.random()
    if isinstance(old, int) and draw < 0.45:
        return old + rng.choice((-3, -2, -1, -1, 1, 1, 2, 3))
    if draw < 0.75:
        new = old * math.exp(rng.gauss(0.0, rng.choice((0.05, 0.3))))
    elif draw < 0.9:
        new = math.copysign(random_number(rng), old)
    elif draw < 0.95:
        new = -old
    else:
        new = old * rng.choice((0.1, 0.5, 2, 10))
    new = new if isinstance(new, int) else _rounded(new)
    return new if new != old else old + 1


def _other_exponent(old: float, rng: random.Random) -> float:
    """Another exponent, whole and small if the old one is whole.

    Fractions would ask for a base that is nowhere negative.
    """
    if old == int(old):
        return type(old)(rng.choice([power for power in (1, 2, 3, 4) if power != old]))
    new = _rounded(old * math.exp(rng.gauss(0.0, 0.2)))
    return new if new != old else old * 2


def _rounded(value: float) -> float:
    """The value to three significant digits.

    More would only make the code harder to read.
    """
    return float(f"{value:.3g}")
