"""Taillard's instances by his generator: published times, figures of the literature, and optima that nothing beats."""

import numpy as np
import pytest

from evoheur.problem import to_json
from evoheur.problem_loading import load_problem
from evoheur.problems.flow_shop.makespan_bounds import lower_bound
from evoheur.problems.flow_shop.published_instances import OPTIMA, generated_times, published_family

GAPS = {"taillard-20x5": 3.30, "taillard-20x10": 4.60, "taillard-50x5": 0.73, "taillard-50x10": 5.07}
"""Mean gap of NEH to the best known makespan that the literature gives for these sizes, in percent."""


def test_the_first_times_are_the_published_ones() -> None:
    """Of the first file of the set: the first machine, and the first job."""
    first = published_family("20x5")[0]
    assert first.name == "ta001"
    assert first.times[:, 0].tolist() == [54, 83, 15, 71, 77, 36, 53, 38, 27, 87, 76, 91, 14, 29, 12, 77, 32, 87, 68, 94]
    assert first.times[0].tolist() == [54, 79, 16, 66, 58]
    assert generated_times(379008056, 20, 5)[:4, 0].tolist() == [26, 38, 27, 88]


def test_neh_is_where_the_literature_has_it() -> None:
    """1286 on the first instance, and the mean gap on each size."""
    problem = load_problem("flow_shop_insertion")
    neh = problem.textbook_rules()["neh"]
    gaps: dict[str, list[float]] = {}
    for size in ("20x5", "20x10", "50x5", "50x10"):
        for instance in published_family(size):
            cost, optimum = problem.cost(instance, to_json(neh(instance))), problem.reference(instance)
            assert optimum == OPTIMA[instance.name] <= cost
            if instance.name == "ta001":
                assert (cost, optimum) == (1286.0, 1278.0)
            gaps.setdefault(instance.family, []).append(100 * cost / optimum - 100)
    assert {family: round(float(np.mean(each)), 2) for family, each in gaps.items()} == GAPS


@pytest.mark.parametrize("size", ["20x5", "20x10", "50x5", "50x10"])
def test_no_optimum_is_below_the_bound(size: str) -> None:
    """An optimum that were too small, or another instance's, would be seen."""
    for instance in published_family(size):
        assert lower_bound(instance) <= OPTIMA[instance.name] <= 1.35 * lower_bound(instance)
