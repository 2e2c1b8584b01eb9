"""Linked lists against lists of lists."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp_ruin_recreate import kernels
from evoheur.problems.cvrp_ruin_recreate.start import listed_routes
from tests.problems.cvrp.support.made_up import fits, instances, is_feasible, length, one_way_instances

from .support.states import feasible_routes, state_of


def canonical(routes: list[list[int]]) -> set[tuple[int, ...]]:
    """Routes without order and direction."""
    return {min(tuple(route), tuple(route[::-1])) for route in routes if route}


def check(state: np.ndarray, made: CvrpInstance, routes: list[list[int]]) -> None:
    """The state is that of these routes: both directions of the lists, ends, numbers of routes and loads."""
    assert canonical(listed_routes(state)) == canonical(routes)
    for route in listed_routes(state):
        numbers = {int(state[kernels.ROUTE, node]) for node in route}
        assert len(numbers) == 1
        number = numbers.pop()
        assert (state[kernels.FIRST, number], state[kernels.LAST, number]) == (route[0], route[-1])
        assert state[kernels.LOAD, number] == sum(made.demands[node] for node in route)
        for before, after in itertools.pairwise([0, *route, 0]):
            assert after == 0 or state[kernels.PREVIOUS, after] == before
            assert before == 0 or state[kernels.NEXT, before] == after


@given(made=st.one_of(instances(limited=True), one_way_instances()), data=st.data())
def test_removing_and_inserting_keep_the_lists_whole(made: CvrpInstance, data: st.DataObject) -> None:
    """Taking any customers out leaves the others in order; each comes back at the cheapest place that plain Python finds."""
    routes = data.draw(feasible_routes(made))
    state = state_of(made, routes)
    check(state, made, routes)
    assert abs(kernels.total_length(state, made.distances) - length(made, routes)) < 1e-9
    chosen = data.draw(st.lists(st.integers(1, made.customers), unique=True))
    kernels.remove_all(state, made.demands, np.array(chosen, dtype=np.int64))
    left = [[node for node in route if node not in chosen] for route in routes]
    left = [route for route in left if route]
    check(state, made, left)
    within = all(fits(made, route) for route in left)  # a way past a customer may be longer than the way through it
    found = kernels.total_cost(state, made.distances, made.terms)
    assert abs(found - cost(made, left)) < 1e-9 * max(1.0, found) if within else found == np.inf
    assert [node for node in range(1, made.customers + 1) if state[kernels.ROUTE, node] < 0] == sorted(chosen)
    for node in chosen:
        best = cost(made, left) + cheapest(made, left, node)[0]
        kernels.insert_in_order(
            state, made.distances, made.demands, made.terms, np.array([node]), 0.0, np.zeros(1, dtype=np.uint64)
        )
        left = listed_routes(state)
        check(state, made, left)
        assert abs(cost(made, left) - best) < 1e-9 * max(1.0, best)
    assert is_feasible(made, left) or not within


def cost(made: CvrpInstance, routes: list[list[int]]) -> float:
    """Length, and what vehicles beyond the fleet cost."""
    return length(made, routes) + made.further_vehicles(len(routes))


def cheapest(made: CvrpInstance, routes: list[list[int]], node: int) -> list[float]:
    """Cost of the best place on every route with room, and of a route of its own, cheapest first."""
    further = made.further_vehicles(len(routes) + 1) - made.further_vehicles(len(routes))
    costs = [length(made, [[node]]) + further]
    for route in routes:
        longer = [[*route[:place], node, *route[place:]] for place in range(len(route) + 1)]
        costs += sorted(length(made, [each]) - length(made, [route]) for each in longer if fits(made, each))[:1]
    return sorted(costs)


@given(made=st.one_of(instances(limited=True), one_way_instances()), data=st.data())
def test_costs_and_savings_are_those_of_trying_it_out(made: CvrpInstance, data: st.DataObject) -> None:
    """The two cheapest routes for a customer, its own among them, and what each removal alone would save."""
    routes = data.draw(feasible_routes(made))
    state = state_of(made, routes)
    savings = kernels.removal_savings(state, made.distances)
    for node in range(1, made.customers + 1):
        without = [[other for other in route if other != node] for route in routes]
        assert abs(savings[node] - (length(made, routes) - length(made, without))) < 1e-9
    chosen = data.draw(st.lists(st.integers(1, made.customers), unique=True, min_size=1))
    kernels.remove_all(state, made.demands, np.array(chosen, dtype=np.int64))
    left = [[node for node in route if node not in chosen] for route in routes]
    left = [route for route in left if route]
    costs = kernels.insertion_costs(state, made.distances, made.demands, made.terms, np.array(chosen, dtype=np.int64))
    for place, node in enumerate(chosen):
        expected = cheapest(made, left, node)
        assert abs(costs[0, place] - expected[0]) < 1e-9
        assert abs(costs[1, place] - (expected[1] if len(expected) > 1 else expected[0])) < 1e-9


def test_the_generator_is_the_one_of_the_paper() -> None:
    """xorshift with the shifts 13, 7 and 17 on 64 bits, written in whole numbers of any size."""
    state = np.array([88172645463325252], dtype=np.uint64)
    bits = 88172645463325252
    for _ in range(1000):
        bits ^= (bits << 13) % 2**64
        bits ^= bits >> 7
        bits ^= (bits << 17) % 2**64
        number = kernels.draw(state)
        assert number == (bits >> 11) / 2**53
        assert 0.0 <= number < 1.0
    assert int(state[0]) == bits


def test_a_blink_overlooks_a_place() -> None:
    """With a chance of almost 1 every place is overlooked, and customers get routes of their own."""
    made = CvrpInstance(
        name="line",
        family="test",
        metric="EUCLIDEAN",
        coordinates=np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]),
        demands=np.array([0, 1, 1]),
        capacity=2,
    )
    for blink, routes in ((0.0, [[1, 2]]), (1.0 - 1e-12, [[1], [2]])):
        state = state_of(made, [[1], [2]])
        kernels.remove_all(state, made.demands, np.array([2]))
        kernels.insert_in_order(
            state, made.distances, made.demands, made.terms, np.array([2]), blink, np.array([12345], dtype=np.uint64)
        )
        assert canonical(listed_routes(state)) == canonical(routes)
