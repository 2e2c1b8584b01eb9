"""Checking and pricing routes, on the trusted side."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Infeasible, Json
from evoheur.problems.routing.visits import visited_once

from .instance import CvrpInstance

__all__ = ["checked_routes", "price", "routes_cost", "routes_length"]

_SLACK = 1e-9
"""Share by which a route may exceed its limit: far more than sums are rounded by, far less than anyone would drive."""


def price(instance: CvrpInstance, solution: Json) -> float:
    """Cost of the routes of an untrusted solution.

    It is their total length, and what vehicles beyond the fleet cost; minimised.

    Args:
        instance: The trusted copy of the instance.
        solution: Routes as lists of customers; empty ones are ignored.

    Raises:
        Infeasible: As `checked_routes` does.
    """
    return routes_cost(instance, checked_routes(instance, solution))


def checked_routes(instance: CvrpInstance, solution: Json) -> list[list[int]]:
    """Read routes from an untrusted solution.

    Each starts and ends at the depot, which is not listed.

    Args:
        instance: The trusted copy of the instance.
        solution: Any JSON.

    Returns:
        The routes that visit someone.

    Raises:
        Infeasible: It is no list of lists of whole numbers in 1..customers, a customer is visited twice or never, the demands of a route
            are more than the capacity, or it takes longer than its limit; says which, with the value.
    """
    if not isinstance(solution, list):
        raise Infeasible(f"the answer is {type(solution).__name__}, not a list of routes")
    for number, route in enumerate(solution):
        if not isinstance(route, list):
            raise Infeasible(f"route {number} is {type(route).__name__}, not a list of customers")
    visits = [customer for route in solution for customer in route]
    if not _whole_within(visits, instance.customers):
        _complain(solution, instance.customers)
    visited_once(np.array(visits, dtype=np.int64), low=1, high=instance.customers, what="customer")
    demands = instance.demands.tolist()
    for number, route in enumerate(solution):
        load = sum([demands[customer] for customer in route])
        if load > instance.capacity:
            raise Infeasible(f"route {number} carries {load} of {instance.capacity}")
        if instance.max_duration is not None and route:
            _check_duration(instance, number, route)
    return [route for route in solution if route]


def routes_cost(instance: CvrpInstance, routes: Sequence[Sequence[int]]) -> float:
    """Length of the routes and price of further vehicles.

    Counted are routes that visit someone, and vehicles beyond the fleet.
    """
    return routes_length(instance.distances, routes) + instance.further_vehicles(len(routes))


def routes_length(distances: NDArray[np.float64], routes: Iterable[Sequence[int]]) -> float:
    """Sum of all legs, exactly rounded once.

    So it depends neither on the order nor on the direction of the routes.
    """
    stops = np.array([stop for route in routes for stop in (0, *route)] + [0], dtype=np.int64)
    return math.fsum(distances[stops[:-1], stops[1:]].tolist())


def _check_duration(instance: CvrpInstance, number: int, route: list[int]) -> None:
    longest = instance.max_duration if instance.max_duration is not None else math.inf
    spent = routes_length(instance.distances, [route]) + math.fsum(instance.service[route].tolist())
    if spent > longest * (1.0 + _SLACK):
        raise Infeasible(f"route {number} takes {spent:.10g} of {longest:.10g}, service included")


def _whole_within(visits: list[Json], customers: int) -> bool:
    return not visits or ({*map(type, visits)} == {int} and min(visits) >= 1 and max(visits) <= customers)


def _complain(solution: list[list[Json]], customers: int) -> None:
    for number, route in enumerate(solution):
        for position, customer in enumerate(route):
            _check_customer(customer, customers, f"route {number}, position {position}")


def _check_customer(customer: Json, customers: int, where: str) -> None:
    if type(customer) is not int:
        raise Infeasible(f"{where} is {customer!r:.60}, not a whole number")
    if customer == 0:
        raise Infeasible(f"{where} is 0, the depot; routes start and end there without listing it")
    if not 1 <= customer <= customers:
        raise Infeasible(f"{where} is {customer!r:.60}, outside 1..{customers}")
