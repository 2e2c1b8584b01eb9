"""The data of a knapsack instance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance

__all__ = ["KnapsackInstance"]


@dataclass(frozen=True, kw_only=True, eq=False)
class KnapsackInstance(Instance):
    """Items to choose from, and what all chosen ones may use together.

    Attributes:
        values: Value of every item, above 0, shape (items,), dtype float64.
        weights: What every item uses of each resource, at least 0, shape (resources, items), dtype int64.
        capacities: What there is of each resource, at least 1, shape (resources,), dtype int64.
        prices: What all of a resource is worth, in units of the most valuable item: dual prices of the linear relaxation, at least 0,
            shape (resources,).
    """

    values: NDArray[np.float64]
    weights: NDArray[np.int64]
    capacities: NDArray[np.int64]
    prices: NDArray[np.float64]
