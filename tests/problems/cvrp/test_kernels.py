"""The compiled loops against their definitions in plain Python."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.cvrp.instance import CvrpInstance
from problems.cvrp.kernels import merge_pairs, nearest_feasible, split_by_limits, two_opt
from problems.cvrp.tours import linked_routes, tour_routes

from .made_up import instances, is_feasible, length


def canonical(routes: list[list[int]]) -> set[tuple[int, ...]]:
    """Routes without order and direction."""
    return {min(tuple(route), tuple(route[::-1])) for route in routes}


@settings(max_examples=100, deadline=None)
@given(made=instances(), data=st.data())
def test_pairs_are_merged_as_lists_would_be(made: CvrpInstance, data: st.DataObject) -> None:
    """Routes as lists; a pair joins two of them if both customers are at an end and the loads fit."""
    pairs = data.draw(st.permutations(list(itertools.combinations(range(1, made.customers + 1), 2))))
    routes = [[node] for node in range(1, made.customers + 1)]
    for one, other in pairs:
        [here] = [route for route in routes if one in route]
        [there] = [route for route in routes if other in route]
        fits = sum(int(made.demands[node]) for node in here + there) <= made.capacity
        if here is there or not fits or one not in (here[0], here[-1]) or other not in (there[0], there[-1]):
            continue
        left = here if here[-1] == one else here[::-1]
        right = there if there[0] == other else there[::-1]
        routes = [route for route in routes if route is not here and route is not there] + [left + right]
    first = np.array([pair[0] for pair in pairs], dtype=np.int64)
    second = np.array([pair[1] for pair in pairs], dtype=np.int64)
    merged = linked_routes(merge_pairs(first, second, made.demands, made.limits, first.size))
    assert canonical(merged) == canonical(routes)


@settings(max_examples=100, deadline=None)
@given(made=instances())
def test_nearest_feasible_is_the_rule_of_the_name(made: CvrpInstance) -> None:
    """The nearest that fits, the lower number on ties; home when none fits."""
    waiting, here, free = list(range(1, made.customers + 1)), 0, made.capacity
    routes: list[list[int]] = [[]]
    while waiting:
        offered = [node for node in waiting if made.demands[node] <= free]
        if not offered:
            routes.append([])
            here, free = 0, made.capacity
            continue
        here = min(offered, key=lambda node: (made.distances[here, node], node))
        waiting.remove(here)
        free -= int(made.demands[here])
        routes[-1].append(here)
    assert tour_routes(nearest_feasible(made.distances, made.demands, made.limits)) == [route for route in routes if route]


@settings(max_examples=60, deadline=None)
@given(made=instances(), data=st.data())
def test_a_split_keeps_the_cyclic_order(made: CvrpInstance, data: st.DataObject) -> None:
    """Written one after the other its routes are the order from the start on, and a new route is begun only when it must."""
    order = data.draw(st.permutations(range(1, made.customers + 1)))
    start = data.draw(st.integers(0, made.customers - 1))
    routes = tour_routes(split_by_limits(np.array(order), start, made.demands, made.limits))
    assert [node for route in routes for node in route] == [*order[start:], *order[:start]]
    assert is_feasible(made, routes)
    for route, following in itertools.pairwise(routes):
        assert sum(made.demands[node] for node in route) + made.demands[following[0]] > made.capacity


@settings(max_examples=60, deadline=None)
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
