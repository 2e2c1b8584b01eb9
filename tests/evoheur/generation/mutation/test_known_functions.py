"""The table of functions agrees with NumPy."""

import ast
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.abstract_values import AbstractValue, scalar
from evoheur.generation.mutation.known_functions import ELEMENTWISE, Need, function_name, satisfies

_NAMES = sorted(name for name in ELEMENTWISE if hasattr(np, name) and name not in {"float", "array"})


def _meets(x: float, need: Need | None) -> bool:
    return need is None or satisfies(scalar(x, x), need)


@pytest.mark.parametrize("name", _NAMES)
@given(
    ends=st.lists(st.tuples(st.integers(-30, 30), st.integers(-30, 30), st.integers(-30, 30)).map(sorted), min_size=3, max_size=3)
)
def test_results_lie_in_the_range(name: str, ends: list[list[int]]) -> None:
    """The function's value at a point of the argument's ranges lies in the range that the table gives."""
    function = ELEMENTWISE[name]
    arguments = ends[: function.arity]
    points = [middle for _, middle, _ in arguments]
    if not _meets(points[-1], function.need) or (name == "clip" and points[1] > points[2]):
        return
    values: list[AbstractValue] = [scalar(low, high) for low, _, high in arguments]
    low, high = function.range(values)
    result = float(getattr(np, name)(*points))
    rounding = 1e-9 * max(1.0, abs(result))
    assert low - rounding <= result <= high + rounding


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("np.exp(x)", "exp"),
        ("math.exp(x)", "exp"),
        ("abs(x)", "abs"),
        ("x.exp()", ""),
        ("np.random.rand(x)", ""),
        ("f(x)(y)", ""),
    ],
)
def test_names_of_called_functions(text: str, expected: str) -> None:
    """A function is known by its bare name, whatever module spells it; methods are not functions."""
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.Call)
    assert function_name(node) == expected


def test_needs_are_met_by_ranges_alone() -> None:
    """An end of the range that just fails is a failure."""
    assert satisfies(scalar(0, 1), Need.NONNEGATIVE)
    assert not satisfies(scalar(0, 1), Need.POSITIVE)
    assert satisfies(scalar(-0.5, 1), Need.ABOVE_MINUS_ONE)
    assert not satisfies(scalar(-1, 1), Need.ABOVE_MINUS_ONE)
    assert not satisfies(scalar(-1, math.inf), Need.MODERATE)
