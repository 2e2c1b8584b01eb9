"""The linear relaxation: what each resource is worth, and the bound that follows for any load.

The guest must not hold this module.
"""

import math

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import EvoheurError

from .instance import KnapsackInstance
from .item_views import item_views

__all__ = ["dual_prices", "upper_bound"]

_DIGITS = 6  # of prices, so that the last bits of a solver decide nothing
_ROUNDING = 1e-12  # of the bound, relative, for sums of at most a million numbers that are added exactly


def dual_prices(values: NDArray[np.float64], weights: NDArray[np.int64], capacities: NDArray[np.int64]) -> NDArray[np.float64]:
    """Prices at which the linear relaxation would trade the resources.

    Args:
        values: As in `KnapsackInstance`, like the other arguments.
        weights: Likewise.
        capacities: Likewise.

    Returns:
        As `KnapsackInstance.prices`.

    Raises:
        EvoheurError: The solver did not find the optimum, which is always there.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - takes a quarter of a second, and most runs are of other problems

    found = linprog(
        -values / values.max(), A_ub=weights / capacities[:, None], b_ub=np.ones(capacities.size), bounds=(0, 1), method="highs"
    )
    if found.status != 0:
        raise EvoheurError(
            f"multidimensional_knapsack: the linear relaxation of {values.size} items was not solved ({found.message}). "
            "Look for values or weights that differ by many orders of magnitude."
        )
    prices: NDArray[np.float64] = np.round(np.maximum(0.0, -found.ineqlin.marginals), _DIGITS)
    return prices


def upper_bound(instance: KnapsackInstance) -> float:
    """The value of all resources at their prices, and of items beyond their cost, which no load exceeds.

    By Lagrangean duality it holds at any prices of at least 0 (Fisher 1981, doi:10.1287/mnsc.27.1.1), and at the dual prices it is the
    optimum of the linear relaxation. Rounded down where all values are whole.
    """
    views = item_views(instance)
    surplus = np.maximum(0.0, views.value - views.cost)
    bound = math.fsum([*instance.prices, *surplus]) * float(instance.values.max())
    bound += abs(bound) * _ROUNDING
    return float(math.floor(bound)) if (instance.values == np.floor(instance.values)).all() else bound
