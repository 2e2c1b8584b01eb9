"""Lower bounds of the makespan."""

import itertools
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import to_json
from evoheur.problems.job_shop_dispatching.instance import JobShopInstance
from evoheur.problems.job_shop_dispatching.one_machine_bounds import load_bound, preemptive_bound, shop_bound
from evoheur.problems.job_shop_dispatching.problem import JobShopDispatching
from tests.problems.job_shop_dispatching.support.job_shops import job_shop, small_job_shops
from tests.support.example_budget import dear

OPERATIONS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6), st.integers(0, 12)), min_size=1, max_size=5)


def best_order(operations: Sequence[tuple[int, int, int]]) -> int:
    """The least makespan without interruptions, by trying all orders."""
    spans = []
    for order in itertools.permutations(operations):
        now, span = 0, 0
        for head, time, tail in order:
            now = max(now, head) + time
            span = max(span, now + tail)
        spans.append(span)
    return min(spans)


def subsets_bound(operations: Sequence[tuple[int, int, int]]) -> int:
    """The least head, all times and the least tail of those operations for which that is most: Carlier's formula of the same bound."""
    return max(
        min(head for head, _, _ in some) + sum(time for _, time, _ in some) + min(tail for _, _, tail in some)
        for count in range(1, len(operations) + 1)
        for some in itertools.combinations(operations, count)
    )


@given(operations=OPERATIONS)
def test_jacksons_schedule_is_the_bound_of_subsets_and_below_every_order(operations: list[tuple[int, int, int]]) -> None:
    heads, times, tails = np.array(operations, dtype=np.int64).T
    bound = preemptive_bound(heads, times, tails)
    assert bound == subsets_bound(operations)
    assert bound <= best_order(operations)


def test_bounds_by_hand() -> None:
    """Machine 0 has 3 + 4; job 0 takes 5 there and elsewhere; behind machine 0 there is at least 1 to do."""
    shop = job_shop([[(0, 3), (1, 2)], [(0, 4), (1, 1)]])
    assert load_bound(shop) == 7
    assert shop_bound(shop) == 8
    later = job_shop([[(0, 3), (1, 2)]], [[(0, 4), (1, 1)]], gaps=[5])
    assert shop_bound(later) == 10  # the second job comes at 5 and takes 5


@dear()
@given(shop=small_job_shops())
def test_nothing_is_done_before_the_bound(shop: JobShopInstance) -> None:
    for active in (False, True):
        problem = JobShopDispatching(active=active)
        bound = problem.reference(shop)
        assert bound is not None
        for name, solver in problem.textbook_rules().items():
            assert problem.cost(shop, to_json(solver(shop))) >= bound, name
