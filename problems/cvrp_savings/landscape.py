"""What rules see of two customers, and what does not change while routes grow: distances, angles and ranks."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Landscape", "angles", "neighbour_ranks"]


class Landscape(NamedTuple):
    """What does not change while routes grow; all of shape (customers + 1, customers + 1).

    Attributes:
        distances: As rules see them, row from and column to.
        angles: Between two places as seen from the depot.
        ranks: How near two customers are to each other; see `neighbour_ranks`.
    """

    distances: NDArray[np.float64]
    angles: NDArray[np.float64]
    ranks: NDArray[np.int32]


@njit(cache=True, nogil=True)
def angles(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Angles between places as seen from the depot.

    By products that are the same on a map that is turned by a quarter or mirrored; 0 where a place is the depot's.

    Args:
        coordinates: From the depot, which is node 0; shape (nodes, 2).

    Returns:
        In radians, 0 to π, shape (nodes, nodes).
    """
    nodes = len(coordinates)
    found = np.zeros((nodes, nodes))
    for one in range(1, nodes):
        for two in range(1, one):
            across = coordinates[one, 0] * coordinates[two, 1] - coordinates[one, 1] * coordinates[two, 0]
            along = coordinates[one, 0] * coordinates[two, 0] + coordinates[one, 1] * coordinates[two, 1]
            found[one, two] = found[two, one] = math.atan2(abs(across), along)
    return found


@njit(cache=True, nogil=True)
def neighbour_ranks(distances: NDArray[np.float64], one_way: bool) -> NDArray[np.int32]:
    """How near customers are to each other, by numbers of nearer ones.

    Args:
        distances: Row from and column to, shape (nodes, nodes).
        one_way: Whether they depend on the direction.

    Returns:
        Entry [i, j] is 1 and the number of customers that are nearer from i than j is, or of those from which it is nearer to j than from
        i, whichever is less; shape (nodes, nodes).
    """
    onward = _ranks_in_rows(distances)
    back = _ranks_in_rows(distances.T.copy()) if one_way else onward
    return np.minimum(onward, back.T)


@njit(cache=True, nogil=True)
def _ranks_in_rows(distances: NDArray[np.float64]) -> NDArray[np.int32]:
    nodes = len(distances)
    ranks = np.zeros((nodes, nodes), dtype=np.int32)
    for node in range(1, nodes):
        row, rank = distances[node, 1:].copy(), 1
        row[node - 1] = np.inf  # comes last, and is counted for nobody
        order = np.argsort(row)
        for place in range(nodes - 2):
            if place > 0 and row[order[place]] > row[order[place - 1]]:
                rank = place + 1
            ranks[node, order[place] + 1] = rank
    return ranks
