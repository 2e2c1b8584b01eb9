"""Streams with another future."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.bin_packing_online.instance import BinPackingInstance
from problems.bin_packing_online.problem import OnlineBinPacking
from problems.bin_packing_online.protocol import pack
from problems.bin_packing_online.twins import LONGEST_TAIL, draw

from .packing import heuristic, stream


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(1, 12), min_size=2, max_size=80), count=st.integers(1, 9), seed=st.integers(0, 99))
def test_a_twin_is_equal_up_to_the_cut_and_different_after_it(sizes: list[int], count: int, seed: int) -> None:
    """Name, capacity and number of bins stay; the next item is another one if the stream has two sizes; no size is new."""
    original = stream(sizes, 12)
    twins = draw(original, count, np.random.default_rng(seed))
    assert len(twins) == count
    for twin in twins:
        for made in (twin.instance, twin.stump):
            assert (made.name, made.family, made.capacity, made.bins) == (original.name, original.family, 12, len(sizes))
            assert made.items[: twin.decisions].tolist() == sizes[: twin.decisions]
        assert 1 <= twin.decisions == twin.stump.items.size < len(sizes)
        tail = twin.instance.items[twin.decisions :]
        assert 1 <= tail.size <= min(LONGEST_TAIL, len(sizes) - twin.decisions)
        assert set(tail.tolist()) <= set(sizes)
        assert tail[0] != sizes[twin.decisions] or len(set(sizes)) == 1


def test_a_stream_of_one_item_has_no_future() -> None:
    assert draw(stream([3], 10), 5, np.random.default_rng(0)) == []


def test_most_cuts_are_early_and_some_are_late() -> None:
    """Of streams of 5,000 items the mean cut is near the geometric mean √(20·4999) = 316.

    Of twelve, the last one is beyond 1,000: its inverse square root is at most 1/√4999 + (1/√20 - 1/√4999)/12 = 0.0316. The first is
    below 24: its inverse square root is at least 1/√20 - (1/√20 - 1/√4999)/12 = 0.206.
    """
    [original] = OnlineBinPacking().instances("train")[:1]
    cuts = [[twin.decisions for twin in draw(original, 12, np.random.default_rng(seed))] for seed in range(40)]
    assert 250 < np.mean(cuts) < 400
    assert all(drawn == sorted(drawn, reverse=True) for drawn in cuts)
    assert all(drawn[0] >= 1000 and drawn[-1] < 24 for drawn in cuts)


def test_a_twin_has_another_sum_and_another_multiset_of_sizes() -> None:
    [original] = OnlineBinPacking().instances("train")[:1]
    for twin in draw(original, 12, np.random.default_rng(0)):
        assert twin.instance.items.sum() != original.items.sum()
        assert sorted(twin.instance.items.tolist()) != sorted(original.items.tolist())


def test_a_rule_that_counts_the_bins_it_is_offered_packs_a_twin_like_its_original() -> None:
    """The number of bins is told by the protocol, so a twin has as many as its original, on either path."""
    original = stream([6, 5, 4, 6, 2, 7, 3, 5] * 10, 10)
    problem, rng = OnlineBinPacking(), np.random.default_rng(0)
    counting = heuristic("def priority(item, bins):\n    return -bins % len(bins)\n")
    whole = problem.solve(counting, original, rng)
    for twin in draw(original, 8, rng):
        assert problem.solve(counting, twin.instance, rng)[: twin.decisions].tolist() == whole[: twin.decisions].tolist()


def test_spare_bins_are_offered() -> None:
    """With three bins for one item the rule is offered three, and may take the last."""
    offered: list[int] = []

    def last(item: int, bins: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[int]:
        offered.append(bins.size)
        return list(range(bins.size))

    assert pack(last, np.array([4]), 10, bins=3, nan="error").tolist() == [2]
    assert offered == [3]


def test_the_number_of_bins_travels() -> None:
    problem = OnlineBinPacking()
    made = BinPackingInstance(name="n", family="f", capacity=10, items=np.array([4]), bins=7)
    assert problem.decode(problem.encode(made)).bins == 7
    assert problem.decode(problem.encode(stream([4], 10))).bins is None
