"""The ant colony with textbook heuristics, as trusted solvers.

They have the same effort as a candidate.
"""

import zlib
from collections.abc import Callable
from functools import partial

import numpy as np

from evoheur.problem import TextbookRule
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.route_improvement import improve_routes, near_customers
from evoheur.problems.cvrp.textbook_rules import clarke_wright
from evoheur.problems.cvrp.tours import tour_routes
from evoheur.problems.cvrp.unit_free import unit_free

from .route_colony import run_colony

__all__ = ["textbook_rules"]


def inverse_distance(instance: CvrpInstance, *, power: float, iterations: int, local_search: bool = False) -> list[list[int]]:
    """Ants that prefer near nodes: 1 / d to a power.

    Dorigo, Maniezzo & Colorni (1996, doi:10.1109/3477.484436).
    """
    instance = unit_free(instance)  # as the frame does
    rng = np.random.default_rng(zlib.crc32(instance.name.encode()))
    promise = 1.0 / np.maximum(instance.distances, 1e-9) ** power
    return run_colony(promise, instance, rng, iterations=iterations, local_search=local_search)


def improved_savings(instance: CvrpInstance) -> list[list[int]]:
    """Clarke & Wright's savings, improved by the colony's local search."""
    posed = unit_free(instance)
    tour = np.zeros(2 * posed.customers, dtype=np.int64)
    visits = [node for route in clarke_wright(posed) for node in (*route, 0)]
    tour[: len(visits)] = visits
    improve_routes(tour, near_customers(posed.distances), posed.distances, posed.demands, posed.terms)
    return tour_routes(tour)


def textbook_rules(iterations: int, *, local_search: bool = False) -> dict[str, Callable[[CvrpInstance], list[list[int]]]]:
    """Name → solver; the colonies make so many iterations, with local search or without."""
    plain = TextbookRule(solve=clarke_wright, work=1)
    if not local_search:
        return {
            "clarke_wright": plain,
            "inverse_distance": partial(inverse_distance, power=1.0, iterations=iterations),
            "inverse_distance_squared": partial(inverse_distance, power=2.0, iterations=iterations),
        }
    return {
        "clarke_wright": plain,
        "clarke_wright_and_local_search": improved_savings,
        "inverse_distance_and_local_search": partial(inverse_distance, power=1.0, iterations=iterations, local_search=True),
        "inverse_distance_squared_and_local_search": partial(
            inverse_distance, power=2.0, iterations=iterations, local_search=True
        ),
    }
