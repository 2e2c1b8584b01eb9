"""Seeded graphs."""

import numpy as np
import pytest

from evoheur.problem import Split
from evoheur.problems.graph_colouring.clique_bound import clique_size
from evoheur.problems.graph_colouring.instance import adjacency
from evoheur.problems.graph_colouring.splits import FAMILIES, instances


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_graphs_are_of_their_recipe(split: Split) -> None:
    """Edges join two vertices once, the smaller one first."""
    recipes = {family.name: family for family in FAMILIES[split]}
    for made in instances(split):
        assert made.vertices == recipes[made.family].vertices
        assert (made.edges[:, 0] < made.edges[:, 1]).all()
        assert len(np.unique(made.edges, axis=0)) == len(made.edges)
        assert adjacency(made).sum() == 2 * len(made.edges)


def test_planted_colours_are_enough() -> None:
    """No clique is larger than the number of planted colours, and in most a clique has all of them."""
    made = [clique_size(adjacency(each)) for each in instances("train") if each.family == "planted-60-5-d40"]
    assert max(made) <= 5
    assert np.median(made) == 5


def test_training_is_broad() -> None:
    train = instances("train")
    assert len(train) >= 64
    assert len({made.family for made in train}) >= 5


def test_the_test_split_has_families_that_training_lacks() -> None:
    names = {split: {family.name for family in FAMILIES[split]} for split in FAMILIES}
    assert names["train"] < names["validation"]
    assert not names["test"] & names["validation"]


def test_no_seed_is_used_twice() -> None:
    seeds = [seed for families in FAMILIES.values() for family in families for seed in family.seeds]
    assert len(seeds) == len(set(seeds))


def test_fresh_graphs_are_of_the_training_families() -> None:
    fresh, other, train = instances("train", resampled=1), instances("train", resampled=2), instances("train")
    assert [made.family for made in fresh] == [made.family for made in train]
    assert not {made.name for made in fresh} & ({made.name for made in train} | {made.name for made in other})
