"""Seeded instances."""

import hashlib

import numpy as np
import pytest

from evoheur.problems.cvrp.generate import CustomerFamily, centred, clustered, drawn, outlying, uniform
from evoheur.problems.cvrp.splits import LARGE, MANY, SAVINGS, SMALL

FIRST_POINTS = [[0.65359, 0.115007], [0.950283, 0.482191]]  # of seed 1000: RandomState(1000).uniform(size=4), rounded to 6 digits
DIGEST = "62a11618bab4f2da"
IN_METRES = "40acd6e24f15fa1d"


@pytest.mark.parametrize("families", [SMALL, MANY, SAVINGS, LARGE], ids=["small", "many", "savings", "large"])
def test_every_instance_can_be_solved(families: dict[str, tuple[CustomerFamily, ...]]) -> None:
    """Points lie in the unit square, or on a map in whole metres; demands fit into a vehicle, and the depot has none."""
    for family in (family for split in families.values() for family in split):
        for made in drawn(family):
            assert made.coordinates.shape == (family.customers + 1, 2)
            assert (made.coordinates >= 0).all()
            side, largest = (10_000, 100) if family.name.startswith("metres-") else (1, 9)
            assert (made.coordinates <= side).all()
            assert side == 1 or (made.coordinates == np.rint(made.coordinates)).all()
            assert made.demands[0] == 0
            assert set(made.demands[1:].tolist()) <= set(range(1, largest + 1))
            assert made.capacity >= largest


def test_no_seed_is_used_twice() -> None:
    """An instance that is in splits of two sizes is the very same one in both, and no other families share a seed."""
    used: dict[int, str] = {}
    for families in (SMALL, MANY, SAVINGS, LARGE):
        for family in (family for split in families.values() for family in split):
            for seed in family.seeds:
                assert used.setdefault(seed, family.name) == family.name


def test_instances_stay_what_they_are() -> None:
    """Recorded lengths hold for these bytes; a change of a recipe must come with new ones."""
    made = drawn(SMALL["train"][0])[0]
    assert made.coordinates[:2].tolist() == FIRST_POINTS
    square, metres = hashlib.sha256(), hashlib.sha256()
    for families in (SMALL, MANY, SAVINGS, LARGE):
        for split in ("train", "validation", "test"):
            for each in (each for family in families[split] for each in drawn(family)):
                digest = metres if each.family.startswith("metres-") else square
                digest.update(each.coordinates.tobytes() + each.demands.tobytes() + each.capacity.to_bytes(2))
    assert (square.hexdigest()[:16], metres.hexdigest()[:16]) == (DIGEST, IN_METRES)


def test_clustered_customers_are_nearer_to_each_other_than_uniform_ones() -> None:
    """The mean distance to the nearest other customer is smaller in every instance of as many customers."""

    def nearest(draw: object, seed: int) -> float:
        recipe = CustomerFamily(name="f", draw=draw, customers=100, capacity=50, seeds=range(seed, seed + 1))  # type: ignore[arg-type]
        between = drawn(recipe)[0].distances[1:, 1:] + np.eye(100) * 9.0
        return float(between.min(axis=1).mean())

    for seed in range(5):
        assert nearest(clustered, seed) < nearest(uniform, seed)
        assert nearest(outlying, seed) < nearest(uniform, seed)
        assert nearest(centred, seed) < nearest(uniform, seed)


def test_savings_are_trained_on_many_families_and_tested_on_others() -> None:
    """Five of several sizes; tests have shorter and longer routes, clusters around corners, other units, and more customers."""
    train, test = ({family.name for family in SAVINGS[split]} for split in ("train", "test"))
    assert len(train) == 5
    assert not train & test
    filled = {split: [family.capacity / ((1 + family.largest_demand) / 2) for family in SAVINGS[split]] for split in SAVINGS}
    assert min(filled["test"]) < min(filled["train"])
    assert max(filled["test"]) > max(filled["train"])
    assert max(family.customers for family in SAVINGS["test"]) == 2 * max(family.customers for family in SAVINGS["train"])
    assert sum(len(family.seeds) for family in SAVINGS["train"]) >= 64
