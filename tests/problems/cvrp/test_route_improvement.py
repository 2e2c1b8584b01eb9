"""Local search on routes: what it keeps to, and what it finds where the best is known."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.route_improvement import improve_routes, near_customers
from evoheur.problems.cvrp.solution import checked_routes, routes_length
from evoheur.problems.cvrp.textbook_rules import clarke_wright
from evoheur.problems.cvrp.tours import tour_routes
from evoheur.problems.routing.distances import EXPLICIT

from .support.made_up import instance, instances, one_way_instances

Routes = list[list[int]]


def improved(made: CvrpInstance, routes: Routes) -> Routes:
    """The routes after local search."""
    tour = np.zeros(2 * made.customers, dtype=np.int64)
    visits = [node for route in routes for node in (*route, 0)]
    tour[: len(visits)] = visits
    improve_routes(tour, near_customers(made.distances), made.distances, made.demands, made.terms)
    return tour_routes(tour)


def fits(made: CvrpInstance, route: list[int]) -> bool:
    """Whether a vehicle can drive it."""
    stops = [0, *route, 0]
    spent = sum(made.limits.durations[one, two] for one, two in pairwise(stops))
    return int(made.demands[route].sum()) <= made.capacity and spent <= made.limits.duration


@given(data=st.data())
@pytest.mark.parametrize("one_way", [False, True])
def test_routes_never_become_longer_and_everyone_is_still_served(data: st.DataObject, one_way: bool) -> None:
    """From one route per customer in any order, with limits and without; no route is new, and a second search only shortens."""
    made = data.draw(one_way_instances() if one_way else instances(limited=True))
    start = [[int(node)] for node in data.draw(st.permutations(range(1, made.customers + 1)))]
    found = improved(made, start)
    checked_routes(made, found)
    assert all(fits(made, route) for route in found)
    length = routes_length(made.distances, found)
    assert length <= routes_length(made.distances, start) + 1e-9
    again = improved(made, found)
    checked_routes(made, again)
    assert routes_length(made.distances, again) <= length + 1e-9


@pytest.mark.parametrize(
    ("points", "routes", "better"),
    [
        ([(0, 0), (1, 0), (2, 0), (-1, 0)], [[1, 3], [2]], {(1, 2), (3,)}),
        ([(0, 0), (0, 5), (5, 5), (5, 0)], [[2, 1, 3]], {(1, 2, 3)}),
        ([(0, 0), (9, 1), (9, 2), (-9, 1), (-9, 2)], [[1, 4], [3, 2]], {(1, 2), (3, 4)}),
    ],
    ids=["moved", "turned", "ends exchanged"],
)
def test_routes_known_by_heart(points: list[tuple[float, float]], routes: Routes, better: set[tuple[int, ...]]) -> None:
    """Vehicles carry two of three customers, all three, two of four."""
    made = instance([(float(x), float(y)) for x, y in points], [1] * (len(points) - 1), capacity=max(map(len, routes)))
    assert {min(tuple(route), tuple(route[::-1])) for route in improved(made, routes)} == better


def test_a_route_that_is_long_enough_is_left_alone() -> None:
    """Both customers on one route would be shorter, but takes longer than a route may."""
    made = instance([(0.0, 0.0), (3.0, 0.0), (3.0, 1.0)], [1, 1], capacity=9, max_duration=6.9)
    assert improved(made, [[1], [2]]) == [[1], [2]]
    assert len(improved(replace(made, max_duration=7.5), [[1], [2]])) == 1


def test_savings_become_shorter_and_units_do_not_matter() -> None:
    """On 80 customers, whose lists of near ones leave others out: a thousand times the lengths, the same routes."""
    source = np.random.RandomState(3)
    made = instance([(x, y) for x, y in source.rand(81, 2)], source.randint(1, 10, size=80).tolist(), capacity=40)
    start = clarke_wright(made)
    found = improved(made, start)
    assert routes_length(made.distances, found) < routes_length(made.distances, start)
    assert improved(replace(made, coordinates=made.coordinates * 1024.0), start) == found
    doubled = replace(made, metric=EXPLICIT, matrix=made.distances * 1024.0)
    assert improved(doubled, start) == found
