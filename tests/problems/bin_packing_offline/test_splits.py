"""Seeded instances and the bound."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Split
from evoheur.problems.bin_packing_offline.splits import FAMILIES, instances, lower_bound
from tests.support.example_budget import cheap

from .support.made_up import items


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_sizes_are_in_the_range_of_their_class(split: Split) -> None:
    """Whole sizes of at least 1 that fit into a bin; triplets fill their bins exactly."""
    for made in instances(split):
        assert made.items.dtype == np.int64
        assert made.items.min() >= 1
        assert made.items.max() <= made.capacity
        if made.family.startswith("triplets"):
            assert made.items.sum() == made.items.size // 3 * made.capacity
            assert made.items.min() >= 250
            assert made.items.max() <= 490


def test_training_is_broad() -> None:
    """At least five families of two scales in at least 64 instances."""
    train = instances("train")
    assert len(train) >= 64
    assert len({made.family for made in train}) >= 5
    assert {made.capacity for made in train} >= {100, 1000}


def test_the_test_split_has_families_that_training_lacks() -> None:
    """One of them is the same as another one in other units, on seeds of its own."""
    families = {split: {family.name for family in FAMILIES[split]} for split in FAMILIES}
    assert families["train"] <= families["validation"]
    assert not (families["validation"] - families["train"]) & families["test"]
    assert len(families["test"] - families["train"]) >= 5
    other_units = [made for made in instances("test") if made.family == "uniform-250-c1050"]
    assert all((made.items % 7 == 0).all() for made in other_units)
    assert {made.capacity for made in other_units} == {7 * 150}


def test_no_seed_is_used_twice() -> None:
    """Families of any split."""
    seeds = [seed for families in FAMILIES.values() for family in families for seed in family.seeds]
    assert len(seeds) == len(set(seeds))


@pytest.mark.parametrize(
    ("sizes", "capacity", "bound"),
    [
        ([5, 5], 10, 1),
        ([6, 6, 6], 10, 3),  # L1 is 2, but no two fit together
        ([6, 6, 4, 4, 4], 10, 3),  # 24 / 10
        ([7, 7, 4, 4], 10, 3),  # L1 is 3: 22 / 10; at threshold 4 the two large ones are closed and 8 are left: 2 + 1
        ([9, 9, 5, 5, 5], 10, 4),  # 33 / 10 is 4; with threshold 5: 2 closed, 15 left for 2 more
        ([8, 8, 8, 3, 3, 3], 10, 4),  # L1 is 4; with threshold 3: 3 closed and 9 left
        ([7, 7, 7, 4, 1], 10, 4),  # L1 is 3; with threshold 4: 3 closed, and 4 needs a fourth
    ],
)
def test_the_bound_by_hand(sizes: list[int], capacity: int, bound: int) -> None:
    """Derived beside each case."""
    assert lower_bound(items(sizes, capacity)) == bound


@cheap()
@given(sizes=st.lists(st.integers(1, 10), min_size=1, max_size=7))
def test_the_bound_lies_between_the_sum_and_the_optimum(sizes: list[int]) -> None:
    """The optimum by putting every item into every bin in turn."""

    def optimum(position: int, free: tuple[int, ...]) -> int:
        if position == len(sizes):
            return len(free)
        size = sizes[position]
        options = [optimum(position + 1, (*free, 10 - size))]
        for number, space in enumerate(free):
            if space >= size:
                options.append(optimum(position + 1, (*free[:number], space - size, *free[number + 1 :])))
        return min(options)

    assert math.ceil(sum(sizes) / 10) <= lower_bound(items(sizes, 10)) <= optimum(0, ())


@given(capacity=st.integers(1, 40), data=st.data())
def test_the_bound_is_the_largest_over_all_thresholds(capacity: int, data: st.DataObject) -> None:
    """Martello and Toth's definition, threshold by threshold."""
    sizes = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=20))
    bounds = [-(-sum(sizes) // capacity)]
    for threshold in range(capacity // 2 + 1):
        closed = [size for size in sizes if size > capacity - threshold]
        halves = [size for size in sizes if capacity - threshold >= size > capacity / 2]
        rest = sum(size for size in sizes if capacity / 2 >= size >= threshold)
        further = -(-(rest - len(halves) * capacity + sum(halves)) // capacity)
        bounds.append(len(closed) + len(halves) + max(0, further))
    assert lower_bound(items(sizes, capacity)) == max(bounds)
