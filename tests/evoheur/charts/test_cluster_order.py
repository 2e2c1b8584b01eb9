"""The order of a matrix's rows: what is alike stands side by side."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from evoheur.charts.cluster_order import clustered


def test_two_groups_that_come_in_turn_are_taken_apart() -> None:
    rows = np.array([[0.0, 0.0], [9.0, 9.0], [0.1, 0.0], [9.1, 9.0], [0.0, 0.1], [9.0, 9.1]])
    order = clustered(rows)
    assert sorted(order[:3]) == [0, 2, 4]
    assert sorted(order[3:]) == [1, 3, 5]


def test_points_on_a_line_are_in_their_order() -> None:
    assert clustered(np.array([[1.0], [4.0], [2.0], [3.0]])) == [0, 2, 3, 1]


@given(arrays.arrays(np.float64, st.tuples(st.integers(0, 8), st.integers(0, 5)), elements=st.floats(-3, 3)))
def test_every_row_has_one_place(rows: np.ndarray) -> None:
    order = clustered(rows)
    assert sorted(order) == list(range(len(rows)))
    assert order == clustered(rows)
