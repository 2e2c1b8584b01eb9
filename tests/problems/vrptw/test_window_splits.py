"""Seeded instances with time windows."""

import numpy as np
import pytest

from evoheur.problem import Split
from evoheur.problems.vrptw.timely_routes import timely_routes
from evoheur.problems.vrptw.window_splits import FAMILIES, instances


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_every_customer_alone_is_served_in_time(split: Split) -> None:
    """And instances are of their recipe."""
    recipes = {family.name: family for family in FAMILIES[split]}
    for made in instances(split):
        recipe = recipes[made.family]
        timely_routes(made, [[customer] for customer in range(1, made.customers + 1)])
        assert made.customers == recipe.customers
        assert made.demands[1:].min() >= recipe.load_unit
        own = (made.due_times - made.ready_times)[1:] < recipe.horizon * recipe.unit
        assert own.mean() >= recipe.windowed - 0.25
        assert (made.ready_times <= made.due_times).all()


def test_other_families_in_the_test() -> None:
    """Larger ones, of another shape and in other units; no seed is in two."""
    names = {split: {family.name for family in families} for split, families in FAMILIES.items()}
    assert names["train"] < names["validation"]
    assert not names["test"] & names["validation"]
    seeds = [seed for families in FAMILIES.values() for family in families for seed in family.seeds]
    assert len(seeds) == len(set(seeds))
    metres = [made for made in instances("test") if made.family.startswith("metres")]
    assert metres
    for made in metres:
        assert (made.coordinates == np.rint(made.coordinates)).all()
        assert (made.ready_times == np.rint(made.ready_times)).all()
        assert (made.demands % 7 == 0).all()


def test_windows_of_solomons_clusters_lie_along_tours() -> None:
    """So that one vehicle can serve a cluster, and far fewer vehicles are needed than where they lie anywhere."""
    made = next(each for each in instances("test") if each.family == "clustered-100-short-w30")
    tour = sorted(range(1, made.customers + 1, 10), key=lambda customer: made.ready_times[customer])
    waits = np.diff(made.ready_times[tour])
    assert (np.median(waits) > 60.0) & (np.median(waits) < 130.0)  # service takes 90


def test_fresh_instances_are_of_the_training_families() -> None:
    fresh, other, train = instances("train", resampled=1), instances("train", resampled=2), instances("train")
    assert [made.family for made in fresh] == [made.family for made in train]
    assert not {made.name for made in fresh} & ({made.name for made in train} | {made.name for made in other})
