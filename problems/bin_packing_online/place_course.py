"""Courses of numbers along bins that were never opened.

Whether they rise or fall, and their bounds, through the operations of a formula.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["ROUNDING", "UNKNOWN", "PlaceCourse", "joined", "looked_at_course"]


@dataclass(slots=True)
class PlaceCourse:  # not frozen, which takes three times as long to make
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


_OfOperands: TypeAlias = Callable[..., PlaceCourse]
UNKNOWN = 2
"""The step of a course about which nothing is known."""

ROUNDING = 1e-6
"""More than any sum or function is off by rounding, as a share."""

_EPSILON = 2.0**-52
_ERRORS = 64 * _EPSILON  # NumPy's loops are within 4 units of the last place; neighbours that are so far apart stay in order


def looked_at_course(numbers: NDArray[np.float64]) -> PlaceCourse:
    """The course of numbers that were computed, one for each place."""
    if not np.isfinite(numbers).all():
        return PlaceCourse(UNKNOWN)
    low, high = float(numbers.min()), float(numbers.max())
    rises, falls = bool((numbers[1:] >= numbers[:-1]).all()), bool((numbers[1:] <= numbers[:-1]).all())
    step = 0 if rises and falls else 1 if rises else -1 if falls else UNKNOWN
    return PlaceCourse(
        step, low, high, by_place=True, apart=float(np.abs(np.diff(numbers)).min(initial=math.inf)) if step else 0.0
    )


def joined(name: str, shown: list[PlaceCourse], bins: int) -> PlaceCourse:
    """The course of the result of an operation.

    Args:
        name: A key of `operations.CODES` that is no reduction.
        shown: The courses of its operands.
        bins: How many the stream has.
    """
    course = _joined_alone(name, shown)
    line = _line(name, [each.line for each in shown])
    if name == "divide" and course.tame and shown[0].line is not None and shown[1].line is not None:
        low, high = _share(shown[0].line, shown[1].line, bins)
        low, high = max(course.low, low), min(course.high, high)
    else:
        low, high = course.low, course.high
    return PlaceCourse(course.step, low, high, course.by_place, course.apart, line)


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
    room = ROUNDING * max(abs(low), abs(high))
    return low - room if low < 0 else low * (1 - ROUNDING), high + room if high > 0 else high * (1 - ROUNDING)


def _joined_alone(name: str, shown: list[PlaceCourse]) -> PlaceCourse:
    by_place = all(each.by_place for each in shown)
    if all(each.step == 0 for each in shown):
        made = _BY_OPERATION[name](*shown) if name in _BY_OPERATION and all(each.tame for each in shown) else _signed(name, shown)
        return PlaceCourse(0, made.low, made.high, by_place=by_place)
    unknown = PlaceCourse(UNKNOWN, by_place=by_place)
    if name not in _BY_OPERATION or any(each.step == UNKNOWN or (each.step != 0 and not each.tame) for each in shown):
        return unknown
    made = _BY_OPERATION[name](*shown)
    if math.isnan(made.low) or math.isnan(made.high) or made.step == UNKNOWN:
        return unknown
    # Rounding may bring neighbours closer.
    apart = max(0.0, made.apart - 4 * _EPSILON * max(abs(made.low), abs(made.high)))
    step = 0 if made.low == made.high else made.step
    return PlaceCourse(step, made.low, made.high, by_place=by_place, apart=apart)


def _signed(name: str, shown: list[PlaceCourse]) -> PlaceCourse:
    # All the same along the row, but not known to be finite: only the sign is of use, where it is certain.
    positive = all(each.low > 0 for each in shown)
    if name in {"sqrt", "exp", "square", "absolute"} or (
        name in {"add", "multiply", "divide"} and all(each.low >= 0 for each in shown)
    ):
        strictly = positive and name == "add" and any(each.tame for each in shown)
        return PlaceCourse(0, min(each.low for each in shown) if strictly else 0.0, math.inf)
    return PlaceCourse(0)


def _both(one: PlaceCourse, two: PlaceCourse) -> int:
    # The direction of what rises in both operands.
    if UNKNOWN in {one.step, two.step} or one.step * two.step == -1:
        return UNKNOWN
    return one.step or two.step


def _turned(course: PlaceCourse) -> PlaceCourse:
    step = -course.step if course.step != UNKNOWN else UNKNOWN
    return PlaceCourse(step, -course.high, -course.low, apart=course.apart)


def _add(one: PlaceCourse, two: PlaceCourse) -> PlaceCourse:
    return PlaceCourse(_both(one, two), one.low + two.low, one.high + two.high, apart=one.apart + two.apart)


def _multiply(one: PlaceCourse, two: PlaceCourse) -> PlaceCourse:
    if one.step == 0 and two.step != 0:
        one, two = two, one
    if not two.tame:
        return PlaceCourse(UNKNOWN)
    if two.low < 0 and two.high <= 0:
        return _turned(_multiply(one, _turned(two)))
    ends = [a * b for a in (one.low, one.high) for b in (two.low, two.high)]
    steady = two.low >= 0 and (two.step == 0 or one.low >= 0)
    step = _both(one, two) if steady else 0 if _both(one, two) == 0 else UNKNOWN
    return PlaceCourse(step, min(ends), max(ends), apart=one.apart * two.low if two.step == 0 else 0.0)


def _divide(one: PlaceCourse, two: PlaceCourse) -> PlaceCourse:
    signed = one.tame and one.low * one.high > 0
    if signed and two.step == 0 and two.low >= 0 and not (two.tame and two.low > 0):  # by 0, all become the same infinity
        return PlaceCourse(one.step)
    if not (one.tame and two.tame) or two.low <= 0 <= two.high:
        return PlaceCourse(UNKNOWN)
    if two.high < 0:
        return _turned(_divide(one, _turned(two)))
    upside = PlaceCourse(_turned(two).step, two.low, two.high)
    steady = two.step == 0 or one.low >= 0
    if not steady and one.high <= 0:
        return _turned(_divide(_turned(one), two))
    ends = [a / b for a in (one.low, one.high) for b in (two.low, two.high)]
    apart = one.apart / two.high if two.step == 0 else one.low * two.apart / (two.high * two.high) if one.step == 0 else 0.0
    return PlaceCourse(_both(one, upside) if steady else UNKNOWN, min(ends), max(ends), apart=max(0.0, apart))


def _even(shape: Callable[[float], float]) -> _OfOperands:
    def course(one: PlaceCourse) -> PlaceCourse:
        if one.high <= 0:
            one = _turned(one)
        low = 0.0 if one.low < 0 else shape(one.low)
        return PlaceCourse(
            one.step if one.low >= 0 else 0 if one.step == 0 else UNKNOWN, low, max(shape(one.low), shape(one.high))
        )

    return course


def _rising(shape: Callable[[float], float]) -> _OfOperands:
    return lambda one: PlaceCourse(one.step, shape(one.low), shape(one.high))


def _root(one: PlaceCourse) -> PlaceCourse:
    if one.low < 0:
        return PlaceCourse(UNKNOWN)
    high = math.sqrt(one.high)
    return PlaceCourse(one.step, math.sqrt(one.low), high, apart=one.apart / (2 * high) if high > 0 else 0.0)


def _smooth(shape: Callable[[float], float], slope: Callable[[float, float], float], least: float, most: float) -> _OfOperands:
    """The course of a rising function that a loop of NumPy's computes.

    Neighbours stay in order if they are farther apart than its errors.

    Args:
        shape: The function.
        slope: No less than this between two numbers.
        least: It is only used above.
        most: It is only used below.
    """

    def course(one: PlaceCourse) -> PlaceCourse:
        if not least < one.low <= one.high < most:
            return PlaceCourse(UNKNOWN)
        low, high = shape(one.low), shape(one.high)
        room = ROUNDING * max(abs(low), abs(high))
        apart = one.apart * slope(one.low, one.high)
        step = one.step if one.step == 0 or apart > _ERRORS * max(abs(low), abs(high)) else UNKNOWN
        return PlaceCourse(step, low - room if low <= 0 else low * (1 - ROUNDING), high + room, apart=apart / 2)

    return course


def _power(one: PlaceCourse, two: PlaceCourse) -> PlaceCourse:
    # A rising or falling base with a constant exponent, or the other way round.
    if one.low <= 0 or not (one.tame and two.tame):
        return PlaceCourse(UNKNOWN)
    if two.step == 0 and two.low == two.high:
        exponent = two.low
        if exponent < 0:
            return _turned(_power_rising(one, exponent))
        return _power_rising(one, exponent)
    if one.step == 0 and one.low == one.high:
        course = _BY_OPERATION["exp"](_multiply(two, PlaceCourse(0, math.log(one.low), math.log(one.low))))
        # The logarithm is rounded: by less than a billionth, which the order of neighbours far enough apart survives.
        return course if course.apart > 1e-6 * course.high else PlaceCourse(UNKNOWN)
    return PlaceCourse(UNKNOWN)


def _power_rising(one: PlaceCourse, exponent: float) -> PlaceCourse:
    # Of a negative exponent, what it is the negative of.
    try:
        ends = [math.pow(one.low, exponent), math.pow(one.high, exponent)]
        slope = abs(exponent) * min(math.pow(one.low, exponent - 1), math.pow(one.high, exponent - 1))
    except OverflowError:
        return PlaceCourse(UNKNOWN)
    low, high = min(ends) * (1 - ROUNDING), max(ends) * (1 + ROUNDING)
    step = one.step if one.step == 0 or one.apart * slope > _ERRORS * high else UNKNOWN
    if exponent < 0:
        low, high = -high, -low
    return PlaceCourse(step, low, high, apart=one.apart * slope / 2)


def _extreme(choose: Callable[[float, float], float]) -> _OfOperands:
    def course(one: PlaceCourse, two: PlaceCourse) -> PlaceCourse:
        if not (one.tame and two.tame):  # NaN goes through for all or for none
            return PlaceCourse(_both(one, two)) if 0 in {one.step, two.step} else PlaceCourse(UNKNOWN)
        return PlaceCourse(_both(one, two), choose(one.low, two.low), choose(one.high, two.high))

    return course


def _truth(step: int) -> PlaceCourse:
    return PlaceCourse(step, 0.0, 1.0)


def _where(condition: PlaceCourse, one: PlaceCourse, two: PlaceCourse) -> PlaceCourse:
    low, high = min(one.low, two.low), max(one.high, two.high)
    if condition.step == 0:
        if condition.tame and condition.low == condition.high:
            return one if condition.low != 0 else two
        return PlaceCourse(_both(one, two), low, high)
    if (condition.low, condition.high) != (0.0, 1.0) or not (one.tame and two.tame):
        return PlaceCourse(UNKNOWN)
    before, after = (two, one) if condition.step == 1 else (one, two)
    direction = _both(before, after)
    if direction in {0, 1} and after.low >= before.high:
        return PlaceCourse(1, low, high)
    if direction in {0, -1} and after.high <= before.low:
        return PlaceCourse(-1, low, high)
    return PlaceCourse(UNKNOWN)


_BY_OPERATION: Mapping[str, _OfOperands] = {
    "add": _add,
    "subtract": lambda one, two: _add(one, _turned(two)),
    "multiply": _multiply,
    "divide": _divide,
    "negative": _turned,
    "absolute": _even(abs),
    "square": _even(lambda number: number * number),
    "sqrt": _root,
    "floor": _rising(lambda number: float(math.floor(number))),
    "ceil": _rising(lambda number: float(math.ceil(number))),
    "rint": _rising(lambda number: float(round(number))),
    "minimum": _extreme(min),
    "maximum": _extreme(max),
    "less": lambda one, two: _truth(_both(_turned(one), two)),
    "less_equal": lambda one, two: _truth(_both(_turned(one), two)),
    "greater": lambda one, two: _truth(_both(one, _turned(two))),
    "greater_equal": lambda one, two: _truth(_both(one, _turned(two))),
    "logical_not": lambda one: _truth(_turned(one).step) if one.low >= 0 else PlaceCourse(UNKNOWN),
    "logical_and": lambda one, two: _truth(_both(one, two)) if min(one.low, two.low) >= 0 else PlaceCourse(UNKNOWN),
    "logical_or": lambda one, two: _truth(_both(one, two)) if min(one.low, two.low) >= 0 else PlaceCourse(UNKNOWN),
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
