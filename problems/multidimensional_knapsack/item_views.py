"""What heuristics see of items, and what the textbook rules are computed from.

All of it is free of units: values in those of the most valuable item, weights as shares of capacities.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .instance import KnapsackInstance

__all__ = ["ItemViews", "item_views"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemViews:
    """Views that stay as they are while a load is built.

    Attributes:
        value: In units of the most valuable item, above 0, at most 1, shape (items,).
        cost: What the item uses, at the dual prices, in the same units, shape (items,).
        need: Mean share of the capacities that the item uses, shape (items,).
        tightest: The largest of these shares, shape (items,).
        shares: Share of each capacity that the item uses, shape (items, resources).
    """

    value: NDArray[np.float64]
    cost: NDArray[np.float64]
    need: NDArray[np.float64]
    tightest: NDArray[np.float64]
    shares: NDArray[np.float64]


def item_views(instance: KnapsackInstance) -> ItemViews:
    """Compute the lasting views of all items."""
    shares = np.ascontiguousarray((instance.weights / instance.capacities[:, None]).T)
    return ItemViews(
        value=instance.values / instance.values.max(),
        cost=shares @ instance.prices,
        need=shares.mean(axis=1),
        tightest=shares.max(axis=1),
        shares=shares,
    )
