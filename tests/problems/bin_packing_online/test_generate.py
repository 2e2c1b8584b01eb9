"""Streams are what their families' names say, and never change."""

import hashlib
from itertools import chain

import pytest

from evoheur.problems.bin_packing_online.generate import FAMILIES, STREAMS_PER_FAMILY
from evoheur.problems.packing.item_streams import StreamFamily, triplets, uniform, weibull

EVERY_FAMILY = list(chain.from_iterable(FAMILIES.values()))


@pytest.mark.parametrize("family", EVERY_FAMILY, ids=lambda family: f"{family.name}-{family.first_seed}")
def test_a_stream_is_what_its_family_says(family: StreamFamily) -> None:
    """It has the stated number of items, and every item fits a bin."""
    items = family.draw(family.first_seed, family.items)
    assert items.shape == (family.items,)
    assert items.min() >= 1
    assert items.max() <= family.capacity


def test_no_two_streams_share_a_seed() -> None:
    """Within a distribution a shared seed would repeat items across splits."""
    seeds = [family.first_seed + k for family in EVERY_FAMILY for k in range(STREAMS_PER_FAMILY)]
    assert len(seeds) == len(set(seeds))


def test_train_and_validation_differ_in_nothing_but_seeds() -> None:
    """Same recipe, so that a gap between them is over-fitting and not another distribution."""
    (train,), (validation,) = FAMILIES["train"], FAMILIES["validation"]
    assert (train.name, train.draw, train.items, train.capacity) == (
        validation.name,
        validation.draw,
        validation.items,
        validation.capacity,
    )


def test_the_test_split_has_other_sizes_capacities_and_distributions() -> None:
    """Sizes 1,000, 2,000 and 10,000, three more capacities for Weibull items, and two more distributions."""
    weibull_families = [family for family in FAMILIES["test"] if family.draw is weibull]
    assert {family.items for family in weibull_families} >= {1000, 2000, 10000}
    assert {family.capacity for family in weibull_families} == {100, 120, 150, 300}
    assert {family.draw for family in FAMILIES["test"]} == {weibull, uniform, triplets}


def test_weibull_sizes_have_the_mean_of_the_distribution() -> None:
    """Scale 45 times Γ(1 + 1/3) = 0.8930 is 40.18; 20,000 draws of standard deviation 14.6 put the mean within 0.5 of it."""
    assert abs(weibull(1, 20_000).mean() - 40.18) < 0.5


def test_uniform_sizes_cover_their_range() -> None:
    """20,000 draws from the 81 sizes 20..100 hit all of them."""
    assert set(uniform(1, 20_000).tolist()) == set(range(20, 101))


def test_triplets_fill_their_bins_exactly() -> None:
    """501 items sum to 167 bins of 1000; every size is between a quarter and a half of a bin."""
    items = triplets(1, 501)
    assert items.sum() == 167 * 1000
    assert items.min() >= 250
    assert items.max() < 500


def test_streams_are_the_ones_that_scores_were_published_on() -> None:
    """A change of NumPy or of the recipe that altered them would show here."""
    digest = hashlib.sha256()
    for family in EVERY_FAMILY:
        for seed in range(family.first_seed, family.first_seed + STREAMS_PER_FAMILY):
            digest.update(family.draw(seed, family.items).tobytes())
    assert digest.hexdigest() == "1c474fc6e7645d338395eaadc3551ad73398e06532925e4e8218aeb1dada2201"
