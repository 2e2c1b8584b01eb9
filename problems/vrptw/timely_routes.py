"""Checking and pricing timed routes, on the trusted side."""

from collections.abc import Sequence
from typing import NamedTuple

from evoheur.problem import Infeasible, Json
from evoheur.problems.cvrp.solution import checked_routes, routes_length

from .instance import TimeWindowInstance

__all__ = ["Schedule", "schedule", "timed_price", "timely_routes"]

_LATE = 1e-9
"""Share of the horizon by which service may begin late: far more than sums are rounded by, far less than anyone would notice."""


class Schedule(NamedTuple):
    """When a route's vehicle is where.

    Attributes:
        begins: When service begins, customer by customer.
        back: When the vehicle is back at the depot.
        waiting: How long it waits for windows to open, in all.
    """

    begins: list[float]
    back: float
    waiting: float


def timed_price(instance: TimeWindowInstance, solution: Json) -> float:
    """Total length of the routes of an untrusted solution; minimised.

    Raises:
        Infeasible: As `timely_routes` does.
    """
    return routes_length(instance.distances, timely_routes(instance, solution))


def timely_routes(instance: TimeWindowInstance, solution: Json) -> list[list[int]]:
    """Read routes from an untrusted solution, and check loads and times.

    Args:
        instance: The trusted copy of the instance.
        solution: Any JSON.

    Raises:
        Infeasible: As `evoheur.problems.cvrp.solution.checked_routes` does; or a customer is served late, or a vehicle is back late.
    """
    routes = checked_routes(instance, solution)
    late = _LATE * float(instance.due_times[0] - instance.ready_times[0])
    for number, route in enumerate(routes):
        timed = schedule(instance, route)
        for customer, begin in zip(route, timed.begins, strict=True):
            if begin > instance.due_times[customer] + late:
                raise Infeasible(
                    f"route {number} serves customer {customer} at {begin:.10g}, after its window closes at "
                    f"{instance.due_times[customer]:.10g}"
                )
        if timed.back > instance.due_times[0] + late:
            raise Infeasible(
                f"route {number} is back at {timed.back:.10g}, after the depot closes at {instance.due_times[0]:.10g}"
            )
    return routes


def schedule(instance: TimeWindowInstance, route: Sequence[int]) -> Schedule:
    """When a vehicle serves the customers of a route, in time or not, if it leaves as the depot opens."""
    clock, here, waiting = float(instance.ready_times[0]), 0, 0.0
    begins = []
    for customer in route:
        arrival = clock + float(instance.distances[here, customer])
        begins.append(max(arrival, float(instance.ready_times[customer])))
        waiting += begins[-1] - arrival
        clock, here = begins[-1] + float(instance.service[customer]), customer
    return Schedule(begins, clock + float(instance.distances[here, 0]), waiting)
