"""Seeded instances."""

import numpy as np
import pytest

from evoheur.problem import Split
from evoheur.problems.job_shop_dispatching.splits import SHOP_FAMILIES, instances


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_instances_are_of_their_recipe(split: Split) -> None:
    """Every job passes each machine once; times are above 0; jobs come together, or one by one."""
    recipes = {family.name: family for family in SHOP_FAMILIES[split]}
    for made in instances(split):
        assert (np.sort(made.routes, axis=1) == np.arange(made.machines)).all()
        assert (made.times > 0).all()
        if made.family.startswith("taillard"):
            continue
        recipe = recipes[made.family]
        assert made.times.shape == (recipe.jobs, recipe.machines)
        assert made.gaps.size == (1 if recipe.busy is None else recipe.jobs)
        if "two_sets" in recipe.pattern:
            assert (made.routes[:, : recipe.machines // 2] < recipe.machines // 2).all()


def test_training_is_broad() -> None:
    train = instances("train")
    assert len(train) >= 64
    assert len({made.family for made in train}) >= 6
    assert {made.gaps.size > 1 for made in train} == {False, True}


def test_the_test_split_has_families_that_training_lacks() -> None:
    """None of them is in the other splits, one is in other units, and Taillard's are there."""
    names = {split: {family.name for family in SHOP_FAMILIES[split]} for split in SHOP_FAMILIES}
    assert names["train"] < names["validation"]
    assert not names["test"] & names["validation"]
    test = instances("test")
    assert all((made.times % 1000 == 0).all() for made in test if "x1000" in made.family)
    assert {made.family for made in test if "taillard" in made.family} == {"taillard-15x15", "taillard-50x15"}


def test_no_seed_is_used_twice() -> None:
    seeds = [seed for families in SHOP_FAMILIES.values() for family in families for seed in family.seeds]
    assert len(seeds) == len(set(seeds))


def test_fresh_instances_are_of_the_training_families() -> None:
    fresh, other, train = instances("train", resampled=1), instances("train", resampled=2), instances("train")
    assert [made.family for made in fresh] == [made.family for made in train]
    assert not {made.name for made in fresh} & ({made.name for made in train} | {made.name for made in other})
