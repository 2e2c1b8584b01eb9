"""The ant colony with textbook heuristics, as trusted solvers.

They have the same effort as a candidate.
"""

import zlib
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.tsp.construction.kernels import greedy_edge
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.spacing_units import unit_free

from .tour_colony import improved, near_cities, run_colony

__all__ = ["textbook_rules"]

_POWERS = {"inverse_distance": 1, "inverse_distance_squared": 2, "inverse_distance_to_the_fourth": 4}


def inverse_distance(instance: TspInstance, *, power: int, iterations: int, local_search: bool) -> NDArray[np.int64]:
    """Ants that prefer near cities: 1 / d to a power.

    Dorigo, Maniezzo & Colorni (1996, doi:10.1109/3477.484436).
    """
    instance = unit_free(instance)  # as the frame does
    rng = np.random.default_rng(zlib.crc32(instance.name.encode()))
    return run_colony(instance.divisible() ** -float(power), instance, rng, iterations=iterations, local_search=local_search)


def greedy_2opt_oropt(instance: TspInstance) -> NDArray[np.int64]:
    """Greedy edge, improved by the colony's local search: what that does by itself."""
    distances = unit_free(instance).distances
    return improved(greedy_edge(distances), distances, near_cities(distances))


def textbook_rules(iterations: int, *, local_search: bool = False) -> dict[str, Callable[[TspInstance], NDArray[np.int64]]]:
    """Name → solver that makes so many iterations, with local search or without."""
    suffix = "_and_local_search" if local_search else ""
    colonies: dict[str, Callable[[TspInstance], NDArray[np.int64]]] = {
        f"{name}{suffix}": partial(inverse_distance, power=power, iterations=iterations, local_search=local_search)
        for name, power in _POWERS.items()
    }
    return {"greedy_2opt_oropt": greedy_2opt_oropt, **colonies} if local_search else colonies
