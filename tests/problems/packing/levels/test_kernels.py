"""The shelf keeps levels and shares as counting by hand does."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.packing.levels.kernels import SCALARS, VIEWS, arrive, place
from evoheur.problems.packing.levels.shelf import empty_shelf


@given(data=st.data(), capacity=st.integers(1, 25))
def test_what_is_shown_is_what_counting_gives(data: st.DataObject, capacity: int) -> None:
    """After any choices; the bin that was opened first takes the item of its level."""
    items = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=40))
    shelf, free = empty_shelf(len(items)), list[int]()
    for position, item in enumerate(items):
        past, space = items[: position + 1], sum(free)
        scalars, views = np.empty(SCALARS), np.empty((VIEWS, len(free) + 1))
        columns = arrive(shelf, item, capacity, len(items), scalars, views)
        levels = [*sorted({each for each in free if each >= item}), capacity]
        assert scalars.tolist() == [item, capacity, len(past), sum(past) / len(past), space, len(items) - len(past)]
        rows = [
            [
                level,
                level - item,
                free.count(level) if level < capacity else 0,
                free.count(level - item) if level > item else 0,
                past.count(level - item) / len(past),
                (sum(each <= level for each in past) + 1) / (len(past) + 1),
                (sum(each <= level - item for each in past) + 1) / (len(past) + 1),
            ]
            for level in levels
        ]
        assert views[:, :columns].T.tolist() == rows
        chosen = data.draw(st.integers(0, columns - 1))
        expected = free.index(levels[chosen]) if chosen < columns - 1 else len(free)
        assert place(shelf, item, capacity, chosen) == expected
        free[expected : expected + 1] = [levels[chosen] - item]
