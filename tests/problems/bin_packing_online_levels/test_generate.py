"""Streams are what their families' names say, and never change."""

import hashlib
from itertools import chain

import pytest

from evoheur.problems.bin_packing_online.generate import FAMILIES as PUBLISHED
from evoheur.problems.bin_packing_online_levels.generate import (
    FAMILIES,
    FURTHER_FAMILIES,
    STREAMS,
    gamma,
    gamma_in_other_units,
    streams,
    weibull_in_other_units,
)
from evoheur.problems.packing.item_streams import StreamFamily

EVERY_FAMILY = list(chain.from_iterable((*FAMILIES.values(), *FURTHER_FAMILIES.values())))


@pytest.mark.parametrize("family", EVERY_FAMILY, ids=lambda family: f"{family.name}-{family.first_seed}")
def test_a_stream_is_what_its_family_says(family: StreamFamily) -> None:
    """It has the stated number of items, and every item fits a bin."""
    items = family.draw(family.first_seed, family.items)
    assert items.shape == (family.items,)
    assert items.min() >= 1
    assert items.max() <= family.capacity
    assert f"-c{family.capacity}" in family.name


def test_no_two_families_share_a_seed() -> None:
    """Of these and of the other online problem's."""
    families = [*EVERY_FAMILY, *chain.from_iterable(PUBLISHED.values())]
    seeds = [seed for family in families for seed in range(family.first_seed, family.first_seed + max(STREAMS.values()))]
    assert len(seeds) == len(set(seeds))


def test_training_has_many_families_and_test_has_others() -> None:
    """At least five of two lengths and capacities; bimodal and other units are met on test only."""
    train, test = ({family.name for family in FAMILIES[split]} for split in ("train", "test"))
    assert len(train) >= 5
    assert len({family.items for family in FAMILIES["train"]}) >= 2
    assert len({family.capacity for family in FAMILIES["train"]}) >= 2
    assert len(test) == 8
    assert {"bimodal-5k-c100", "weibull-2k-c700"} <= test - train


def test_other_units_are_the_same_stream() -> None:
    """All sizes are seven times as large."""
    family = next(family for family in FAMILIES["test"] if family.capacity == 700)
    assert (weibull_in_other_units(family.first_seed, 50) % 7 == 0).all()


def test_further_families_have_other_units_and_small_items_and_leave_the_test_alone() -> None:
    """Three times the sizes for three times the capacity; items of a quarter of a bin, where others have two fifths.

    Validation has three families more, which neither training nor the test has.
    """
    assert (gamma_in_other_units(5, 50) == 3 * gamma(5, 50, shape=3.0, scale=12.0, high=100)).all()
    lacking = {family.name for family in FURTHER_FAMILIES["validation"]} - {family.name for family in FURTHER_FAMILIES["train"]}
    assert len(lacking) == 3
    assert not lacking & {family.name for family in FAMILIES["test"]}
    for split in ("train", "validation"):
        own, further = streams(split), streams(split, further=True)
        assert {each.name for each in own} < {each.name for each in further}
        assert [each.items.size for each in further] == sorted(each.items.size for each in further)
        [small] = {each.items.mean() / each.capacity < 0.3 for each in further if each.family == "gamma-4k-c150"}
        assert small
    assert [each.name for each in streams("test", further=True)] == [each.name for each in streams("test")]


def test_fresh_streams_are_of_the_same_families() -> None:
    """As many of each, and none that any split has."""
    fresh = streams("train", 11)
    assert [each.family for each in fresh] == [each.family for each in streams("train")]
    assert not {each.name for each in fresh} & {each.name for split in FAMILIES for each in streams(split)}


def test_streams_never_change() -> None:
    """Old scores keep their meaning."""
    found = {}
    for split in FAMILIES:
        digest = hashlib.sha256()
        for each in streams(split):
            digest.update(f"{each.name} {each.capacity} {each.items.tolist()}".encode())
        found[split] = digest.hexdigest()[:16]
    assert found == {"train": "ef8a61a28b49a471", "validation": "944d15f7427d1f7a", "test": "97a95cedd8c2c2f3"}
