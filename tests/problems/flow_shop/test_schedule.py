"""Reading and pricing orders of jobs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Infeasible
from evoheur.problems.flow_shop.schedule import completion_times, makespan, order_of_jobs
from tests.benchmarks.naive import flow as naive
from tests.problems.flow_shop.support.shops import Rows, rows, shop

THREE = shop([[3, 2], [1, 4], [2, 1]])


def test_a_schedule_by_hand() -> None:
    """Job 1 first: machine 2 begins after 1 and never waits; then 5, 5 + 2, 7 + 1."""
    assert completion_times(THREE, np.array([1, 0, 2])).tolist() == [[1, 5], [4, 7], [6, 8]]
    assert makespan(THREE, np.array([0, 1, 2])) == 10


@given(table=rows(), seed=st.integers(0, 10**6))
def test_the_makespan_is_that_of_begins_one_by_one(table: Rows, seed: int) -> None:
    """Of a twin in lists that says when each job begins."""
    order = np.random.default_rng(seed).permutation(len(table))
    assert makespan(shop(table), order) == naive.span(table, order.tolist())


@given(table=rows(), seed=st.integers(0, 10**6))
def test_backwards_a_shop_takes_as_long(table: Rows, seed: int) -> None:
    """Machines and jobs in the other order: a known symmetry of the problem."""
    order = np.random.default_rng(seed).permutation(len(table))
    assert makespan(shop(table), order) == makespan(shop([row[::-1] for row in table]), order[::-1])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([0, 1], "3"),
        ([0, 1, 1], "job 1 is scheduled 2 times"),
        ([0, 1, 3], "3"),
        ([0, 1, -1], "-1"),
        ([0, 1, 2.5], "2.5"),
        ("012", "str"),
        (None, "None"),
    ],
)
def test_what_is_no_order_is_infeasible(answer: object, reason: str) -> None:
    """The reason names the value."""
    with pytest.raises(Infeasible, match=reason):
        order_of_jobs(THREE, answer)
