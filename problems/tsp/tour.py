"""Checking and pricing a tour, on the trusted side."""

import math

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Json
from evoheur.problems.routing.visits import permutation

from .instance import TspInstance

__all__ = ["price", "tour_length"]


def price(instance: TspInstance, solution: Json) -> float:
    """Length of an untrusted tour.

    Args:
        instance: The trusted instance.
        solution: Cities in the order of visiting, each of 0..cities-1 once; the way back to the first is implied.

    Raises:
        Infeasible: It is no such list.
    """
    tour = permutation(solution, length=instance.cities, what="city")
    return math.fsum(instance.lengths(tour, np.append(tour[1:], tour[:1])).tolist())


def tour_length(tour: NDArray[np.int64], distances: NDArray[np.float64]) -> float:
    """Length of a round trip, rounded once.

    It is the same wherever the tour begins and whichever way round it goes.
    """
    return math.fsum(distances[tour, np.roll(tour, -1)].tolist())
