"""The search that references are from: feasible, repeatable, and optimal where all routes can be tried."""

import itertools

import pytest
from hypothesis import given

from evoheur.problem import Infeasible
from evoheur.problems.vrptw.instance import TimeWindowInstance
from evoheur.problems.vrptw.searched_lengths import BEST_KNOWN
from evoheur.problems.vrptw.short_timed_search import searched_length
from evoheur.problems.vrptw.timed_search import searched_routes
from evoheur.problems.vrptw.timely_routes import timed_price
from evoheur.problems.vrptw.window_splits import instances
from tests.support.example_budget import very_dear

from .support.made_up import small_days


def shortest(instance: TimeWindowInstance) -> float:
    """Of all routes of all orders of at most five customers."""
    best = float("inf")
    for order in itertools.permutations(range(1, instance.customers + 1)):
        for cuts in itertools.product((False, True), repeat=instance.customers - 1):
            routes = [[order[0]]]
            for customer, cut in zip(order[1:], cuts, strict=True):
                if cut:
                    routes.append([customer])
                else:
                    routes[-1].append(customer)
            try:
                best = min(best, timed_price(instance, routes))
            except Infeasible:
                continue
    return best


@very_dear()
@given(instance=small_days().filter(lambda made: made.customers <= 5))
def test_small_instances_are_solved(instance: TimeWindowInstance) -> None:
    """As trying all routes does."""
    routes = searched_routes(instance, iterations=2000, seed=1)
    assert timed_price(instance, routes) == pytest.approx(shortest(instance))


def test_a_longer_search_finds_shorter_routes_and_the_same_seed_the_same() -> None:
    made = instances("train")[0]
    few, many = (searched_routes(made, iterations=number, seed=1) for number in (50, 5000))
    assert timed_price(made, many) < timed_price(made, few)
    assert searched_routes(made, iterations=50, seed=1) == few


def test_references_are_of_all_own_instances_and_hardly_beaten() -> None:
    """A short search comes near them, and is nowhere better by much: it was luckier by half a percent where horizons are long."""
    known = {made.name: made for split in ("train", "validation", "test") for made in instances(split)}
    assert known.keys() == BEST_KNOWN.keys()
    for family in {made.family for made in known.values()}:
        made = next(each for each in known.values() if each.family == family)
        assert 0.985 <= searched_length(made) / BEST_KNOWN[made.name] <= 1.1, made.name
