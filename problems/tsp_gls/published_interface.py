"""The published interface, which `set` chooses: lengths in the instance's own units."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["guide"]


def guide(
    distances: NDArray[np.float64],
    tour: NDArray[np.int64],
    penalties: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Say how much each edge deserves to be penalised.

    The search is in a local optimum: it knows no better tour than `tour` nearby. The edge of the tour with the highest entry (of both
    directions together, the first one on ties) gets one more penalty, which makes it longer, and the search goes on.

    Args:
        distances: Between any two cities, symmetric, positive (the diagonal holds the largest distance), shape (cities, cities). Not
            to be changed.
        tour: Index of each city in the order of visiting; the last one is followed by the first. Shape (cities,).
        penalties: How often each edge was penalised so far, symmetric, shape (cities, cities). Not to be changed.

    Returns:
        One real number per edge, shape (cities, cities); not NaN.
    """
    return distances.copy()
