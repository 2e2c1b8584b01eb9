"""A heuristic of levels, places and reductions, as data.

For every size of item there is a flat formula over what a bin is offered with: its place in the row, the number of bins, numbers by level
that the candidate computed itself, and reductions of those over all offered bins. It is fixed before anything of a stream is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Infeasible, Json
from evoheur.problems.flat_heuristics.flat_heuristic import LONGEST, FlatHeuristic, read_flat_heuristic

__all__ = [
    "COUNT",
    "FIRST_PART",
    "FIRST_REDUCTION",
    "INPUTS",
    "MOST_BINS",
    "MOST_PARTS",
    "MOST_STEPS",
    "PLACE",
    "REDUCTIONS",
    "OfferFormula",
    "formulas_bytes",
    "formulas_document",
    "most_numbers",
    "read_formulas",
]

PLACE, COUNT, FIRST_PART = 0, 1, 2
"""Inputs of a formula: the bin's place among the offered ones, from 0; how many are offered; then numbers by level."""

MOST_PARTS = 16
"""Numbers by level, and reductions, that a formula may have, each."""

FIRST_REDUCTION = FIRST_PART + MOST_PARTS
INPUTS = FIRST_REDUCTION + MOST_PARTS

REDUCTIONS = ("sum", "mean", "min", "max", "std", "var")
"""What may be asked of the numbers by level of all offered bins; they go by their place in here."""

MOST_BINS = 2**20
"""Of a stream that is packed by formulas: whole numbers made of places stay exact in float64."""

MOST_STEPS = 10_000
"""Steps in all structures of formulas of a heuristic."""

_MOST_NUMBERS = 1 << 19  # as many as the largest table has


@dataclass(frozen=True, slots=True)
class OfferFormula:
    """The formula for one size of item.

    Attributes:
        flat: Its steps, of `INPUTS` inputs.
        parts: Numbers by level, from the size to the capacity: shape (parts, capacity + 1 - size).
        reductions: What is reduced how, as pairs of a place in `REDUCTIONS` and a part: shape (reductions, 2).
    """

    flat: FlatHeuristic
    parts: NDArray[np.float64]
    reductions: NDArray[np.int64]


def most_numbers(capacity: int) -> int:
    """How many constants and numbers by level the formulas of a heuristic may have in all."""
    return min(_MOST_NUMBERS, MOST_PARTS * capacity * (capacity + 1) // 2 + LONGEST * capacity)


def formulas_bytes(capacity: int) -> int:
    """How long formulas can be that `read_formulas` takes, as JSON and bytes."""
    return 8 * most_numbers(capacity) + 32 * MOST_STEPS + 512 * capacity


def formulas_document(formulas: Sequence[OfferFormula | None]) -> dict[str, Json]:
    """Write formulas for the sizes 1, 2, … down; what `read_formulas` reads, without loss.

    Args:
        formulas: None for a size without one.

    Returns:
        Structures, the structure of every size (-1 where there is none), and all numbers as float64: constants and parts, size by size.
    """
    structures: dict[str, int] = {}
    written: list[Json] = []
    of_size: list[Json] = []
    numbers: list[NDArray[np.float64]] = [np.empty(0)]
    for formula in formulas:
        if formula is None:
            of_size.append(-1)
            continue
        structure = {
            "steps": formula.flat.steps.tolist(),
            "constants": int(formula.flat.constants.size),
            "parts": len(formula.parts),
            "reductions": formula.reductions.tolist(),
        }
        place = structures.setdefault(repr(structure), len(structures))
        if place == len(written):
            written.append(structure)
        of_size.append(place)
        numbers += [formula.flat.constants, formula.parts.ravel()]
    return {"structures": written, "of_size": of_size, "numbers": np.concatenate(numbers).tobytes()}


def read_formulas(answer: Json, capacity: int) -> list[OfferFormula | None]:
    """Read formulas from an untrusted answer.

    Args:
        answer: Any JSON, or what `formulas_document` gave.
        capacity: Of every bin; formulas are for sizes 1 to this.

    Raises:
        Infeasible: It holds no such formulas.
    """
    match answer:
        case {"structures": list(structures), "of_size": list(of_size), "numbers": bytes(numbers)} if len(numbers) % 8 == 0:
            flat = np.frombuffer(numbers, dtype=np.float64)
        case _:
            raise Infeasible(f"the answer holds no formulas: {answer!r:.60}")
    if len(of_size) != capacity or len(structures) > capacity or flat.size > most_numbers(capacity):
        raise Infeasible(
            f"there are formulas for {len(of_size)} sizes with {flat.size} numbers, which are not what was asked for"
        )
    read = [_structure(structure) for structure in structures]
    if sum(len(steps) for steps, *_ in read) > MOST_STEPS:
        raise Infeasible(f"formulas have more than {MOST_STEPS} steps")
    formulas: list[OfferFormula | None] = []
    begin = 0
    for size, place in enumerate(of_size, start=1):
        if type(place) is not int or not -1 <= place < len(read):
            raise Infeasible(f"{place!r:.60} is no formula for the size {size}")
        if place == -1:
            formulas.append(None)
            continue
        steps, constants, parts, reductions = read[place]
        end = begin + constants + parts * (capacity + 1 - size)
        if end > flat.size:
            raise Infeasible(f"the formula for the size {size} lacks numbers: {flat.size} came in all")
        formulas.append(
            OfferFormula(
                FlatHeuristic(INPUTS, flat[begin : begin + constants], steps),
                flat[begin + constants : end].reshape(parts, capacity + 1 - size),
                reductions,
            )
        )
        begin = end
    if begin != flat.size:
        raise Infeasible(f"{flat.size} numbers came for formulas, which have {begin}")
    return formulas


def _structure(structure: Json) -> tuple[NDArray[np.int64], int, int, NDArray[np.int64]]:
    match structure:
        case {"steps": list(steps), "constants": int(constants), "parts": int(parts), "reductions": list(reductions)}:
            pass
        case _:
            raise Infeasible(f"{structure!r:.60} is no structure of a formula")
    if not (0 <= constants <= LONGEST and 0 <= parts <= MOST_PARTS and len(reductions) <= MOST_PARTS):
        raise Infeasible(
            f"a formula has {constants} constants, {parts} parts and {len(reductions)} reductions, which are too many"
        )
    pairs = np.zeros((len(reductions), 2), dtype=np.int64)
    for place, pair in enumerate(reductions):
        match pair:
            case [int(what), int(part)] if 0 <= what < len(REDUCTIONS) and 0 <= part < parts:
                pairs[place] = what, part
            case _:
                raise Infeasible(f"{pair!r:.60} is no reduction of a formula")
    flat = read_flat_heuristic({"constants": ["0x0p+0"] * constants, "steps": steps}, INPUTS)
    _check_inputs(flat.steps, parts, len(pairs))
    return flat.steps, constants, parts, pairs


def _check_inputs(steps: NDArray[np.int64], parts: int, reductions: int) -> None:
    # An input that the formula does not have would be whatever the one before it left there.
    filled = np.zeros(INPUTS, dtype=np.bool_)
    filled[: FIRST_PART + parts] = True
    filled[FIRST_REDUCTION : FIRST_REDUCTION + reductions] = True
    operands = steps[:, 1:].ravel()
    if not filled[operands[operands < INPUTS]].all():
        raise Infeasible("a formula uses an input that it does not have")
