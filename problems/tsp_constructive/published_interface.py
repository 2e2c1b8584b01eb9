"""The published interface, which `set` chooses: lengths in the instance's own units."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["select_next_node"]


def select_next_node(
    current_node: int,
    destination_node: int,
    unvisited_nodes: NDArray[np.int64],
    distance_matrix: NDArray[np.float64],
) -> int:
    """Choose the city to go to next.

    Args:
        current_node: Where the salesman is.
        destination_node: Where the tour began and will end.
        unvisited_nodes: Cities not visited yet, in rising order, shape (unvisited,); at least 2.
        distance_matrix: Distance between any two cities, symmetric, 0 on the diagonal, not to be changed, shape (cities, cities).

    Returns:
        One of `unvisited_nodes`.
    """
    distances = distance_matrix[current_node, unvisited_nodes]
    return int(unvisited_nodes[np.argmin(distances)])
