"""Compiled times against the trusted schedule: an insertion is possible where the price says that it is."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Infeasible
from evoheur.problems.vrptw.instance import TimeWindowInstance
from evoheur.problems.vrptw.kernels import empty_routes, listed, open_route, put, visit
from evoheur.problems.vrptw.timely_routes import schedule, timed_price

from .support.made_up import small_days


def timely(instance: TimeWindowInstance, route: list[int]) -> bool:
    """Whether a route keeps to its windows, whatever it carries; all others have routes of their own."""
    others = [[customer] for customer in range(1, instance.customers + 1) if customer not in route]
    try:
        timed_price(replace(instance, capacity=10**6), [route, *others])
    except Infeasible:
        return False
    return True


@given(instance=small_days(), source=st.randoms(use_true_random=False))
def test_what_fits_is_what_the_price_allows(instance: TimeWindowInstance, source: random.Random) -> None:
    """Every customer at every place of a route that grows, and the times there."""
    routes, order = empty_routes(instance.customers), list(range(1, instance.customers + 1))
    source.shuffle(order)
    open_route(routes, instance.windows, order[0])
    for customer in order[1:]:
        [route], fitting = listed(routes), []
        for place in range(len(route) + 1):
            after = [*route[:place], customer, *route[place:]]
            arrival, begin, following = visit(routes, instance.windows, 0, place, customer)
            assert (arrival < float("inf")) == timely(instance, after)
            if arrival < float("inf"):
                timed = schedule(instance, after)
                stops = [*timed.begins, timed.back]
                assert begin * instance.unit == pytest.approx(stops[place])
                assert following * instance.unit == pytest.approx(stops[place + 1])
                fitting.append(place)
        if fitting:
            put(routes, instance.windows, 0, fitting[-1], customer)
            assert listed(routes) == [[*route[: fitting[-1]], customer, *route[fitting[-1] :]]]
            assert routes.loads[0] == instance.demands[listed(routes)[0]].sum()
