"""The textbook orders of insertion, as trusted solvers.

All insert a city where it is cheapest, look at nothing but the tour so far, and take one pass.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.spacing_units import unit_free_lengths

from .kernels import insert_by
from .tour_insertion import START

__all__ = ["RULES"]

_NEAREST, _CHEAPEST, _REGRET = range(3)  # rows of the views


def nearest_insertion(instance: TspInstance) -> NDArray[np.int64]:
    """Nearest insertion: the city nearest to the tour (Rosenkrantz, Stearns & Lewis 1977, doi:10.1137/0206041)."""
    return insert_by(unit_free_lengths(instance), START, _NEAREST, -1.0)


def farthest_insertion(instance: TspInstance) -> NDArray[np.int64]:
    """Farthest insertion: the city farthest from the tour (Rosenkrantz, Stearns & Lewis 1977, doi:10.1137/0206041)."""
    return insert_by(unit_free_lengths(instance), START, _NEAREST, 1.0)


def cheapest_insertion(instance: TspInstance) -> NDArray[np.int64]:
    """Cheapest insertion: the city that lengthens the tour least (Rosenkrantz, Stearns & Lewis 1977, doi:10.1137/0206041)."""
    return insert_by(unit_free_lengths(instance), START, _CHEAPEST, -1.0)


def regret_insertion(instance: TspInstance) -> NDArray[np.int64]:
    """Regret insertion: the city whose second best place costs most above its best.

    The rule that a search starts from. After Potvin & Rousseau (1993, doi:10.1016/0377-2217(93)90221-8), whose places are routes. Hassin
    & Keinan's regret (2008, doi:10.1016/j.orl.2007.05.001) is another one: it takes earlier insertions back.
    """
    return insert_by(unit_free_lengths(instance), START, _REGRET, 1.0)


RULES: dict[str, Callable[[TspInstance], NDArray[np.int64]]] = {
    "nearest_insertion": nearest_insertion,
    "farthest_insertion": farthest_insertion,
    "cheapest_insertion": cheapest_insertion,
    "regret_insertion": regret_insertion,
}
