"""Minimum bin slack against plain Python."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.bin_packing_offline import kernels

ITEMS = st.lists(st.integers(1, 12), min_size=1, max_size=9).map(lambda sizes: sorted(sizes, reverse=True))


@given(sizes=ITEMS, with_largest=st.booleans())
def test_every_bin_is_as_full_as_the_waiting_items_make_it(sizes: list[int], with_largest: bool) -> None:
    """By trying all subsets of what is not packed yet, or those with the largest item."""
    assignment = kernels.minimum_bin_slack(np.array(sizes, dtype=np.int64), 12, 10**6, with_largest).tolist()
    for number in range(max(assignment) + 1):
        waiting = [size for size, chosen in zip(sizes, assignment, strict=True) if chosen >= number]
        load = sum(size for size, chosen in zip(sizes, assignment, strict=True) if chosen == number)
        subsets = itertools.chain.from_iterable(itertools.combinations(waiting, count) for count in range(len(waiting) + 1))
        taken = (each for each in subsets if not with_largest or waiting[0] in each)
        assert load == max(total for total in map(sum, taken) if total <= 12)


def test_a_search_that_runs_out_of_steps_still_packs() -> None:
    """With one step a bin, the largest item goes alone."""
    assert kernels.minimum_bin_slack(np.array([7, 5, 5], dtype=np.int64), 12, 1).tolist() == [0, 1, 2]
    assert kernels.minimum_bin_slack(np.array([7, 5, 5], dtype=np.int64), 12, 2).tolist() == [0, 0, 1]
