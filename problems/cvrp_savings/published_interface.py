"""The published interface, which `set` chooses: lengths and loads in the instance's own units."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["joining_savings"]


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
        distances: Between the two customers, shape (customers, customers).
        depot_distances: From the depot to the first customer: the same along a row, shape (customers, customers).
        other_depot_distances: From the depot to the second one: the same down a column, shape (customers, customers).
        demands: Of the first customer: the same along a row, shape (customers, customers).
        other_demands: Of the second one: the same down a column, shape (customers, customers).
        capacity: Of every vehicle.

    Returns:
        Savings, shape (customers, customers); of each pair the entry above the diagonal is read,
            and the other one too where distances depend on the direction. Not NaN.
    """
    return depot_distances + other_depot_distances - distances
