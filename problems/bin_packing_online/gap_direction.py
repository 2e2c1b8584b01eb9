"""Whether a formula falls or rises along bins that were never opened.

They all have the full capacity free, so that their scores differ by their place only. Arithmetic that IEEE 754 lays down is monotone,
rounding included; what only depends on the place is looked at, number by number. Where neither shows a direction, all bins are computed.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import evaluate
from evoheur.problems.flat_heuristics.operations import ARITY, CODES

from .offer_formula import COUNT, FIRST_PART, FIRST_REDUCTION, INPUTS, PLACE, REDUCTIONS, OfferFormula
from .offer_kernels import ALL, ENDS, FIRST, LAST, TABLE
from .place_course import ROUNDING, UNKNOWN, PlaceCourse, joined, looked_at_course

__all__ = ["gap_direction"]

_NAMES = tuple(CODES)


def gap_direction(formula: OfferFormula, bins: int, looked_at: dict[bytes, NDArray[np.float64]]) -> int:
    """Which bins of a row of new ones have to be looked at.

    Args:
        formula: For one size.
        bins: How many the stream has.
        looked_at: What was computed of places before, for streams of as many bins; is added to.

    Returns:
        `FIRST`, `LAST` or `ENDS` where scores rise or fall, `TABLE` where they depend on the place only, or else `ALL`.
    """
    steps = formula.flat.steps.tolist()
    reduces = any(_NAMES[code] in {"amin", "amax"} for code, *_ in steps)
    # What is reduced over all bins is between the bounds for all levels.
    try:
        everywhere = _courses(formula, bins, formula.parts.min(axis=1), formula.parts.max(axis=1), looked_at) if reduces else None
        courses = _courses(formula, bins, formula.parts[:, -1], formula.parts[:, -1], looked_at, everywhere)
    except ArithmeticError:  # numbers beyond those of floats, which a candidate may send
        return ALL
    if courses is None or courses[-1].step == UNKNOWN:
        return TABLE if not reduces and _is_of_places(steps, formula) else ALL
    if reduces:
        return ENDS
    return LAST if courses[-1].step == 1 else FIRST


def _is_of_places(steps: Sequence[Sequence[int]], formula: OfferFormula) -> bool:
    # Whether neither the number of bins nor anything reduced is used.
    first = INPUTS + formula.flat.constants.size
    used = {operand for code, *operands in steps for operand in operands[: ARITY[_NAMES[code]]] if operand < first}
    return not any(operand == COUNT or FIRST_REDUCTION <= operand < INPUTS for operand in used)


def _courses(
    formula: OfferFormula,
    bins: int,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    looked_at: dict[bytes, NDArray[np.float64]],
    everywhere: list[PlaceCourse] | None = None,
) -> list[PlaceCourse] | None:
    """The course of every register, for parts between two numbers; None if all bins have to be computed.

    Args:
        formula: For one size.
        bins: How many the stream has.
        low: Of every part.
        high: Of every part.
        looked_at: What was computed of places before; is added to.
        everywhere: The courses for all levels, which extremes are taken from; None to make those.
    """
    flat = formula.flat
    courses = _inputs(formula, bins, low, high)
    for each in flat.constants.tolist():
        courses.append(PlaceCourse(0, each, each, by_place=True, line=(0.0, each, 0.0, each) if math.isfinite(each) else None))
    first = len(courses)
    extremes = _extremes_of_parts(formula)
    for place, (code, *operands) in enumerate(flat.steps.tolist()):
        name = _NAMES[code]
        if name in {"amin", "amax"}:  # of all offered bins, of which the first and the last of a row are looked at
            if everywhere is not None and courses[operands[0]].step == UNKNOWN:
                return None
            reduced = (everywhere or courses)[operands[0]]
            courses.append(PlaceCourse(0, reduced.low, reduced.high))
            extremes[first + place] = (name, operands[0])
            continue
        course = joined(name, [courses[operand] for operand in operands[: ARITY[name]]], bins)
        if name == "subtract":  # the largest is no less than the smallest of the same
            largest, smallest = extremes.get(operands[0], ("", -1)), extremes.get(operands[1], ("", -2))
            if (largest[0], smallest[0]) == ("amax", "amin") and largest[1] == smallest[1]:
                course = PlaceCourse(0, max(course.low, 0.0), course.high)
        if course.step == UNKNOWN and course.by_place:
            key = b"".join((flat.steps.tobytes(), flat.constants.tobytes()))
            if key not in looked_at:
                looked_at[key] = _computed(formula, bins)
            course = looked_at_course(looked_at[key][first + place])
        courses.append(course)
    return courses


def _extremes_of_parts(formula: OfferFormula) -> dict[int, tuple[str, int]]:
    # Registers with the largest or smallest of something, and of what.
    names = {REDUCTIONS.index("max"): "amax", REDUCTIONS.index("min"): "amin"}
    pairs = enumerate(formula.reductions.tolist(), start=FIRST_REDUCTION)
    return {row: (names[what], FIRST_PART + part) for row, (what, part) in pairs if what in names}


def _inputs(formula: OfferFormula, bins: int, lows: NDArray[np.float64], highs: NDArray[np.float64]) -> list[PlaceCourse]:
    courses = [PlaceCourse(0)] * INPUTS
    courses[PLACE] = PlaceCourse(1, 0.0, float(bins - 1), by_place=True, apart=1.0, line=(0.0, 0.0, 1.0, -1.0))
    courses[COUNT] = PlaceCourse(0, 1.0, float(bins), line=(1.0, 0.0, 1.0, 0.0))
    for row, (low, high) in enumerate(zip(lows.tolist(), highs.tolist(), strict=True)):
        courses[FIRST_PART + row] = PlaceCourse(0) if math.isnan(low) or math.isnan(high) else PlaceCourse(0, low, high)
    for row, (what, part) in enumerate(formula.reductions.tolist()):
        numbers = formula.parts[part]
        if np.isfinite(numbers).all():
            courses[FIRST_REDUCTION + row] = _reduced(REDUCTIONS[what], float(numbers.min()), float(numbers.max()), bins)
    return courses


def _reduced(what: str, low: float, high: float, bins: int) -> PlaceCourse:
    # Bounds of what is reduced from numbers between two others; sums are rounded, by far less than the room that is left here.
    if what in {"min", "max"}:
        return PlaceCourse(0, low, high)
    room = ROUNDING * max(abs(low), abs(high))
    if what == "sum":
        low, high, room = min(low, low * bins), max(high, high * bins), room * bins
    if what in {"std", "var"}:
        most = high - low + room
        return PlaceCourse(0, 0.0, most if what == "std" else most * most)
    return PlaceCourse(0, max(low - room, 0.0) if low >= 0 else low - room, min(high + room, 0.0) if high <= 0 else high + room)


def _computed(formula: OfferFormula, bins: int) -> NDArray[np.float64]:
    machine = formula.flat.machine(bins)
    machine.registers[PLACE] = np.arange(bins)
    with np.errstate(all="ignore"):
        evaluate(machine, bins)
    return machine.registers
