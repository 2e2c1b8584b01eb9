"""The published interface, which `set` chooses: lengths in the instance's own units."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["heuristics"]


def heuristics(distance_matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say how promising it is to go from one city directly to another.

    From city i an ant goes to city j with a chance proportional to entry [i, j] times the pheromone there.

    Args:
        distance_matrix: Between any two cities, symmetric, positive (the diagonal holds the largest distance), shape (cities, cities).

    Returns:
        Promises, shape (cities, cities), not NaN; what is negative or nearly 0 beside the largest counts as nearly 0. The diagonal is
        never looked at.
    """
    return 1.0 / distance_matrix
