"""Insertion kernels against pricing whole orders."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.flow_shop import kernels
from tests.benchmarks.naive import flow as naive
from tests.problems.flow_shop.support.shops import Rows, rows, shop


@given(table=rows(), seed=st.integers(0, 10**6))
def test_every_place_is_priced_as_the_whole_order_is(table: Rows, seed: int) -> None:
    """The makespan, how much longer machines wait, and how much shorter paths through the job are, at all places; with some jobs placed."""
    times, draws = shop(table).times, np.random.default_rng(seed)
    order = draws.permutation(len(table))
    count = int(draws.integers(0, len(table)))
    heads, tails = (np.full((len(table) + 1, times.shape[1]), -9, dtype=np.int64) for _ in range(2))
    kernels.update_heads_and_tails(times, order, count, heads, tails)
    waiting = np.sort(order[count:])
    spans = np.empty((2, len(waiting)), dtype=np.int64)
    kernels.measure(times, waiting, heads, tails, spans)
    placed = order[:count].tolist()
    for number, job in enumerate(waiting.tolist()):
        expected = naive.spans(table, placed, job)
        assert [kernels.span_at(times, job, heads, tails, place) for place in range(count + 1)] == expected
        assert spans[:, number].tolist() == [min(expected), sorted(expected)[min(1, count)]]
        for place in range(count + 1):
            assert kernels.idle_growth(times, order, count, heads, job, place) == naive.idleness(table, placed, job, place)
            assert kernels.spare_time(times, job, heads, tails, place) == naive.spare_paths(table, placed, job, place)


@given(jobs=st.permutations(range(6)), place=st.integers(0, 5))
def test_what_is_inserted_can_be_removed(jobs: list[int], place: int) -> None:
    order = np.array([*jobs, -1])
    kernels.insert(order, 6, 9, place)
    assert order.tolist() == [*jobs[:place], 9, *jobs[place:]]
    assert kernels.remove(order, 7, place) == 9
    assert order[:6].tolist() == jobs
