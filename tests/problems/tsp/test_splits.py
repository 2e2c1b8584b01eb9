"""Families and references of all splits."""

import pytest

from evoheur.problems.tsp.best_known import BEST_KNOWN
from evoheur.problems.tsp.construction.kernels import greedy_edge
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.local_search.kernels import improve, neighbour_lists, started
from evoheur.problems.tsp.published_tours import PUBLISHED, published
from evoheur.problems.tsp.splits import COLONY, CONSTRUCTION, Families, instances
from evoheur.problems.tsp.tour import tour_length

GROUPS = {"construction": CONSTRUCTION, "colony": COLONY}


def _all(families: Families) -> list[TspInstance]:
    return [made for split in families for made in instances(families, split, None)]


@pytest.mark.parametrize("group", GROUPS)
def test_every_generated_instance_has_a_reference_that_local_search_does_not_beat(group: str) -> None:
    """The best known length is at most that of greedy + 2-opt + Or-opt, which among ten neighbours ends up to 16 % above it."""
    for made in _all(GROUPS[group]):
        search = started(greedy_edge(made.distances), made.distances, made.distances, neighbour_lists(made.distances, 10))
        improve(search, True)
        assert BEST_KNOWN[made.name] <= tour_length(search.tour, made.distances) <= 1.2 * BEST_KNOWN[made.name], made.name


def test_published_instances_have_no_references() -> None:
    """Their papers report mean lengths, and so do we."""
    assert not {made.name for name in PUBLISHED for made in published(name)} & set(BEST_KNOWN)


@pytest.mark.parametrize("group", GROUPS)
def test_a_published_set_replaces_the_training_instances_only(group: str) -> None:
    """Validation and test stay what they are."""
    families = GROUPS[group]
    assert [made.name for made in instances(families, "train", "eoh_tsp50")] == [made.name for made in published("eoh_tsp50")]
    for split in ("validation", "test"):
        ours = [made.name for made in instances(families, split, None)]
        assert [made.name for made in instances(families, split, "eoh_tsp50")] == ours


@pytest.mark.parametrize("group", GROUPS)
def test_small_instances_come_first(group: str) -> None:
    """So that a candidate that fails does so soon."""
    for split in GROUPS[group]:
        sizes = [made.cities for made in instances(GROUPS[group], split, None)]
        assert sizes == sorted(sizes)
