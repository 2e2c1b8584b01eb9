"""The published interface, which `set` chooses: lengths and loads in the instance's own units."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["select_next_node"]


def select_next_node(
    current_node: int,
    depot: int,
    unvisited_nodes: NDArray[np.int64],
    rest_capacity: int,
    demands: NDArray[np.int64],
    distance_matrix: NDArray[np.float64],
) -> int:
    """Choose where the vehicle goes next: a customer that still fits, or home to the depot before it is full.

    Args:
        current_node: Where the vehicle stands; the depot at the start of a route.
        depot: The depot's number, which is 0.
        unvisited_nodes: Customers still waiting that the vehicle can still serve (their demand fits into the free capacity, and a limit
            of the route, where there is one, is kept), in rising order, shape (offered,). There is always at least one: when there is
            none, the vehicle goes home without asking.
        rest_capacity: Free capacity, a whole number.
        demands: Demand of every node, 0 at the depot, shape (nodes,).
        distance_matrix: Distance from any node (row) to any other (column), not to be changed, shape (nodes, nodes).

    Returns:
        One of `unvisited_nodes`, or `depot` (not from the depot itself).
    """
    distances = distance_matrix[current_node, unvisited_nodes]
    return int(unvisited_nodes[np.argmin(distances)])
