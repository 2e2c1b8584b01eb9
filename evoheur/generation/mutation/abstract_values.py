"""Abstract values: what is known of expressions without running them.

They hold an expression's kind, the range it lies in, and whether an edit reaches it. Ranges are intervals with plain interval arithmetic
(Moore, Kearfott & Cloud 2009, doi:10.1137/1.9780898717716): wide, but never wrong about what a parameter that keeps its promise can lead
to.
"""

import math
from typing import NamedTuple

__all__ = [
    "FLAG",
    "SCALAR",
    "UNKNOWN",
    "AbstractValue",
    "Kind",
    "divided",
    "joined",
    "powered",
    "product",
    "remainder",
    "scalar",
    "total",
]

_BEYOND = 1e100  # ends of intervals past this count as unbounded, which also keeps float arithmetic on them from overflowing


class Kind(NamedTuple):
    """The type of an expression as far as edits care.

    Only expressions of equal kind replace each other.

    Attributes:
        shape: The array's shape as its docstring spells it, such as "(bins,)"; "" for a scalar.
        boolean: True for truth values: a mask if it has a shape, a flag otherwise.
        indexes: The dimension in which its entries are positions, such as "n" for a city of n; "" for what is no position. Nothing can be
            added to a position, and only positions of the same dimension replace each other.
    """

    shape: str
    boolean: bool
    indexes: str = ""

    @property
    def is_array(self) -> bool:
        """True for arrays and masks."""
        return self.shape != ""

    @property
    def is_quantity(self) -> bool:
        """True for what can be calculated with: neither truth values nor positions."""
        return not self.boolean and not self.indexes


SCALAR = Kind("", boolean=False)
FLAG = Kind("", boolean=True)


class AbstractValue(NamedTuple):
    """The abstract value of an expression.

    Attributes:
        kind: None if it is none of the kinds that edits understand.
        low: Every entry is at least this.
        high: Every entry is at most this.
        integral: True if it consists of integers (so that it may be of an integer dtype).
        infinite: True if an entry may be infinite, so that 0 times it or the difference of two is NaN.
        touched: True if an edit reaches it, so that what was known to run may run no more.
    """

    kind: Kind | None
    low: float = -math.inf
    high: float = math.inf
    integral: bool = False
    infinite: bool = False
    touched: bool = False

    @property
    def known(self) -> bool:
        """True if it has a kind."""
        return self.kind is not None

    @property
    def excludes_zero(self) -> bool:
        """True if it can be divided by."""
        return self.low > 0 or self.high < 0


UNKNOWN = AbstractValue(None)


def scalar(low: float = -math.inf, high: float = math.inf, *, integral: bool = False) -> AbstractValue:
    """A scalar in a range."""
    return AbstractValue(SCALAR, low, high, integral)


def joined(first: AbstractValue, second: AbstractValue) -> AbstractValue:
    """What is known of something that is one of two values."""
    if first == second:
        return first
    return AbstractValue(
        first.kind if first.kind == second.kind else None,
        min(first.low, second.low),
        max(first.high, second.high),
        first.integral and second.integral,
        first.infinite or second.infinite,
        first.touched or second.touched,
    )


Range = tuple[float, float]


def total(a: AbstractValue, b: AbstractValue, sign: int) -> Range:
    """The range of a + b, or of a - b for sign -1."""
    low, high = (b.low, b.high) if sign > 0 else (-b.high, -b.low)
    return _clamped([a.low + low, a.high + high])


def product(a: AbstractValue, b: AbstractValue) -> Range:
    """The range of a·b."""
    return _clamped([_times(x, y) for x in (a.low, a.high) for y in (b.low, b.high)])


def divided(a: AbstractValue, b: AbstractValue) -> Range:
    """The range of a/b; unbounded if b may be 0."""
    if not b.excludes_zero:
        return -math.inf, math.inf
    return _clamped([_over(x, y) for x in (a.low, a.high) for y in (b.low, b.high)])


def remainder(a: AbstractValue, b: AbstractValue) -> Range:
    """The range of a % b, which has the sign of b."""
    if b.low > 0:
        return 0.0, min(b.high, a.high) if a.low >= 0 else b.high
    return (b.low, 0.0) if b.high < 0 else (-math.inf, math.inf)


def powered(base: AbstractValue, exponent: float) -> Range:
    """The range of base**exponent for a constant exponent.

    Unbounded where the power may not exist.
    """
    if exponent < 0 or (exponent != int(exponent) and base.low < 0):
        return (0.0, math.inf) if base.low > 0 else (-math.inf, math.inf)
    ends = [_power(base.low, exponent), _power(base.high, exponent)]
    if exponent % 2 == 0 and base.low < 0 < base.high:
        ends.append(0.0)
    return _clamped(ends)


def _clamped(ends: list[float]) -> Range:
    low, high = min(ends), max(ends)
    return (low if low > -_BEYOND else -math.inf), (high if high < _BEYOND else math.inf)


def _times(x: float, y: float) -> float:
    return 0.0 if x == 0 or y == 0 else x * y


def _over(x: float, y: float) -> float:
    if math.isinf(y):
        return 0.0  # the limit; an infinite numerator has its own end of the interval beside this one
    return x / y


def _power(x: float, exponent: float) -> float:
    try:
        return float(x**exponent)
    except OverflowError:
        return math.inf if x > 0 or exponent % 2 == 0 else -math.inf
