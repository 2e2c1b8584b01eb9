"""From numbers of any form to whole units: exactly, or refused with item and value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problem import Json
from evoheur.problems.packing.drafts import LARGEST, PackingDraft, counted


def draft(capacity: Json, sizes: list[Json]) -> PackingDraft:
    """An instance as a file might have it."""
    return PackingDraft(
        name="a", family="f", capacity=capacity, sizes=sizes, where="mine.txt", lines=list(range(2, 2 + len(sizes)))
    )


@given(
    decimals=st.integers(0, 4), capacity=st.integers(1, 10**5), shares=st.lists(st.floats(0, 1, width=32), min_size=1, max_size=9)
)
def test_decimals_are_scaled_exactly_by_one_power_of_ten(decimals: int, capacity: int, shares: list[float]) -> None:
    """However they are written; the power is the least that makes all of them whole."""
    whole = [max(1, int(share * capacity)) for share in shares]
    given_as = draft(str(Decimal(capacity).scaleb(-decimals)), [str(Decimal(size).scaleb(-decimals)) for size in whole])
    counted_capacity, items = counted(given_as)
    ratio = capacity // counted_capacity
    assert ratio in {10**power for power in range(decimals + 1)}
    assert (counted_capacity * ratio, (items * ratio).tolist()) == (capacity, whole)
    assert ratio in {1, 10**decimals} or any(number // ratio % 10 for number in (capacity, *whole))


@pytest.mark.parametrize(
    ("capacity", "sizes", "whole"),
    [
        ("1", ["0.25", "0.5"], (100, [25, 50])),
        (10, [Decimal("7.50"), 3], (100, [75, 30])),
        ("1e2", ["3.000", "+4."], (100, [3, 4])),
        (Decimal("100.0"), [100], (100, [100])),
        (LARGEST, [1], (LARGEST, [1])),
        (1, [1], (1, [1])),
        ("0.3", ["0.1"], (3, [1])),
    ],
)
def test_numbers_of_all_spellings_have_their_value(capacity: Json, sizes: list[Json], whole: tuple[int, list[int]]) -> None:
    """As numbers of JSON or as words of a text."""
    made, items = counted(draft(capacity, sizes))
    assert (made, items.tolist()) == whole


@pytest.mark.parametrize(
    ("capacity", "sizes", "reason"),
    [
        (None, [1], "mine.txt: the capacity is None"),
        ("0", [1], "the capacity is 0"),
        (-3, [1], "the capacity is -3"),
        ("1e999999999", [1], "the capacity is 1e999999999"),
        (float("inf"), [1], "the capacity is inf"),
        (LARGEST + 1, [1], "the capacity is 1000000001"),
        (True, [1], "the capacity is True"),
        ("１０", [1], "the capacity is '１０'"),
        (10, [], "has no item"),
        (10, [3, "0.0"], r"item 1 \(line 3\) is 0.0; give a number above 0"),
        (10, [-1], r"item 0 \(line 2\) is -1"),
        (10, [3, 10, 11], r"item 2 \(line 4\) is 11, larger than the capacity 10, so no bin can hold it"),
        (10, ["10.0000000000000000000000000000000000001"], "larger than the capacity 10"),
        (10, ["3x"], r"item 0 \(line 2\) is '3x'; give a number"),
        (10, [None], "is None"),
        (10, [False], "is False"),
        (10, [float("nan")], "is nan"),
        (10, ["1e-999999999"], "round the sizes"),
        (
            10,
            ["3.14159265358979"],
            r"sizes have up to 14 decimals, and counted in units of 1e-14 the capacity 10 is more than 1000000000",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(capacity: Json, sizes: list[Json], reason: str) -> None:
    """With the item, its line and its value."""
    with pytest.raises(ConfigError, match=reason):
        counted(draft(capacity, sizes))
