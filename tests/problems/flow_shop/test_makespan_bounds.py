"""Lower bounds: no order is better, and some are as good."""

from itertools import permutations

import numpy as np
from hypothesis import given

from evoheur.problems.flow_shop.makespan_bounds import lower_bound, machine_bound, two_machine_bound
from evoheur.problems.flow_shop.schedule import makespan
from tests.problems.flow_shop.support.shops import Rows, rows, shop


def best(table: Rows) -> int:
    return min(makespan(shop(table), np.array(order)) for order in permutations(range(len(table))))


@given(table=rows(most=5))
def test_no_order_is_done_before(table: Rows) -> None:
    """All orders of up to five jobs."""
    assert max(machine_bound(shop(table)), two_machine_bound(shop(table))) == lower_bound(shop(table)) <= best(table)


@given(table=rows(most=5, machines=2).filter(lambda table: len(table[0]) == 2))
def test_on_two_machines_the_bound_is_the_optimum(table: Rows) -> None:
    """Johnson's rule is optimal there."""
    assert two_machine_bound(shop(table)) == best(table)


def test_bounds_by_hand() -> None:
    """Machine 2 has 7 to do, and waits for 1 at least; with both machines the last job's 1 comes behind 6."""
    three = shop([[3, 2], [1, 4], [2, 1]])
    assert machine_bound(three) == 8
    assert two_machine_bound(three) == 8
    assert machine_bound(shop([[4], [3]])) == 7
    assert two_machine_bound(shop([[4], [3]])) == 0


def test_each_bound_may_be_the_larger_one() -> None:
    """A single machine has no pair; and a short job cannot be both the first and the last one."""
    assert machine_bound(shop([[4], [3]])) > two_machine_bound(shop([[4], [3]]))
    short = shop([[1, 1], [5, 5], [5, 5]])
    assert (machine_bound(short), two_machine_bound(short)) == (12, 16)
