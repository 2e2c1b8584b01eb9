"""Lengths in units of an instance's own: division, and rounding to 30 bits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.routing.length_units import in_units, mean_or_one

LENGTHS = st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=20)


@given(LENGTHS, st.floats(1e-6, 1e6))
def test_the_quotient_is_rounded_to_thirty_bits(lengths: list[float], unit: float) -> None:
    """As rounding the mantissa does, number by number."""
    mantissas = [math.frexp(length / unit) for length in lengths]
    expected = [math.ldexp(round(mantissa * 2**30), exponent - 30) for mantissa, exponent in mantissas]
    assert in_units(np.array(lengths), unit).tolist() == expected


@given(LENGTHS, st.integers(-20, 20))
def test_a_power_of_two_changes_nothing(lengths: list[float], power: int) -> None:
    """To the last bit, so that a difference there has another reason."""
    here, there = np.array(lengths), np.array(lengths) * 2.0**power
    units = [mean_or_one(each, float(each.max())) for each in (here, there)]
    assert units[1] == units[0] * 2.0**power
    assert in_units(there, units[1]).tolist() == in_units(here, units[0]).tolist()


@given(LENGTHS, st.randoms())
def test_the_unit_does_not_depend_on_the_order(lengths: list[float], source: "np.random.RandomState") -> None:
    """A sum that is rounded at every step would."""
    mixed = list(lengths)
    source.shuffle(mixed)
    assert mean_or_one(np.array(mixed), 1.0) == mean_or_one(np.array(lengths), 1.0)


@pytest.mark.parametrize(
    ("lengths", "largest", "unit"), [([], 0.0, 1.0), ([0.0], 0.0, 1.0), ([1e-300], 1e12, 1.0), ([2, 4], 9.0, 3.0)]
)
def test_the_unit_is_above_zero(lengths: list[float], largest: float, unit: float) -> None:
    """1 where there is nothing to measure, and never so small that a quotient overflows."""
    assert mean_or_one(np.array(lengths, dtype=np.float64), largest) == unit


def test_nothing_is_divided_by_zero_or_overflows() -> None:
    """The largest quotient is 1e12."""
    lengths = np.array([0.0, 1e-300, 1e12])
    shown = in_units(lengths, mean_or_one(lengths[:2], 1e12))
    assert np.isfinite(shown).all()
    assert shown[0] == 0.0
    assert shown[2] == pytest.approx(1e12, rel=1e-9)
