"""Clarke & Wright's savings and their extensions, as trusted solvers.

The extensions have parameters λ, μ and ν (see `savings_matrix`), for which their authors search per instance; here each has one setting
for all instances; `six_pass_savings` is the best of six settings, and `altinel_oncan_grid` of 45.
"""

from collections.abc import Callable
from functools import partial

from evoheur.problem import TextbookRule
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.savings import merged, savings_matrix
from evoheur.problems.cvrp.solution import routes_cost
from evoheur.problems.cvrp.unit_free import unit_free

from .route_growth import VARIANTS

__all__ = ["RULES"]

_LOAD_UNIT = 0.02
"""ν in units of the mean distance from the depot: the published 0..2 is for the classical instances, where that is about 50."""

_GRID = tuple(
    (shape, asymmetry, load) for shape in (0.6, 0.8, 1.0, 1.2, 1.4) for asymmetry in (0.0, 0.4, 0.8) for load in (0.0, 0.5, 1.0)
)


def extended(instance: CvrpInstance, *, shape: float = 1.0, asymmetry: float = 0.0, load: float = 0.0) -> list[list[int]]:
    """Parallel savings with λ, μ and ν.

    λ = 1 and μ = ν = 0 is Clarke & Wright (1964, doi:10.1287/opre.12.4.568).
    """
    unit = _LOAD_UNIT * float(instance.distances[0, 1:].mean())
    savings = savings_matrix(instance.distances, instance.demands, shape=shape, asymmetry=asymmetry, load=load * unit)
    return merged(savings, instance)


def gaskell(instance: CvrpInstance) -> list[list[int]]:
    """Parallel savings with Gaskell's multiple λ.

    Gaskell (1967, doi:10.1057/jors.1967.44): s_ij · (mean distance from the depot + |d_i0 − d_0j| − d_ij).
    """
    distances = instance.distances
    out, home = distances[0], distances[:, 0, None]
    factor = out[1:].mean() + abs(home - out) - distances
    return merged(savings_matrix(distances, instance.demands) * factor, instance)


def best_of_grid(instance: CvrpInstance) -> list[list[int]]:
    """The best of a coarse grid of λ, μ and ν.

    In the manner of Altınel & Öncan (2005, doi:10.1057/palgrave.jors.2601916).
    """
    solutions = (extended(instance, shape=shape, asymmetry=asymmetry, load=load) for shape, asymmetry, load in _GRID)
    return min(solutions, key=lambda routes: routes_cost(instance, routes))


def six_passes(instance: CvrpInstance) -> list[list[int]]:
    """The best of six values of Yellow's shape λ: 1, 1.08, ... 1.4.

    The rule that a search starts from; λ is his (1970, doi:10.1057/jors.1970.52).
    """
    posed = unit_free(instance)  # among equals, rounding decides; so these are the very routes of the rule written as a candidate
    solutions = (merged(savings_matrix(posed.distances, posed.demands, shape=1 + 0.4 * variant), posed) for variant in VARIANTS)
    return min(solutions, key=lambda routes: routes_cost(posed, routes))


RULES: dict[str, Callable[[CvrpInstance], list[list[int]]]] = {
    "clarke_wright": TextbookRule(solve=extended, work=1),
    "gaskell": TextbookRule(solve=gaskell, work=1),
    "yellow": TextbookRule(solve=partial(extended, shape=1.2), work=1),
    "paessens": TextbookRule(solve=partial(extended, shape=1.1, asymmetry=0.3), work=1),
    "altinel_oncan": TextbookRule(solve=partial(extended, shape=1.1, asymmetry=0.3, load=0.5), work=1),
    "six_pass_savings": TextbookRule(solve=six_passes, work=len(VARIANTS)),
    "altinel_oncan_grid": TextbookRule(solve=best_of_grid, work=len(_GRID)),
}
