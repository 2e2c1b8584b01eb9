"""Capacitated vehicle routing by joining routes in the order of their savings."""

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.routing_problem import CvrpProblem
from evoheur.problems.cvrp.savings import merged
from evoheur.problems.returned_numbers import real_numbers

from . import published_interface

__all__ = ["SavingsCVRP", "joining_savings"]


def joining_savings(
    distances: NDArray[np.float64],
    depot_distances: NDArray[np.float64],
    other_depot_distances: NDArray[np.float64],
    demands: NDArray[np.float64],
    other_demands: NDArray[np.float64],
    capacity: float,
) -> NDArray[np.float64]:
    """Say for every pair of customers what is saved by visiting one directly after the other.

    Pairs are joined from the highest saving down, while savings are positive, if both customers are at an end of their routes and one
    vehicle can serve both routes, which is checked for you. All matrices have a row and a column per customer; row i and column j stand
    for the pair (i, j).

    Args:
        distances: Between the two customers, shape (customers, customers). The unit of all distances is the customers' mean distance
            from the depot, so that they mean the same on every map.
        depot_distances: From the depot to the first customer: the same along a row, shape (customers, customers).
        other_depot_distances: From the depot to the second one: the same down a column, shape (customers, customers).
        demands: Of the first customer, as a share of the capacity: the same along a row, shape (customers, customers).
        other_demands: Of the second one: the same down a column, shape (customers, customers).
        capacity: Of every vehicle: 1.0, as demands are shares of it.

    Returns:
        Savings, shape (customers, customers); of each pair the entry above the diagonal is read,
            and the other one too where distances depend on the direction. Not NaN.
    """
    return depot_distances + other_depot_distances - distances


class SavingsCVRP(CvrpProblem):
    """Deliver to all customers with vehicles of equal capacity, on routes of the smallest total length that start and end at a depot.

    Every customer is visited once, the demands on a route never exceed the capacity, and the number of vehicles is free. Where an
    instance also limits how long a route may be, the frame keeps to it. At first every customer has a route of its own; then routes are
    joined at their ends, pair by pair, in the order of the savings that the rule gives. Joining early what belongs together matters
    more than the true length saved.
    """

    heuristic = staticmethod(joining_savings)
    published = (published_interface.joining_savings,)

    def solve(
        self,
        heuristic: Heuristic,
        instance: CvrpInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> list[list[int]]:
        """Ask once for all savings, then join.

        Raises:
            BadAnswer: The savings are unusable.
        """
        instance = self.posed(instance)
        customers = instance.customers
        home = np.repeat(instance.distances[1:, :1], customers, axis=1)
        out = np.repeat(instance.distances[:1, 1:], customers, axis=0)
        load = np.repeat(instance.loads[1:, None].astype(np.float64), customers, axis=1)
        between = instance.distances[1:, 1:].copy()
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            answer = heuristic(between, home, out, load, load.T.copy(), float(instance.load(instance.capacity)))
        savings = np.zeros((customers + 1, customers + 1))
        savings[1:, 1:] = real_numbers(answer, (customers, customers), "joining_savings")
        return merged(savings, instance)
