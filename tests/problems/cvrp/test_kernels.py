"""The compiled loops against their definitions in plain Python."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.kernels import best_split, merge_arcs, merge_pairs, nearest_feasible, split_by_limits, two_opt
from evoheur.problems.cvrp.tours import following_routes, linked_routes, tour_routes

from .support.made_up import fits, instances, is_feasible, length, one_way_instances


def canonical(routes: list[list[int]]) -> set[tuple[int, ...]]:
    """Routes without order and direction."""
    return {min(tuple(route), tuple(route[::-1])) for route in routes}


@given(made=instances(limited=True), data=st.data())
def test_pairs_are_merged_as_lists_would_be(made: CvrpInstance, data: st.DataObject) -> None:
    """Routes as lists; a pair joins two of them if both customers are at an end and one vehicle will do.

    Behind the last pair that is worth it, only while there are more routes than vehicles.
    """
    pairs = data.draw(st.permutations(list(itertools.combinations(range(1, made.customers + 1), 2))))
    routes = [[node] for node in range(1, made.customers + 1)]
    worth = data.draw(st.integers(0, len(pairs)))
    for place, (one, other) in enumerate(pairs):
        if place >= worth and len(routes) <= made.limits.vehicles:
            break
        [here] = [route for route in routes if one in route]
        [there] = [route for route in routes if other in route]
        if here is there or one not in (here[0], here[-1]) or other not in (there[0], there[-1]):
            continue
        left = here if here[-1] == one else here[::-1]
        right = there if there[0] == other else there[::-1]
        if not fits(made, left + right):
            continue
        routes = [route for route in routes if route is not here and route is not there] + [left + right]
    first = np.array([pair[0] for pair in pairs], dtype=np.int64)
    second = np.array([pair[1] for pair in pairs], dtype=np.int64)
    merged = linked_routes(merge_pairs(first, second, made.demands, made.limits, worth))
    assert canonical(merged) == canonical(routes)


@given(made=instances(limited=True))
def test_nearest_feasible_is_the_rule_of_the_name(made: CvrpInstance) -> None:
    """The nearest that fits, the lower number on ties; home when none fits."""
    waiting, here = list(range(1, made.customers + 1)), 0
    routes: list[list[int]] = [[]]
    while waiting:
        offered = [node for node in waiting if fits(made, [*routes[-1], node])]
        if not offered:
            routes.append([])
            here = 0
            continue
        here = min(offered, key=lambda node: (made.distances[here, node], node))
        waiting.remove(here)
        routes[-1].append(here)
    assert tour_routes(nearest_feasible(made.distances, made.demands, made.limits)) == [route for route in routes if route]


@given(made=instances(limited=True), data=st.data())
def test_a_split_keeps_the_cyclic_order(made: CvrpInstance, data: st.DataObject) -> None:
    """Written one after the other its routes are the order from the start on, and a new route is begun only when it must."""
    order = data.draw(st.permutations(range(1, made.customers + 1)))
    start = data.draw(st.integers(0, made.customers - 1))
    routes = tour_routes(split_by_limits(np.array(order), start, made.demands, made.limits))
    assert [node for route in routes for node in route] == [*order[start:], *order[:start]]
    assert is_feasible(made, routes)
    for route, following in itertools.pairwise(routes):
        assert not fits(made, [*route, following[0]])


@given(made=instances())
def test_two_opt_leaves_no_reversal_that_helps(made: CvrpInstance) -> None:
    """Its routes hold the same customers, are as long as it says, not longer than before, and no reversal shortens them."""
    tour = nearest_feasible(made.distances, made.demands, made.limits)
    before = tour_routes(tour)
    reported = two_opt(tour, made.distances, False)
    after = tour_routes(tour)
    assert [set(route) for route in after] == [set(route) for route in before]
    assert abs(reported - length(made, after)) < 1e-9
    assert reported <= length(made, before) + 1e-9
    for route in after:
        for i, j in itertools.combinations(range(len(route) + 1), 2):
            assert length(made, [route]) <= length(made, [route[:i] + route[i:j][::-1] + route[j:]]) + 1e-8


@given(made=one_way_instances())
def test_two_opt_knows_that_a_way_back_may_be_longer(made: CvrpInstance) -> None:
    """Its length is that of its routes in their direction, and no reversal shortens them."""
    tour = nearest_feasible(made.distances, made.demands, made.limits)
    before = tour_routes(tour)
    reported = two_opt(tour, made.distances, made.limits.one_way)
    after = tour_routes(tour)
    assert reported == length(made, after)
    assert reported <= length(made, before)
    assert is_feasible(made, after)
    for route in after:
        for i, j in itertools.combinations(range(len(route) + 1), 2):
            assert length(made, [route]) <= length(made, [route[:i] + route[i:j][::-1] + route[j:]])


@given(made=one_way_instances(), data=st.data())
def test_arcs_are_merged_as_lists_would_be(made: CvrpInstance, data: st.DataObject) -> None:
    """A route that ends with the first is joined to one that begins with the second; nothing is turned round."""
    arcs = data.draw(st.permutations(list(itertools.permutations(range(1, made.customers + 1), 2))))
    worth = data.draw(st.integers(0, len(arcs)))
    routes = [[node] for node in range(1, made.customers + 1)]
    for place, (one, other) in enumerate(arcs):
        if place >= worth and len(routes) <= made.limits.vehicles:
            break
        [here] = [route for route in routes if one in route]
        [there] = [route for route in routes if other in route]
        if here is there or here[-1] != one or there[0] != other or not fits(made, here + there):
            continue
        routes = [route for route in routes if route is not here and route is not there] + [here + there]
    first = np.array([arc[0] for arc in arcs], dtype=np.int64)
    second = np.array([arc[1] for arc in arcs], dtype=np.int64)
    assert sorted(following_routes(merge_arcs(first, second, made.demands, made.limits, worth))) == sorted(routes)


@given(made=instances(limited=True), data=st.data())
def test_the_best_split_costs_least(made: CvrpInstance, data: st.DataObject) -> None:
    """Of all starts, vehicles beyond the fleet counted."""
    order = np.array(data.draw(st.permutations(range(1, made.customers + 1))))
    costs = []
    for start in range(made.customers):
        tour = split_by_limits(order, start, made.demands, made.limits)
        shortened = two_opt(tour, made.distances, False)
        costs.append(shortened + made.further_vehicles(len(tour_routes(tour))))
    best = tour_routes(best_split(order, made.distances, made.demands, made.limits))
    assert abs(length(made, best) + made.further_vehicles(len(best)) - min(costs)) < 1e-9 * max(1.0, min(costs))
    assert is_feasible(made, best)
