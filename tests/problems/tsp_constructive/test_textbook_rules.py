"""The textbook tours, on published instances with proven optima."""

import numpy as np
import pytest

from evoheur.instance_files import InstancesRead
from evoheur.problems.tsp.files import read_instances
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.tour import price, tour_length
from evoheur.problems.tsp_constructive.textbook_rules import RULES
from tests.problems.tsp.support.cities import published_files, random_instance


@pytest.fixture(scope="module", name="tsplib")
def _tsplib() -> InstancesRead[TspInstance]:
    return read_instances(published_files("tsplib"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "low", "high"),
    [
        # The first two rules leave nothing to choose but the city to begin with, so others' programs give the same; the last does.
        ("nearest_neighbour", 24.8, 25.4),
        ("farthest_insertion", 8.5, 9.1),
        ("greedy_2opt_oropt", 2.4, 3.0),
    ],
)
def test_mean_gaps_on_tsplib_are_as_known(tsplib: InstancesRead[TspInstance], rule: str, low: float, high: float) -> None:
    """In percent over the 39 files; no tour is shorter than the proven optimum."""
    gaps = []
    for instance in tsplib.instances:
        cost = price(instance, RULES[rule](instance).tolist())
        gaps.append(100.0 * (cost / tsplib.references[instance.name] - 1.0))
    assert len(gaps) == 39
    assert min(gaps) >= 0.0
    assert low < np.mean(gaps) < high


def test_improving_makes_tours_shorter() -> None:
    """On ten instances of 60 cities: each improved rule is shorter than what it starts from, and the better search the shortest."""
    instances = [random_instance(60, seed) for seed in range(10)]
    means = {
        name: np.mean([tour_length(solver(instance), instance.distances) for instance in instances])
        for name, solver in RULES.items()
    }
    assert means["nearest_neighbour_2opt"] < means["nearest_neighbour"]
    assert means["greedy_2opt_oropt"] < means["greedy_edge"]
    assert min(means, key=lambda name: means[name]) == "greedy_2opt_oropt"
    assert means["farthest_insertion"] < means["nearest_insertion"]
