"""Checking and pricing routes."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Infeasible
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.solution import price, routes_length
from tests.support.example_budget import cheap

from .support.made_up import LINE, instance, instances, is_feasible, length

MADE = instance(LINE, [2, 2, 1], capacity=4)


def test_the_price_is_the_length_of_all_routes() -> None:
    """0-1-2-0 is 4 long and 0-3-0 is 2; routes may come in any order and direction, and empty ones count for nothing."""
    assert price(MADE, [[1, 2], [3]]) == 6.0
    assert price(MADE, [[], [3], [], [2, 1]]) == 6.0


@pytest.mark.parametrize(
    ("solution", "reason"),
    [
        (None, "the answer is NoneType, not a list of routes"),
        ({"routes": []}, "the answer is dict"),
        ([[1, 2], 3], "route 1 is int, not a list of customers"),
        ([[1, 2], [3.0]], "route 1, position 0 is 3.0, not a whole number"),
        ([[True, 2], [3]], "route 0, position 0 is True, not a whole number"),
        ([[1, None], [3]], "route 0, position 1 is None, not a whole number"),
        ([[1, "2"], [3]], "route 0, position 1 is '2', not a whole number"),
        ([[1, 0, 2], [3]], "route 0, position 1 is 0, the depot"),
        ([[1, 2], [-1]], r"route 1, position 0 is -1, outside 1\.\.3"),
        ([[1, 2], [4]], r"route 1, position 0 is 4, outside 1\.\.3"),
        ([[1, 2], [2**70]], r"outside 1\.\.3"),
        ([[1, 2], [3, 2]], "customer 2 is visited 2 times"),
        ([[1, 2]], "customer 3 is never visited"),
        ([], "customer 1 is never visited"),
        ([[3, 1, 2]], "route 0 carries 5 of 4"),
    ],
)
def test_a_broken_solution_is_refused_with_the_reason(solution: Any, reason: str) -> None:
    """Ids must be whole numbers in range, each customer visited once, and loads within the capacity."""
    with pytest.raises(Infeasible, match=reason):
        price(MADE, solution)


@cheap()
@given(data=st.data(), made=instances(most=5))
def test_price_and_feasibility_agree_with_counting_by_hand(data: st.DataObject, made: CvrpInstance) -> None:
    """Any lists of small numbers are priced leg by leg if they are feasible, and refused otherwise."""
    permuted = st.permutations(range(1, made.customers + 1))
    anything = st.lists(st.integers(-1, made.customers + 1), max_size=7)
    visits = data.draw(permuted | anything)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(visits)), max_size=4)))
    bounds = list(zip([0, *cuts], [*cuts, len(visits)], strict=True))
    routes = [list(visits[start:end]) for start, end in bounds]
    if is_feasible(made, routes):
        assert price(made, routes) == pytest.approx(length(made, routes), abs=1e-12)
    else:
        with pytest.raises(Infeasible):
            price(made, routes)


def test_the_length_does_not_depend_on_order_or_direction() -> None:
    """Sums of rounded legs do; the exact sum does not, so equal routes never differ by a rounding."""
    source = np.random.default_rng(1)
    made = instance([(float(x), float(y)) for x, y in source.random((40, 2))], [1] * 39, capacity=13)
    routes = [list(range(1, 14)), list(range(14, 27)), list(range(27, 40))]
    lengths = {
        routes_length(made.distances, [route[::step] for route in order])
        for step in (1, -1)
        for order in (routes, routes[::-1], [routes[1], routes[0], routes[2]])
    }
    assert len(lengths) == 1
    assert math.isclose(lengths.pop(), length(made, routes))
