"""The published interface, which `set` chooses: lengths and loads in the instance's own units."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["heuristics"]


def heuristics(
    distance_matrix: NDArray[np.float64],
    coordinates: NDArray[np.float64],
    demands: NDArray[np.int64],
    capacity: int,
) -> NDArray[np.float64]:
    """Say how promising it is to go from one node directly to another.

    From node i an ant goes to node j with a chance proportional to entry [i, j] times the pheromone there. Node 0 is the depot.

    Args:
        distance_matrix: Between any two nodes, at least 1e-9, also on the diagonal, shape (nodes, nodes).
        coordinates: Of the nodes, shape (nodes, 2).
        demands: Of the nodes, 0 at the depot, shape (nodes,).
        capacity: Of every vehicle.

    Returns:
        Promises, shape (nodes, nodes), clipped to 1e-9..1e9; not NaN. The diagonal is never looked at.
    """
    return 1.0 / distance_matrix
