"""The textbook rules for time windows, as trusted solvers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import TextbookRule
from evoheur.problems.cvrp.solution import routes_length
from evoheur.problems.routing.length_units import in_units
from evoheur.problems.vrptw.instance import TimeWindowInstance
from evoheur.problems.vrptw.kernels import listed

from .sequential import EARLIEST, FARTHEST, insert_sequentially, insert_with_regret, visit_nearest

__all__ = ["PUBLISHED_WEIGHTS", "RULES", "solomon_runs"]

Routes = list[list[int]]

PUBLISHED_WEIGHTS = ((1.0, 1.0, 1.0, 0.0), (1.0, 2.0, 1.0, 0.0), (1.0, 1.0, 0.0, 1.0), (1.0, 2.0, 0.0, 1.0))
"""μ, λ, α1, α2 of the runs of I1 in Solomon (1987), each with both ways to begin routes."""


def solomon_i1(instance: TimeWindowInstance) -> Routes:
    """I1 by detours and ways from the depot.

    With μ = α1 = 1 and λ = 2; routes begin with the farthest customer. Solomon (1987,
    doi:10.1287/opre.35.2.254). The rule that a search starts from.
    """
    return _i1(instance, PUBLISHED_WEIGHTS[1], FARTHEST)


def push_forward_i1(instance: TimeWindowInstance) -> Routes:
    """I1 with λ = 2 and α2 = 1: by push forward and ways from the depot."""
    return _i1(instance, PUBLISHED_WEIGHTS[3], FARTHEST)


def balanced_i1(instance: TimeWindowInstance) -> Routes:
    """I1 with λ = 2, by detours and push forward alike."""
    return _i1(instance, (1.0, 2.0, 0.5, 0.5), FARTHEST)


def nearest_in_time(instance: TimeWindowInstance) -> Routes:
    """Solomon's time-oriented nearest neighbour, with δ = 0.4, 0.4, 0.2."""
    return listed(visit_nearest(instance.windows, _distances(instance), (0.4, 0.4, 0.2)))


def best_i1(instance: TimeWindowInstance) -> Routes:
    """The shortest of the eight published runs of I1."""
    return min(solomon_runs(instance), key=lambda routes: routes_length(instance.distances, routes))


def parallel_regret(instance: TimeWindowInstance) -> Routes:
    """Parallel regret insertion; the farthest customers of I1's routes begin as many.

    Potvin & Rousseau (1993, doi:10.1016/0377-2217(93)90221-8), with α1 = α2 = 1/2.
    """
    home = instance.distances[0]
    seeds = [max(route, key=lambda customer: home[customer]) for route in solomon_i1(instance)]
    return listed(insert_with_regret(instance.windows, _distances(instance), np.array(seeds, dtype=np.int64), (0.5, 0.5)))


def solomon_runs(instance: TimeWindowInstance) -> Sequence[Routes]:
    """The routes of the eight published runs of I1."""
    return [_i1(instance, weights, first) for weights in PUBLISHED_WEIGHTS for first in (FARTHEST, EARLIEST)]


def _i1(instance: TimeWindowInstance, weights: tuple[float, float, float, float], first: int) -> Routes:
    return listed(insert_sequentially(instance.windows, _distances(instance), weights, first))


def _distances(instance: TimeWindowInstance) -> NDArray[np.float64]:
    # As rules see them: among equals, rounding decides.
    return in_units(instance.distances, instance.unit)


RULES: Mapping[str, Callable[[TimeWindowInstance], Any]] = {
    "solomon_i1": TextbookRule(solve=solomon_i1, work=1),
    "balanced_i1": TextbookRule(solve=balanced_i1, work=1),
    "push_forward_i1": TextbookRule(solve=push_forward_i1, work=1),
    "nearest_in_time": TextbookRule(solve=nearest_in_time, work=1),
    "parallel_regret": TextbookRule(solve=parallel_regret, work=2),
    "best_i1": TextbookRule(solve=best_i1, work=2 * len(PUBLISHED_WEIGHTS)),
}
