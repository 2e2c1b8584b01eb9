"""The compiled searches from an instance to routes."""

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp_ruin_recreate import kernels as lists
from evoheur.problems.cvrp_ruin_recreate.start import DEVIATION, MOST_REMOVED, listed_routes, savings_state

from . import kernels

__all__ = ["neighbours", "searched"]


def searched(instance: CvrpInstance, *, iterations: int, strings: bool, seed: int) -> list[list[int]]:
    """The best routes of a search from Clarke & Wright's.

    Args:
        instance: What to solve.
        iterations: How often customers are taken out and put back.
        strings: True for string removal and insertion with blinks, False for random removal and greedy insertion.
        seed: Of the search, at least 0.
    """
    source = np.array([2 * seed + 1], dtype=np.uint64)  # never 0
    for _ in range(10):  # near seeds begin alike
        lists.draw(source)
    state = kernels.improve(
        savings_state(instance),
        instance.distances,
        instance.demands,
        instance.terms,
        neighbours(instance.distances),
        (iterations, MOST_REMOVED, DEVIATION, strings),
        source,
    )
    return listed_routes(state)


def neighbours(distances: NDArray[np.float64]) -> NDArray[np.int64]:
    """All customers from near to far for every node.

    Shape (nodes, customers); the lower one first on ties.
    """
    return np.argsort(distances[:, 1:], axis=1, kind="stable") + 1
