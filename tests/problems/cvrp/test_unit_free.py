"""Instances as rules see them: the depot's mean distance and the capacity as units."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.unit_free import reach, unit_free
from evoheur.problems.routing.distances import EXPLICIT

from .support.made_up import LINE, instance, instances, one_way_instances


def test_customers_are_one_away_from_the_depot_on_average() -> None:
    """At 1, 2 and 1 from it: the unit is 4/3, in coordinates too, and the depot is the origin."""
    moved = [(x + 5.0, y - 3.0) for x, y in LINE]
    seen = unit_free(instance(moved, [2, 1, 3], capacity=10))
    assert seen.distances[0, 1:].tolist() == pytest.approx([0.75, 1.5, 0.75], rel=1e-9)
    assert seen.coordinates[0].tolist() == [0.0, 0.0]
    assert seen.coordinates[:, 0].tolist() == pytest.approx([0.0, 0.75, 1.5, -0.75], rel=1e-9)


def test_loads_are_shares_of_the_capacity() -> None:
    """The frame counts whole numbers all the same."""
    seen = unit_free(instance(LINE, [2, 1, 0], capacity=10))
    assert seen.loads.tolist() == [0.0, 0.2, 0.1, 0.0]
    assert (seen.load(3), seen.load(10)) == (0.3, 1.0)
    assert (seen.demands.tolist(), seen.capacity) == ([0, 2, 1, 0], 10)


@pytest.mark.parametrize(
    ("points", "unit"),
    [
        ([(0, 0), (0, 0)], 1.0),
        ([(2, 2)] * 4, 1.0),
        ([(0, 0), (0, 4)], 4.0),
        ([(0, 0), (0, 0), (0, 2)], 1.0),
    ],
    ids=["one at the depot", "all at the depot", "one", "every other one at the depot"],
)
def test_customers_at_the_depot(points: list[tuple[float, float]], unit: float) -> None:
    """Nothing is 0 / 0."""
    made = instance(points, [1] * (len(points) - 1), capacity=3)
    assert reach(made.distances) == unit
    assert np.isfinite(unit_free(made).distances).all()
    assert np.isfinite(unit_free(made).coordinates).all()


def test_a_matrix_may_put_the_depot_at_no_distance() -> None:
    """Then what lies between customers is the unit; both directions count."""
    matrix = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 6.0], [0.0, 2.0, 0.0]])
    made = replace(instance(LINE[:3], [1, 1], capacity=3), metric=EXPLICIT, matrix=matrix)
    assert reach(made.distances) == 4.0
    assert reach(replace(made, matrix=matrix + np.array([[0, 3, 3], [1, 0, 0], [1, 0, 0]])).distances) == 2.0


@given(instances(limited=True))
def test_limits_are_those_of_the_instance_in_its_unit(made: CvrpInstance) -> None:
    """Without rounding, so that what fits exactly still does."""
    seen, unit = unit_free(made), reach(made.distances)
    assert seen.limits.capacity == made.capacity
    assert seen.limits.vehicles == made.limits.vehicles
    np.testing.assert_allclose(seen.limits.durations * unit, made.limits.durations, rtol=1e-14)
    assert seen.limits.duration == pytest.approx(made.limits.duration / unit, rel=1e-14)
    assert seen.limits.extra == pytest.approx(made.limits.extra / unit, rel=1e-14)


@given(one_way_instances())
def test_one_way_stays_one_way(made: CvrpInstance) -> None:
    """Which frames ask before they turn a route round."""
    assert unit_free(made).limits.one_way == made.limits.one_way
    assert (unit_free(made).distances == unit_free(made).distances.T).all() == (not made.limits.one_way)
