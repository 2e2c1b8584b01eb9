"""Decimals as whole numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problems.routing.exact_numbers import amount, as_whole


@given(st.lists(st.decimals(0, 10_000, places=4), min_size=1, max_size=8))
def test_whole_numbers_keep_all_proportions(amounts: list[Decimal]) -> None:
    """Exactly, and with a factor that is a power of ten and no larger than it must be."""
    whole = as_whole(amounts, "here")
    factors = {Fraction(scaled) / Fraction(each) for each, scaled in zip(amounts, whole, strict=True) if each}
    assert len(factors) <= 1
    for factor in factors:
        assert factor in (1, 10, 100, 1000, 10_000)
        assert factor == 1 or any(scaled % 10 for scaled in whole)


def test_whole_amounts_stay_as_they_are() -> None:
    """However they are written."""
    assert as_whole([amount(text, "it") for text in ("100", "1e2", "7.00", "0", "0.0", "+5.")], "here") == [100, 100, 7, 0, 0, 5]


def test_ten_tenths_are_one() -> None:
    """No sum of them is anything else, unlike the sum of floating-point numbers."""
    *tenths, one = as_whole([Decimal("0.1")] * 10 + [Decimal(1)], "here")
    assert sum(tenths) == one == 10


@pytest.mark.parametrize("text", ["", "five", "nan", "inf", "1_000", "1,5", "0x10", "--1", "1e", "1e999", "٣", "9" * 100])
def test_what_is_no_number_is_refused(text: str) -> None:
    """With the text, shortened."""
    with pytest.raises(ConfigError, match=r"the demand is .*; it must be a number"):
        amount(text, "the demand")


def test_numbers_that_cannot_be_kept_exactly_are_refused() -> None:
    """Large and small ones together need too many digits."""
    with pytest.raises(ConfigError, match="has too many digits beside the others"):
        as_whole([Decimal("0.000001"), Decimal(10_000_000)], "here")
