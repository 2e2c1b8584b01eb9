"""The compiled arithmetic against Python's and NumPy's, value for value."""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evoheur.evaluation.tiers.exact import FUNCTIONS, MATHEMATICS
from tests.evoheur.evaluation.tiers.running import bits

_INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-50, 50) | st.sampled_from([2**31, 2**53, 2**53 + 1, -(2**62), 2**62])
_FLOATS = st.floats(width=64) | st.floats(-100, 100)
_WHOLE: dict[str, Callable[[int, int], Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "smaller": min,
    "larger": max,
}
_ONE: dict[str, Callable[[float], Any]] = {
    "truncate": int,
    "floor": math.floor,
    "ceil": math.ceil,
    "root": math.sqrt,
    "magnitude": abs,
}


def _outcome(function: Callable[..., Any], *arguments: Any) -> Any:
    """Bits of the result, or None if there is none."""
    try:
        return bits(function(*arguments))
    except (ArithmeticError, ValueError):
        return None


def _assert_never_another(name: str, expected: Callable[..., Any], *arguments: Any) -> None:
    found = _outcome(FUNCTIONS[name], *arguments)
    assert found is None or found == _outcome(expected, *arguments)


@pytest.mark.parametrize("name", _WHOLE)
@settings(max_examples=200, deadline=None)
@given(a=_INTEGERS, b=_INTEGERS)
def test_integers_are_pythons_or_none(name: str, a: int, b: int) -> None:
    """What is beyond 64 bits, or beyond what floats hold exactly, is left to Python."""
    _assert_never_another(name, _WHOLE[name], a, b)


@pytest.mark.parametrize("name", _WHOLE)
def test_small_integers_are_always_computed(name: str) -> None:
    """So that refusing everything is no way to be right; divisors are 2 and more."""
    for a in range(-9, 10):
        for b in range(2, 9):
            assert bits(FUNCTIONS[name](a, b)) == bits(_WHOLE[name](a, b))


@pytest.mark.parametrize("name", _ONE)
@settings(max_examples=200, deadline=None)
@given(a=_FLOATS)
def test_functions_of_a_float_are_pythons_or_none(name: str, a: float) -> None:
    _assert_never_another(name, _ONE[name], a)


@pytest.mark.parametrize("name", [name for name, count in MATHEMATICS.items() if count == 1])
@settings(max_examples=200, deadline=None)
@given(a=_FLOATS)
def test_mathematics_is_pythons_or_none(name: str, a: float) -> None:
    _assert_never_another(name, getattr(math, name), a)


@settings(max_examples=500, deadline=None)
@given(a=_FLOATS, b=_FLOATS | st.sampled_from([2.0, 3.0, 0.5, -1.0, 0.0]))
def test_powers_are_pythons_and_numpys_or_none(a: float, b: float) -> None:
    """The same library's function behind all three."""
    found = _outcome(FUNCTIONS["pow"], a, b)
    with np.errstate(all="ignore"):
        numpys = float(np.float64(a) ** np.float64(b))
    assert found is None or found == bits(a**b) == bits(numpys)


def test_squares_are_not_products() -> None:
    """pow(x, 2) rounds differently from x · x for about one number in a thousand, and it is pow that Python and NumPy call."""
    numbers = np.random.default_rng(1).random(20_000).tolist()
    assert all(FUNCTIONS["pow"](x, 2.0) == x**2 == float(np.float64(x) ** 2) for x in numbers)


@settings(max_examples=200, deadline=None)
@given(row=st.lists(_FLOATS, max_size=6))
@pytest.mark.parametrize(
    ("name", "expected"),
    [("first_smallest", np.argmin), ("first_largest", np.argmax), ("smallest", np.min), ("largest", np.max)],
)
def test_extremes_are_numpys_or_none(name: str, expected: Callable[..., Any], row: list[float]) -> None:
    """NaN, and zeros of both signs, are left to NumPy."""
    found = _outcome(FUNCTIONS[name], np.array(row))
    if found is not None:
        wanted = expected(np.array(row))
        assert found == bits(int(wanted) if name.startswith("first") else float(wanted))
