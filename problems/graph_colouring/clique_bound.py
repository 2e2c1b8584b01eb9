"""A lower bound of the number of colours: the size of a clique.

The guest must not hold this module.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["clique_size"]

_TRIED = 64  # first vertices


def clique_size(adjacent: NDArray[np.bool_]) -> int:
    """Vertices of a large clique, of which each needs a colour of its own.

    Begun at each of the vertices with most neighbours, and extended by the vertex with most neighbours among those that still fit.
    """
    best = 1
    for first in np.argsort(-adjacent.sum(axis=1), kind="stable")[:_TRIED]:
        fitting, size = np.flatnonzero(adjacent[first]), 1
        while fitting.size:
            inside = adjacent[np.ix_(fitting, fitting)].sum(axis=1)
            fitting = fitting[adjacent[fitting[int(inside.argmax())], fitting]]
            size += 1
        best = max(best, size)
    return best
