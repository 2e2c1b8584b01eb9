"""Seeded instances."""

import numpy as np
import pytest

from evoheur.problem import Split
from evoheur.problems.multidimensional_knapsack.splits import FAMILIES, instances


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_instances_are_of_their_recipe(split: Split) -> None:
    """Whole values of at least 1, and every item fits by itself."""
    recipes = {family.name: family for family in FAMILIES[split]}
    for made in instances(split):
        recipe = recipes[made.family]
        assert made.weights.shape == (recipe.resources, recipe.items)
        assert (made.values >= 1).all()
        assert (made.values == np.floor(made.values)).all()
        assert (made.weights <= made.capacities[:, None]).all()
        assert made.prices.max() > 0


def test_training_is_broad() -> None:
    train = instances("train")
    assert len(train) >= 64
    assert len({made.family for made in train}) >= 5
    assert len({made.weights.shape for made in train}) >= 5


def test_the_test_split_has_families_that_training_lacks() -> None:
    """None of them is in the other splits, and one is in other units."""
    names = {split: {family.name for family in FAMILIES[split]} for split in FAMILIES}
    assert names["train"] < names["validation"]
    assert not names["test"] & names["validation"]
    other_units = [made for made in instances("test") if made.family.startswith("units")]
    assert all((made.values % 1000 == 0).all() and (made.weights % 700 == 0).all() for made in other_units)


def test_no_seed_is_used_twice() -> None:
    seeds = [seed for families in FAMILIES.values() for family in families for seed in family.seeds]
    assert len(seeds) == len(set(seeds))


def test_fresh_instances_are_of_the_training_families() -> None:
    fresh, other, train = instances("train", resampled=1), instances("train", resampled=2), instances("train")
    assert [made.family for made in fresh] == [made.family for made in train]
    assert not {made.name for made in fresh} & ({made.name for made in train} | {made.name for made in other})
