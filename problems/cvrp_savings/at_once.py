"""The interface in which a rule gives the savings of all pairs at once, before any routes are joined."""

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.savings import merged
from evoheur.problems.returned_numbers import real_numbers

__all__ = ["joined_at_once", "joining_savings"]


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


def joined_at_once(heuristic: Heuristic, instance: CvrpInstance) -> list[list[int]]:
    """Ask once for all savings, then join.

    Args:
        heuristic: A rule of this interface, or of the published one.
        instance: As the rule sees it.

    Raises:
        BadAnswer: The savings are unusable.
    """
    customers = instance.customers
    home = np.repeat(instance.distances[1:, :1], customers, axis=1)
    out = np.repeat(instance.distances[:1, 1:], customers, axis=0)
    load = np.repeat(instance.loads[1:, None].astype(np.float64), customers, axis=1)
    between = instance.distances[1:, 1:].copy()
    answer = heuristic(between, home, out, load, load.T.copy(), float(instance.load(instance.capacity)))
    savings = np.zeros((customers + 1, customers + 1))
    savings[1:, 1:] = real_numbers(answer, (customers, customers), "joining_savings")
    return merged(savings, instance)
