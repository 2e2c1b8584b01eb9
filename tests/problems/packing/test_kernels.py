"""The rules that both packing problems share, against plain Python."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.packing import kernels

ITEMS = st.lists(st.integers(1, 12), min_size=1, max_size=9)


def packed(sizes: list[int], *, best: bool) -> list[int]:
    """First or best fit with a list of free spaces; a new bin when no opened one has room."""
    free: list[int] = []
    bins = []
    for size in sizes:
        roomy = [number for number, space in enumerate(free) if space >= size]
        if not roomy:
            free.append(12)
            roomy = [len(free) - 1]
        chosen = min(roomy, key=lambda number: free[number]) if best else roomy[0]
        free[chosen] -= size
        bins.append(chosen)
    return bins


@given(sizes=ITEMS)
def test_first_and_best_fit_are_the_rules_of_the_names(sizes: list[int]) -> None:
    """The first bin with room, and the fullest one."""
    items = np.array(sizes, dtype=np.int64)
    assert kernels.first_fit(items, 12).tolist() == packed(sizes, best=False)
    assert kernels.best_fit(items, 12).tolist() == packed(sizes, best=True)
