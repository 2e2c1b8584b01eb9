"""Sets of reachable sums against Python's own sets."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.bin_packing_offline.reachable_sums import BITS, largest_sum, reach, words_for

GROUPS = st.lists(st.tuples(st.integers(0, 150), st.integers(0, 9)), max_size=6)
"""Sizes, and how many items of each there are."""


def reached(groups: Sequence[tuple[int, int]], largest: int) -> set[int]:
    """By adding every number of copies to every sum."""
    sums = {0}
    for size, copies in groups:
        sums = {old + number * size for old in sums for number in range(copies + 1)}
    return {each for each in sums if each <= largest}


@given(groups=GROUPS, largest=st.integers(0, 400))
def test_bits_are_the_sums_that_items_reach(groups: list[tuple[int, int]], largest: int) -> None:
    """Up to the last bit, with sizes of 0 and those beyond it, and more copies than fit."""
    sums = np.zeros((len(groups) + 1, words_for(largest)), dtype=np.uint64)
    sums[-1, 0] = 1
    for row in range(len(groups) - 1, -1, -1):
        reach(sums, row, *groups[row])
    room = sums.shape[1] * BITS
    assert room > largest
    for row in range(len(groups) + 1):
        assert {bit for bit in range(room) if int(sums[row, bit // BITS]) >> bit % BITS & 1} == reached(groups[row:], room - 1)


@given(groups=GROUPS, data=st.data())
def test_the_largest_sum_up_to_a_limit(groups: list[tuple[int, int]], data: st.DataObject) -> None:
    """Found from any limit, also where whole words below it are empty."""
    largest = 500
    sums = np.zeros((2, words_for(largest)), dtype=np.uint64)
    for each in reached(groups, largest):
        sums[1, each // BITS] |= np.uint64(1) << np.uint64(each % BITS)
    limit = data.draw(st.integers(0, largest))
    assert largest_sum(sums, 1, limit) == max(reached(groups, limit))
