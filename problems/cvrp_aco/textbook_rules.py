"""The ant colony with textbook heuristics, as trusted solvers.

They have the same effort as a candidate.
"""

import zlib
from collections.abc import Callable

import numpy as np

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.textbook_rules import clarke_wright
from evoheur.problems.cvrp.unit_free import unit_free

from .route_colony import run_colony

__all__ = ["textbook_rules"]


def textbook_rules(iterations: int) -> dict[str, Callable[[CvrpInstance], list[list[int]]]]:
    """Name → solver that makes so many iterations."""

    def inverse_distance(instance: CvrpInstance, power: float) -> list[list[int]]:
        """Ants that prefer near nodes: 1 / d to a power.

        Dorigo, Maniezzo & Colorni (1996, doi:10.1109/3477.484436).
        """
        instance = unit_free(instance)  # as the frame does
        rng = np.random.default_rng(zlib.crc32(instance.name.encode()))
        return run_colony(1.0 / np.maximum(instance.distances, 1e-9) ** power, instance, rng, iterations=iterations)

    return {
        "clarke_wright": clarke_wright,
        "inverse_distance": lambda instance: inverse_distance(instance, 1.0),
        "inverse_distance_squared": lambda instance: inverse_distance(instance, 2.0),
    }
