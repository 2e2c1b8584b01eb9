"""Splits whose families differ from training to test."""

import pytest

from evoheur.problems.tsp.best_known import BEST_KNOWN
from evoheur.problems.tsp.construction.kernels import greedy_edge
from evoheur.problems.tsp.family_splits import INSERTION, KICKS
from evoheur.problems.tsp.generate import drawn
from evoheur.problems.tsp.local_search.kernels import improve, neighbour_lists, started
from evoheur.problems.tsp.splits import COLONY, CONSTRUCTION, Families, instances
from evoheur.problems.tsp.tour import tour_length

GROUPS = {"insertion": INSERTION, "kicks": KICKS}


@pytest.mark.parametrize("group", GROUPS)
def test_every_instance_has_a_reference_that_local_search_does_not_beat(group: str) -> None:
    """The best known length is at most that of greedy + 2-opt + Or-opt, which among ten neighbours ends up to 21 % above it, in a ring."""
    for split in GROUPS[group]:
        for made in instances(GROUPS[group], split, None):
            search = started(greedy_edge(made.distances), made.distances, made.distances, neighbour_lists(made.distances, 10))
            improve(search, True)
            assert BEST_KNOWN[made.name] <= tour_length(search.tour, made.distances) <= 1.3 * BEST_KNOWN[made.name], made.name


@pytest.mark.parametrize("group", GROUPS)
def test_small_instances_come_first_and_no_seed_is_used_twice(group: str) -> None:
    """Nor one of the other splits'."""
    others: tuple[Families, ...] = (CONSTRUCTION, COLONY)
    seeds = [seed for families in others for part in families.values() for family in part for seed in family.seeds]
    known = set(seeds)
    for part in GROUPS[group].values():
        sizes = [family.cities for family in part]
        assert sizes == sorted(sizes)
        for family in part:
            assert not known & set(family.seeds), family.name
            known |= set(family.seeds)


@pytest.mark.parametrize("group", GROUPS)
def test_one_tested_family_has_other_units(group: str) -> None:
    """Its cities are a thousand times as far apart as those of the unit square."""
    [family] = [family for family in GROUPS[group]["test"] if family.name.endswith("-x1000")]
    assert all(900.0 < made.data.max() <= 1000.0 for made in drawn(family))
