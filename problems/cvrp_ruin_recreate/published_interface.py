"""The published interface, which `set` chooses: lengths and loads in the instance's own units."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["insertion_scores", "removal_scores"]


def removal_scores(
    seed: int,
    distances: NDArray[np.float64],
    demands: NDArray[np.int64],
    routes: NDArray[np.int64],
    successors: NDArray[np.int64],
    savings: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the customers for leaving their routes; those with the highest scores leave, the lower number first on ties.

    How many leave is drawn anew each time, 1 to 20. All arrays have one entry per node; entry 0 is the depot, whose score is ignored.

    Args:
        seed: Index of a customer drawn at random, around which routes may be opened.
        distances: From the seed to every node, not to be changed, shape (nodes,).
        demands: Of every node, shape (nodes,).
        routes: Number of the route that a customer is on, shape (nodes,).
        successors: Index of the customer that is next on the same route, 0 behind the last one, shape (nodes,).
        savings: By how much the routes become shorter if this customer alone leaves, at least 0, shape (nodes,).
        noise: Fresh random numbers in [0, 1), shape (nodes,).

    Returns:
        Scores, shape (nodes,); a customer with a score of -inf stays in any case. Not NaN.
    """
    return noise


def insertion_scores(
    demands: NDArray[np.int64],
    depot_distances: NDArray[np.float64],
    cheapest: NDArray[np.float64],
    regrets: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the customers that have left; they come back from the highest score to the lowest, each where it then costs least.

    All arrays have one entry per customer that has left, in the same order.

    Args:
        demands: Of the customers, shape (removed,).
        depot_distances: From the depot, shape (removed,).
        cheapest: What it would cost now to put the customer where it lengthens the routes least, shape (removed,).
        regrets: How much more the best place on another route would cost, at least 0, shape (removed,).
        noise: Fresh random numbers in [0, 1), shape (removed,).

    Returns:
        Scores, shape (removed,); not NaN.
    """
    return noise
