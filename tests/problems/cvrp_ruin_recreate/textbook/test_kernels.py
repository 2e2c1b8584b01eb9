"""String removal: what it takes out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp_ruin_recreate.kernels import total_length
from evoheur.problems.cvrp_ruin_recreate.problem import RuinRecreateCVRP
from evoheur.problems.cvrp_ruin_recreate.start import listed_routes, savings_state
from evoheur.problems.cvrp_ruin_recreate.textbook import kernels
from evoheur.problems.cvrp_ruin_recreate.textbook.string_removal import neighbours
from tests.problems.cvrp.support.made_up import instance, instances
from tests.problems.cvrp_ruin_recreate.support.states import feasible_routes, state_of
from tests.support.example_budget import cheap


def source(seed: int) -> np.ndarray:
    """A state of the generator."""
    return np.array([seed * 2654435761 + 88172645463325252], dtype=np.uint64)


def line(customers: int) -> CvrpInstance:
    """Customers in a row, all of which a vehicle can serve at once."""
    return instance([(float(place), 0.0) for place in range(customers + 1)], [1] * customers, customers)


@cheap()
@given(made=instances(most=14), data=st.data(), seed=st.integers(0, 10_000))
def test_strings_are_stretches_of_routes_with_at_most_one_gap(made: CvrpInstance, data: st.DataObject, seed: int) -> None:
    """Customers leave once each; on every route they are one stretch, or two with those that stay between them; not more than 10."""
    routes = data.draw(feasible_routes(made))
    chosen = kernels.choose_strings(state_of(made, routes), neighbours(made.distances), source(seed)).tolist()
    assert chosen
    assert len(set(chosen)) == len(chosen)
    average = made.customers / len(routes)
    for route in routes:
        taken = [node in chosen for node in route]
        starts = sum(now and not before for before, now in zip([False, *taken[:-1]], taken, strict=True))
        assert starts <= 2
        assert sum(taken) <= min(10, average, len(route)) + 1


def test_a_split_string_mostly_spans_its_route() -> None:
    """What is kept grows with probability 0.99 as long as there is more: on a route of 12 it spans the route in at least 0.99^9 = 91 %.

    At most 10 customers leave, at least 2 if there is a gap, so what is kept grows by at most 9. Were it to stop growing with probability
    0.99, a gap would be of one customer nearly always.
    """
    made = line(12)
    state, near, generator = state_of(made, [list(range(1, 13))]), neighbours(made.distances), source(7)
    taken = [sorted(kernels.choose_strings(state, near, generator).tolist()) for _ in range(2000)]
    split = [nodes for nodes in taken if nodes[-1] - nodes[0] >= len(nodes)]
    assert len(split) > 300
    assert np.mean([nodes[0] == 1 and nodes[-1] == 12 for nodes in split]) > 0.91


def test_ten_customers_leave_on_average() -> None:
    """The paper's c̄, on instances with routes of about ten customers."""
    made = RuinRecreateCVRP().instances("train")[0]
    state, near, state_of_source = savings_state(made), neighbours(made.distances), source(1)
    counts = [len(kernels.choose_strings(state, near, state_of_source)) for _ in range(3000)]
    assert 8.0 < np.mean(counts) < 12.0


@given(customers=st.integers(1, 30), most=st.integers(1, 25), seed=st.integers(0, 10_000))
def test_random_customers_are_different_ones(customers: int, most: int, seed: int) -> None:
    """1 to `most` of them, in range."""
    chosen = kernels.choose_at_random(customers, most, source(seed)).tolist()
    assert 1 <= len(chosen) <= min(most, customers)
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= set(range(1, customers + 1))


def test_the_order_is_one_of_the_four() -> None:
    """By demand, far first, near first, or any; all of them occur, and nobody is lost."""
    made = RuinRecreateCVRP().instances("train")[-1]
    chosen, generator = np.array([5, 9, 2, 77, 31]), source(3)
    demands, home = made.demands, made.distances[0]
    seen = {"demand": 0, "far": 0, "near": 0, "other": 0}
    for _ in range(2000):
        order = kernels.mixed_order(chosen, made.distances, demands, generator)
        assert sorted(order.tolist()) == sorted(chosen.tolist())
        if (np.diff(home[order]) <= 0).all():
            seen["far"] += 1
        elif (np.diff(home[order]) >= 0).all():
            seen["near"] += 1
        elif (np.diff(demands[order]) <= 0).all():
            seen["demand"] += 1
        else:
            seen["other"] += 1
    # Weights 4 : 4 : 2 : 1 of 11; a random order of five is one of the sorted ones in about one of 40 cases.
    assert 600 < seen["demand"] < 900
    assert 280 < seen["far"] < 480
    assert 120 < seen["near"] < 280
    assert 550 < seen["other"] < 850


def test_a_search_never_returns_longer_routes_than_it_got() -> None:
    """The record is kept apart from what the search goes on with, and holds every customer."""
    for made in RuinRecreateCVRP().instances("train")[:3]:
        start = savings_state(made)
        before = total_length(start, made.distances)
        for strings in (True, False):
            for iterations in (1, 50):
                effort = (iterations, 20, 0.05, strings)
                near = neighbours(made.distances)
                record = kernels.improve(start, made.distances, made.demands, made.terms, near, effort, source(5))
                assert total_length(record, made.distances) <= before
                assert sorted(node for route in listed_routes(record) for node in route) == list(range(1, made.customers + 1))
        assert total_length(start, made.distances) == before
