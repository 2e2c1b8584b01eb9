"""Splits and patterns of times."""

import pytest

from evoheur.problems.flow_shop import time_patterns
from evoheur.problems.flow_shop.splits import GREEDY, INSERTION, ShopFamilies, instances


@pytest.mark.parametrize("families", [INSERTION, GREEDY], ids=["insertion", "greedy"])
def test_no_training_family_is_tested(families: ShopFamilies) -> None:
    """Validation has a pattern that training lacks, and the test only such families; all come smallest first."""
    made = {split: instances(families, split) for split in ("train", "validation", "test")}
    names = {split: {each.family for each in of_split} for split, of_split in made.items()}
    assert names["train"] < names["validation"]
    assert not names["validation"] & names["test"]
    assert {name for name in names["test"] if name.startswith("taillard")} == {
        f"taillard-{size}" for size in ("20x5", "20x10", "50x5", "50x10")
    }
    for of_split in made.values():
        sizes = [each.jobs * each.times.size for each in of_split]
        assert sizes == sorted(sizes)


def test_fresh_instances_are_of_the_training_families() -> None:
    fresh, own = instances(INSERTION, "train", resampled=7), instances(INSERTION, "train")
    assert [each.family for each in fresh] == [each.family for each in own]
    assert not {each.times.tobytes() for each in fresh} & {each.times.tobytes() for each in own}


def test_patterns_are_what_they_are_called() -> None:
    """Which part of the spread is between jobs, and which between machines."""
    uniform, by_job, by_machine = (getattr(time_patterns, name)(3, 200, 20) for name in ("uniform", "by_job", "by_machine"))
    assert (uniform.min(), uniform.max()) == (1, 99)
    assert by_job.mean(axis=1).std() > 4 * by_job.mean(axis=0).std()
    assert by_machine.mean(axis=0).std() > 4 * by_machine.mean(axis=1).std()
    assert (time_patterns.narrow(3, 200, 20).min(), time_patterns.narrow(3, 200, 20).max()) == (80, 99)
    loads = time_patterns.bottleneck(3, 200, 20).sum(axis=0)
    assert max(loads) > 1.2 * sorted(loads)[-2]
    assert time_patterns.exponential(3, 200, 20).min() == 1
    assert time_patterns.exponential(3, 200, 20).max() > 200
    assert (time_patterns.in_units(time_patterns.uniform, 1000)(3, 200, 20) == 1000 * uniform).all()
    assert all(getattr(time_patterns, name)(5, 9, 4).min() >= 1 for name in ("by_job", "by_machine", "mixed"))
