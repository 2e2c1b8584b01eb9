"""What heuristics see of jobs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.flow_shop.job_views import JobViews, in_mean_operations, weights_of_machines
from tests.benchmarks.naive import flow as naive
from tests.problems.flow_shop.support.shops import Rows, rows, shop


@given(table=rows())
def test_views_are_what_they_are_said_to_be(table: Rows) -> None:
    """Number by number."""
    assert JobViews.of(shop(table)).rows() == pytest.approx(np.array(naive.job_views(table)))


@given(table=rows(longest=99), factor=st.sampled_from([3, 10, 60, 1000]))
def test_other_units_change_no_bit(table: Rows, factor: int) -> None:
    longer = [[factor * time for time in row] for row in table]
    assert JobViews.of(shop(table)).rows().tolist() == JobViews.of(shop(longer)).rows().tolist()


def test_an_operation_takes_one_on_average() -> None:
    three = shop([[3, 2], [1, 4], [2, 1]])
    assert in_mean_operations(three, three.times).mean() == pytest.approx(1.0)
    assert JobViews.of(three).mean.mean() == pytest.approx(1.0)


def test_weights_are_those_of_the_paper() -> None:
    """(m-1)(m-2)/2 + m - i, and + i - 1."""
    first, last = weights_of_machines(4)
    assert (first.tolist(), last.tolist()) == ([6, 5, 4, 3], [3, 4, 5, 6])
    assert [weights.tolist() for weights in weights_of_machines(1)] == [[1], [1]]
