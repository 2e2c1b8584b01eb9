"""Whether a formula falls or rises along bins that were never opened.

They all have the full capacity free, so that their scores differ by their place only. Arithmetic that IEEE 754 lays down is monotone, rounding
included; what only depends on the place is looked at, number by number. Where neither shows a direction, all bins are computed.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import evaluate
from evoheur.problems.flat_heuristics.operations import ARITY, CODES

from .offer_formula import COUNT, FIRST_PART, FIRST_REDUCTION, INPUTS, PLACE, REDUCTIONS, OfferFormula
from .offer_kernels import ALL, ENDS, FIRST, LAST, TABLE

__all__ = ["gap_direction"]

_NAMES = tuple(CODES)


@dataclass(slots=True)
class _Course:  # not frozen, which takes three times as long to make
    """What a register does along a row of new bins, from bin to bin.

    Attributes:
        step: 0 where all are the same, NaN included; 1 where none is less than the one before, -1 where none is more; 2 where nothing is
            known. With 1 and -1 there is neither NaN nor an infinity.
        low: None is below, unless it is NaN.
        high: None is above, unless it is NaN.
        by_place: Whether it depends on the place and on constants only.
        apart: How far each is from the one before at least, where the step is 1 or -1.
        line: Two multiples of the number of bins, and what comes on top, between which it is: (low multiple, low rest, high multiple, high
            rest); None where nothing is known.
    """

    step: int
    low: float = -math.inf
    high: float = math.inf
    by_place: bool = False
    apart: float = 0.0
    line: tuple[float, float, float, float] | None = None

    @property
    def tame(self) -> bool:
        """Whether it is known to be a number with two finite bounds."""
        return -math.inf < self.low and self.high < math.inf


_Rule: TypeAlias = Callable[..., _Course]
_UNKNOWN = 2
_ROUNDING = 1e-6
_EPSILON = 2.0**-52
_ERRORS = 64 * _EPSILON  # NumPy's loops are within 4 units of the last place; neighbours that are so far apart stay in order


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
    everywhere = _courses(formula, bins, formula.parts.min(axis=1), formula.parts.max(axis=1), looked_at) if reduces else None
    courses = _courses(formula, bins, formula.parts[:, -1], formula.parts[:, -1], looked_at, everywhere)
    if courses is None or courses[-1].step == _UNKNOWN:
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
    everywhere: list[_Course] | None = None,
) -> list[_Course] | None:
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
        courses.append(_Course(0, each, each, by_place=True, line=(0.0, each, 0.0, each) if math.isfinite(each) else None))
    first = len(courses)
    extremes = _extremes_of_parts(formula)
    for place, (code, *operands) in enumerate(flat.steps.tolist()):
        name = _NAMES[code]
        if name in {"amin", "amax"}:  # of all offered bins, of which the first and the last of a row are looked at
            if everywhere is not None and courses[operands[0]].step == _UNKNOWN:
                return None
            reduced = (everywhere or courses)[operands[0]]
            courses.append(_Course(0, reduced.low, reduced.high))
            extremes[first + place] = (name, operands[0])
            continue
        course = _joined(name, [courses[operand] for operand in operands[: ARITY[name]]], bins)
        if name == "subtract" and extremes.get(operands[0], ("", -1))[0] == "amax":  # no less than the smallest of the same
            if extremes.get(operands[1]) == ("amin", extremes[operands[0]][1]):
                course = _Course(0, max(course.low, 0.0), course.high)
        if course.step == _UNKNOWN and course.by_place:
            key = b"".join((flat.steps.tobytes(), flat.constants.tobytes()))
            if key not in looked_at:
                looked_at[key] = _computed(formula, bins)
            course = _looked_at(looked_at[key][first + place])
        courses.append(course)
    return courses


def _extremes_of_parts(formula: OfferFormula) -> dict[int, tuple[str, int]]:
    # Registers with the largest or smallest of something, and of what.
    names = {REDUCTIONS.index("max"): "amax", REDUCTIONS.index("min"): "amin"}
    pairs = enumerate(formula.reductions.tolist(), start=FIRST_REDUCTION)
    return {row: (names[what], FIRST_PART + part) for row, (what, part) in pairs if what in names}


def _inputs(formula: OfferFormula, bins: int, lows: NDArray[np.float64], highs: NDArray[np.float64]) -> list[_Course]:
    courses = [_Course(0)] * INPUTS
    courses[PLACE] = _Course(1, 0.0, float(bins - 1), by_place=True, apart=1.0, line=(0.0, 0.0, 1.0, -1.0))
    courses[COUNT] = _Course(0, 1.0, float(bins), line=(1.0, 0.0, 1.0, 0.0))
    for row, (low, high) in enumerate(zip(lows.tolist(), highs.tolist(), strict=True)):
        courses[FIRST_PART + row] = _Course(0) if math.isnan(low) or math.isnan(high) else _Course(0, low, high)
    for row, (what, part) in enumerate(formula.reductions.tolist()):
        numbers = formula.parts[part]
        if np.isfinite(numbers).all():
            courses[FIRST_REDUCTION + row] = _reduced(REDUCTIONS[what], float(numbers.min()), float(numbers.max()), bins)
    return courses


def _reduced(what: str, low: float, high: float, bins: int) -> _Course:
    # Bounds of what is reduced from numbers between two others; sums are rounded, by far less than the room that is left here.
    if what in {"min", "max"}:
        return _Course(0, low, high)
    room = _ROUNDING * max(abs(low), abs(high))
    if what == "sum":
        low, high, room = min(low, low * bins), max(high, high * bins), room * bins
    if what in {"std", "var"}:
        most = high - low + room
        return _Course(0, 0.0, most if what == "std" else most * most)
    return _Course(0, max(low - room, 0.0) if low >= 0 else low - room, min(high + room, 0.0) if high <= 0 else high + room)


def _computed(formula: OfferFormula, bins: int) -> NDArray[np.float64]:
    machine = formula.flat.machine(bins)
    machine.registers[PLACE] = np.arange(bins)
    with np.errstate(all="ignore"):
        evaluate(machine, bins)
    return machine.registers


def _looked_at(numbers: NDArray[np.float64]) -> _Course:
    if not np.isfinite(numbers).all():
        return _Course(_UNKNOWN)
    low, high = float(numbers.min()), float(numbers.max())
    rises, falls = bool((numbers[1:] >= numbers[:-1]).all()), bool((numbers[1:] <= numbers[:-1]).all())
    step = 0 if rises and falls else 1 if rises else -1 if falls else _UNKNOWN
    return _Course(step, low, high, by_place=True, apart=float(np.abs(np.diff(numbers)).min(initial=math.inf)) if step else 0.0)


def _joined(name: str, shown: list[_Course], bins: int) -> _Course:
    course = _joined_by_rule(name, shown)
    line = _line(name, [each.line for each in shown])
    if name == "divide" and course.tame and shown[0].line is not None and shown[1].line is not None:
        low, high = _share(shown[0].line, shown[1].line, bins)
        low, high = max(course.low, low), min(course.high, high)
    else:
        low, high = course.low, course.high
    return _Course(course.step, low, high, course.by_place, course.apart, line)


def _line(name: str, lines: list[tuple[float, float, float, float] | None]) -> tuple[float, float, float, float] | None:
    if any(each is None for each in lines) or name not in {"add", "subtract", "negative", "multiply"}:
        return None
    (a, b, c, d), *others = (each for each in lines if each is not None)
    if name == "negative":
        return (-c, -d, -a, -b)
    (p, q, r, s) = others[0]
    if name == "add":
        return (a + p, b + q, c + r, d + s)
    if name == "subtract":
        return (a - r, b - s, c - p, d - q)
    if (p, r) != (0.0, 0.0) or q != s:
        (a, b, c, d), (p, q, r, s) = (p, q, r, s), (a, b, c, d)
    if (p, r) != (0.0, 0.0) or q != s:
        return None
    return (a * q, b * q, c * q, d * q) if q >= 0 else (c * q, d * q, a * q, b * q)


def _share(one: tuple[float, float, float, float], two: tuple[float, float, float, float], bins: int) -> tuple[float, float]:
    # Bounds of a quotient whose divisor is a multiple of the number of bins and some: they move one way as that number grows.
    multiple, rest = two[:2]
    ends = [multiple * count + rest for count in (1, bins)]
    if two[:2] != two[2:] or min(ends) <= 0:
        return -math.inf, math.inf
    low = min((one[0] * count + one[1]) / end for count, end in zip((1, bins), ends, strict=True))
    high = max((one[2] * count + one[3]) / end for count, end in zip((1, bins), ends, strict=True))
    room = _ROUNDING * max(abs(low), abs(high))
    return low - room if low < 0 else low * (1 - _ROUNDING), high + room if high > 0 else high * (1 - _ROUNDING)


def _joined_by_rule(name: str, shown: list[_Course]) -> _Course:
    by_place = all(each.by_place for each in shown)
    if all(each.step == 0 for each in shown):
        made = _RULES[name](*shown) if name in _RULES and all(each.tame for each in shown) else _signed(name, shown)
        return _Course(0, made.low, made.high, by_place=by_place)
    unknown = _Course(_UNKNOWN, by_place=by_place)
    if name not in _RULES or any(each.step == _UNKNOWN or (each.step != 0 and not each.tame) for each in shown):
        return unknown
    made = _RULES[name](*shown)
    if math.isnan(made.low) or math.isnan(made.high) or made.step == _UNKNOWN:
        return unknown
    # Rounding may bring neighbours closer.
    apart = max(0.0, made.apart - 4 * _EPSILON * max(abs(made.low), abs(made.high)))
    step = 0 if made.low == made.high else made.step
    return _Course(step, made.low, made.high, by_place=by_place, apart=apart)


def _signed(name: str, shown: list[_Course]) -> _Course:
    # All the same along the row, but not known to be finite: only the sign is of use, where it is certain.
    positive = all(each.low > 0 for each in shown)
    if name in {"sqrt", "exp", "square", "absolute"} or (
        name in {"add", "multiply", "divide"} and all(each.low >= 0 for each in shown)
    ):
        strictly = positive and name == "add" and any(each.tame for each in shown)
        return _Course(0, min(each.low for each in shown) if strictly else 0.0, math.inf)
    return _Course(0)


def _both(one: _Course, two: _Course) -> int:
    # The direction of what rises in both operands.
    if _UNKNOWN in {one.step, two.step} or one.step * two.step == -1:
        return _UNKNOWN
    return one.step or two.step


def _turned(course: _Course) -> _Course:
    step = -course.step if course.step != _UNKNOWN else _UNKNOWN
    return _Course(step, -course.high, -course.low, apart=course.apart)


def _add(one: _Course, two: _Course) -> _Course:
    return _Course(_both(one, two), one.low + two.low, one.high + two.high, apart=one.apart + two.apart)


def _multiply(one: _Course, two: _Course) -> _Course:
    if one.step == 0 and two.step != 0:
        one, two = two, one
    if not two.tame:
        return _Course(_UNKNOWN)
    if two.low < 0 and two.high <= 0:
        return _turned(_multiply(one, _turned(two)))
    ends = [a * b for a in (one.low, one.high) for b in (two.low, two.high)]
    steady = two.low >= 0 and (two.step == 0 or one.low >= 0)
    step = _both(one, two) if steady else 0 if _both(one, two) == 0 else _UNKNOWN
    return _Course(step, min(ends), max(ends), apart=one.apart * two.low if two.step == 0 else 0.0)


def _divide(one: _Course, two: _Course) -> _Course:
    if two.step == 0 and two.low >= 0 and one.tame and one.low * one.high > 0:  # by 0, all become the same infinity
        if not two.tame or two.low == 0:
            return _Course(one.step)
    if not (one.tame and two.tame) or two.low <= 0 <= two.high:
        return _Course(_UNKNOWN)
    if two.high < 0:
        return _turned(_divide(one, _turned(two)))
    upside = _Course(_turned(two).step, two.low, two.high)
    steady = two.step == 0 or one.low >= 0
    if not steady and one.high <= 0:
        return _turned(_divide(_turned(one), two))
    ends = [a / b for a in (one.low, one.high) for b in (two.low, two.high)]
    apart = one.apart / two.high if two.step == 0 else one.low * two.apart / two.high**2 if one.step == 0 else 0.0
    return _Course(_both(one, upside) if steady else _UNKNOWN, min(ends), max(ends), apart=max(0.0, apart))


def _even(shape: Callable[[float], float]) -> _Rule:
    def course(one: _Course) -> _Course:
        if one.high <= 0:
            one = _turned(one)
        low = 0.0 if one.low < 0 else shape(one.low)
        return _Course(one.step if one.low >= 0 else 0 if one.step == 0 else _UNKNOWN, low, max(shape(one.low), shape(one.high)))

    return course


def _rising(shape: Callable[[float], float]) -> _Rule:
    return lambda one: _Course(one.step, shape(one.low), shape(one.high))


def _root(one: _Course) -> _Course:
    if one.low < 0:
        return _Course(_UNKNOWN)
    high = math.sqrt(one.high)
    return _Course(one.step, math.sqrt(one.low), high, apart=one.apart / (2 * high) if high > 0 else 0.0)


def _smooth(shape: Callable[[float], float], slope: Callable[[float, float], float], least: float, most: float) -> _Rule:
    """A function that rises, computed by a loop of NumPy's: neighbours stay in order if they are farther apart than its errors.

    Args:
        shape: The function.
        slope: No less than this between two numbers.
        least: It is only used above.
        most: It is only used below.
    """

    def course(one: _Course) -> _Course:
        if not least < one.low <= one.high < most:
            return _Course(_UNKNOWN)
        low, high = shape(one.low), shape(one.high)
        room = _ROUNDING * max(abs(low), abs(high))
        apart = one.apart * slope(one.low, one.high)
        step = one.step if one.step == 0 or apart > _ERRORS * max(abs(low), abs(high)) else _UNKNOWN
        return _Course(step, low - room if low <= 0 else low * (1 - _ROUNDING), high + room, apart=apart / 2)

    return course


def _power(one: _Course, two: _Course) -> _Course:
    # A rising or falling base with a constant exponent, or the other way round.
    if one.low <= 0 or not (one.tame and two.tame):
        return _Course(_UNKNOWN)
    if two.step == 0 and two.low == two.high:
        exponent = two.low
        if exponent < 0:
            return _turned(_power_rising(one, exponent))
        return _power_rising(one, exponent)
    if one.step == 0 and one.low == one.high:
        course = _RULES["exp"](_multiply(two, _Course(0, math.log(one.low), math.log(one.low))))
        # The logarithm is rounded: by less than a billionth, which the order of neighbours far enough apart survives.
        return course if course.apart > 1e-6 * course.high else _Course(_UNKNOWN)
    return _Course(_UNKNOWN)


def _power_rising(one: _Course, exponent: float) -> _Course:
    # Of a negative exponent, what it is the negative of.
    try:
        ends = [math.pow(one.low, exponent), math.pow(one.high, exponent)]
        slope = abs(exponent) * min(math.pow(one.low, exponent - 1), math.pow(one.high, exponent - 1))
    except OverflowError:
        return _Course(_UNKNOWN)
    low, high = min(ends) * (1 - _ROUNDING), max(ends) * (1 + _ROUNDING)
    step = one.step if one.step == 0 or one.apart * slope > _ERRORS * high else _UNKNOWN
    if exponent < 0:
        low, high = -high, -low
    return _Course(step, low, high, apart=one.apart * slope / 2)


def _extreme(choose: Callable[[float, float], float]) -> _Rule:
    def course(one: _Course, two: _Course) -> _Course:
        if not (one.tame and two.tame):  # NaN goes through for all or for none
            return _Course(_both(one, two)) if 0 in {one.step, two.step} else _Course(_UNKNOWN)
        return _Course(_both(one, two), choose(one.low, two.low), choose(one.high, two.high))

    return course


def _truth(step: int) -> _Course:
    return _Course(step, 0.0, 1.0)


def _where(condition: _Course, one: _Course, two: _Course) -> _Course:
    low, high = min(one.low, two.low), max(one.high, two.high)
    if condition.step == 0:
        if condition.tame and condition.low == condition.high:
            return one if condition.low != 0 else two
        return _Course(_both(one, two), low, high)
    if (condition.low, condition.high) != (0.0, 1.0) or not (one.tame and two.tame):
        return _Course(_UNKNOWN)
    before, after = (two, one) if condition.step == 1 else (one, two)
    direction = _both(before, after)
    if direction in {0, 1} and after.low >= before.high:
        return _Course(1, low, high)
    if direction in {0, -1} and after.high <= before.low:
        return _Course(-1, low, high)
    return _Course(_UNKNOWN)


_RULES: Mapping[str, _Rule] = {
    "add": _add,
    "subtract": lambda one, two: _add(one, _turned(two)),
    "multiply": _multiply,
    "divide": _divide,
    "negative": _turned,
    "absolute": _even(abs),
    "square": _even(lambda number: number * number),
    "sqrt": _root,
    "floor": _rising(math.floor),
    "ceil": _rising(math.ceil),
    "rint": _rising(round),
    "minimum": _extreme(min),
    "maximum": _extreme(max),
    "less": lambda one, two: _truth(_both(_turned(one), two)),
    "less_equal": lambda one, two: _truth(_both(_turned(one), two)),
    "greater": lambda one, two: _truth(_both(one, _turned(two))),
    "greater_equal": lambda one, two: _truth(_both(one, _turned(two))),
    "logical_not": lambda one: _truth(_turned(one).step) if one.low >= 0 else _Course(_UNKNOWN),
    "logical_and": lambda one, two: _truth(_both(one, two)) if min(one.low, two.low) >= 0 else _Course(_UNKNOWN),
    "logical_or": lambda one, two: _truth(_both(one, two)) if min(one.low, two.low) >= 0 else _Course(_UNKNOWN),
    "where": _where,
    "exp": _smooth(math.exp, lambda low, _high: math.exp(low), -600.0, 600.0),
    "expm1": _smooth(math.expm1, lambda low, _high: math.exp(low), -600.0, 600.0),
    "log": _smooth(math.log, lambda _low, high: 1 / high, 0.0, math.inf),
    "log2": _smooth(math.log2, lambda _low, high: 1 / high, 0.0, math.inf),
    "log10": _smooth(math.log10, lambda _low, high: 0.4 / high, 0.0, math.inf),
    "log1p": _smooth(math.log1p, lambda _low, high: 1 / (1 + high), -1.0, math.inf),
    "tanh": _smooth(math.tanh, lambda low, high: math.cosh(max(-low, high)) ** -2, -300.0, 300.0),
    "arctan": _smooth(math.atan, lambda low, high: 1 / (1 + max(-low, high) ** 2), -1e9, 1e9),
    "power": _power,
}
