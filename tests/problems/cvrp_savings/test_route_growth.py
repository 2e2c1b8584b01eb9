"""Joining routes as they grow, against the same in plain Python."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.solution import routes_cost
from evoheur.problems.cvrp.unit_free import unit_free
from evoheur.problems.cvrp_savings.route_growth import VARIANTS, grow_routes
from tests.benchmarks.naive.joining import Chart, six_passes
from tests.problems.cvrp.support.made_up import LINE, duration, instance, instances, is_feasible, one_way_instances


def mixed(*shown: Any) -> Any:
    """A rule that looks at everything that it is shown."""
    variant, spacing, per_route, progress, distance, near, far, small, large, free, angle, rank, size = shown
    score = near + far - (1 + variant) * distance + 0.31 * small - 0.17 * large + 0.13 * free * variant - 0.05 * angle
    return score - 0.011 * rank + 0.7 * progress * distance + 0.05 * spacing * size / per_route


def chart(made: CvrpInstance) -> Chart:
    """The instance for the naive frame: what rules see, and what a vehicle can do."""
    posed = unit_free(made)
    longest = np.inf if made.max_duration is None else made.max_duration * (1.0 + 1e-10)
    return Chart(
        distances=posed.distances,
        places=posed.coordinates - posed.coordinates[0],
        demands=made.demands.tolist(),
        capacity=made.capacity,
        fits=lambda route: duration(made, route) <= longest,
        vehicles=np.inf if made.max_vehicles is None else made.max_vehicles,
        one_way=made.limits.one_way,
    )


def sorted_routes(routes: list[list[int]], made: CvrpInstance) -> list[list[int]]:
    """In an order of their own; in one direction where both are the same."""
    return sorted(route if made.limits.one_way else min(route, route[::-1]) for route in routes)


@given(made=instances(limited=True) | one_way_instances())
def test_routes_are_those_of_the_naive_frame(made: CvrpInstance) -> None:
    """On small instances with many ties, limits, fleets, and ways that differ there and back."""
    posed = unit_free(made)
    routes = grow_routes(mixed, posed)
    assert is_feasible(made, routes)
    passes = six_passes(mixed, chart(made))
    shortest = min(passes, key=lambda each: routes_cost(posed, each))
    assert sorted_routes(routes, made) == sorted_routes(shortest, made)


def shown_calls(made: CvrpInstance, score: float) -> list[tuple[Any, ...]]:
    """What a rule is shown that always gives the same score."""
    calls: list[tuple[Any, ...]] = []

    def record(*shown: Any) -> Any:
        calls.append(tuple(np.copy(each)[()] for each in shown))
        return np.full(shown[-1].shape, score)

    grow_routes(record, unit_free(made))
    return calls


def test_the_rule_sees_pairs_of_customers_first() -> None:
    """Customers at 1, 2 and -1 with demands 2, 1 and 3 of 10, at a mean distance of 4/3: pairs 1-2, 1-3 and 2-3."""
    calls = shown_calls(instance(LINE, [2, 1, 3], capacity=10), -1.0)
    assert [call[0] for call in calls] == pytest.approx(VARIANTS)
    _, spacing, per_route, progress, *views = calls[0]
    assert spacing == pytest.approx((1 + 1 + 2) / 3 * 0.75)
    assert per_route == 3.0  # five would fit, but there are three
    assert progress == 0.0
    seen = [view.tolist() for view in views]
    assert seen[0] == pytest.approx([0.75, 1.5, 2.25])
    assert seen[1] == pytest.approx([0.75, 0.75, 0.75])
    assert seen[2] == pytest.approx([1.5, 0.75, 1.5])
    assert seen[3] == pytest.approx([0.1, 0.2, 0.1])
    assert seen[4] == pytest.approx([0.2, 0.3, 0.3])
    assert seen[5] == pytest.approx([0.7, 0.5, 0.6])
    assert seen[6] == pytest.approx([0.0, np.pi, np.pi])
    assert seen[7:] == [[1.0, 1.0, 2.0], [2.0, 2.0, 2.0]]


def test_pairs_are_scored_anew_when_a_route_has_grown() -> None:
    """1 and 2 are joined first, as all are equal; 3 may then come before 1 or behind 2, on a route of three."""
    first, second = shown_calls(instance(LINE, [2, 1, 3], capacity=10), 1.0)[:2]
    assert first[3] == 0.0
    assert second[3] == pytest.approx(1 / 3)
    assert sorted(second[4].tolist()) == pytest.approx([1.5, 2.25])
    assert second[7].tolist() == pytest.approx([0.3, 0.3])
    assert second[8].tolist() == pytest.approx([0.3, 0.3])
    assert second[12].tolist() == [3.0, 3.0]


def test_pairs_that_are_too_much_for_a_vehicle_are_not_shown() -> None:
    """1 and 3 together carry 5 of 4; 1 and 2 do, and then 3 finds no place."""
    calls = shown_calls(instance(LINE, [2, 1, 3], capacity=4), 1.0)
    assert [call[-1].size for call in calls] == [2] * 6
    assert shown_calls(instance(LINE, [4, 4, 4], capacity=4), 1.0) == []


def test_a_lone_customer_is_served_without_a_question() -> None:
    """There is nothing to join."""
    assert grow_routes(lambda *_: None, unit_free(instance(LINE[:2], [1], capacity=4))) == [[1]]


def test_infinite_scores_come_first_and_last() -> None:
    """Infinity is a score like any other; minus infinity joins only where there are more routes than vehicles."""
    made = instance(LINE, [2, 1, 3], capacity=10)
    apart = unit_free(made)

    def infinite(sign: float) -> Any:
        return lambda *shown: np.where(shown[4] > 2.0, sign * np.inf, 1.0)

    assert sorted(map(sorted, grow_routes(lambda *shown: np.full(shown[-1].shape, -np.inf), apart))) == [[1], [2], [3]]
    assert sorted(map(sorted, grow_routes(infinite(1.0), apart))) == [[1, 2, 3]]
    alone = unit_free(instance(LINE, [2, 1, 3], capacity=10, max_vehicles=1))
    assert sorted(map(sorted, grow_routes(lambda *shown: np.full(shown[-1].shape, -np.inf), alone))) == [[1, 2, 3]]


def test_the_shortest_pass_is_kept() -> None:
    """The pass with variant 0.6 joins, the others do not: two round trips on one side cost more than one."""
    made = unit_free(instance(LINE, [1, 1, 1], capacity=2))
    routes = grow_routes(lambda *shown: np.where((shown[0] == 0.6) & (shown[4] < 1.0), 1.0, -1.0) + 0 * shown[4], made)
    assert sorted(map(sorted, routes)) == [[1, 2], [3]]


def test_a_rule_may_write_into_its_arrays() -> None:
    """They are written anew for every call."""

    def writing(*shown: Any) -> Any:
        score = mixed(*shown)
        for view in shown[4:]:
            view[:] = np.nan
        return score

    source = np.random.RandomState(3)
    made = unit_free(instance([tuple(place) for place in source.uniform(size=(41, 2))], [1] * 40, capacity=9))
    assert grow_routes(writing, made) == grow_routes(mixed, made)
