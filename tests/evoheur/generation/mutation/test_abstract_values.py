"""Interval arithmetic encloses what real arithmetic gives."""

import math
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evoheur.generation.mutation.abstract_values import (
    FLAG,
    SCALAR,
    AbstractValue,
    Kind,
    Range,
    divided,
    joined,
    powered,
    product,
    remainder,
    scalar,
    total,
)

numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@st.composite
def members(draw: st.DrawFn) -> tuple[AbstractValue, float]:
    """A range, open ends included, and a number in it."""
    low, inner, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    return scalar(draw(st.sampled_from((low, -math.inf))), draw(st.sampled_from((high, math.inf)))), inner


def _within(x: float, bounds: Range) -> bool:
    slack = 1e-9 * max(1.0, abs(x))
    return bounds[0] - slack <= x <= bounds[1] + slack


@pytest.mark.parametrize(
    ("operation", "enclosure"),
    [
        (lambda x, y: x + y, lambda a, b: total(a, b, 1)),
        (lambda x, y: x - y, lambda a, b: total(a, b, -1)),
        (lambda x, y: x * y, product),
    ],
    ids=["sum", "difference", "product"],
)
@given(first=members(), second=members())
def test_results_lie_in_the_range(
    operation: Callable[[float, float], float],
    enclosure: Callable[[AbstractValue, AbstractValue], Range],
    first: tuple[AbstractValue, float],
    second: tuple[AbstractValue, float],
) -> None:
    """Whatever the operands are, the result lies in the range made from their ranges."""
    assert _within(operation(first[1], second[1]), enclosure(first[0], second[0]))


@given(first=members(), second=members())
def test_quotients_lie_in_the_range(first: tuple[AbstractValue, float], second: tuple[AbstractValue, float]) -> None:
    """Quotient and remainder lie in their ranges wherever they exist."""
    assume(abs(second[1]) > 1e-3)
    assert _within(first[1] / second[1], divided(first[0], second[0]))
    assert _within(first[1] % second[1], remainder(first[0], second[0]))


@given(base=members(), exponent=st.sampled_from((0, 1, 2, 3, 4, 0.5, -1, -2)))
def test_powers_lie_in_the_range(base: tuple[AbstractValue, float], exponent: float) -> None:
    """Powers lie in their range wherever they exist."""
    assume(base[1] > 0 if exponent < 0 or exponent == 0.5 else True)
    assert _within(base[1] ** exponent, powered(base[0], exponent))


def test_huge_powers_become_unbounded_instead_of_overflowing() -> None:
    """(1e90)**5 is beyond floats, and its sign is kept."""
    assert powered(scalar(1e90, 1e90), 5)[1] == math.inf
    assert powered(scalar(-1e90, 0), 5)[0] == -math.inf


def test_only_a_range_without_zero_can_be_divided_by() -> None:
    """Zero at an end counts as zero."""
    assert scalar(0.5, 2).excludes_zero
    assert scalar(-2, -0.5).excludes_zero
    assert not scalar(0, 2).excludes_zero
    assert not scalar(-1, 1).excludes_zero


def test_either_of_two_values_is_known_only_as_far_as_both_agree() -> None:
    """Kinds that differ give no kind; ranges are spanned; doubts of either side stay."""
    either = joined(AbstractValue(SCALAR, 1, 2, integral=True), AbstractValue(SCALAR, 5, 6, infinite=True, touched=True))
    assert either == AbstractValue(SCALAR, 1, 6, integral=False, infinite=True, touched=True)
    assert joined(AbstractValue(SCALAR), AbstractValue(FLAG)).kind is None


def test_kinds_tell_arrays_from_scalars() -> None:
    """The empty shape is a scalar's."""
    assert Kind("(n,)", boolean=True).is_array
    assert not SCALAR.is_array
