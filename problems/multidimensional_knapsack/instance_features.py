"""Features of items and resources, for selectors, and smaller instances."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .instance import KnapsackInstance
from .item_views import item_views
from .relaxation import dual_prices

__all__ = ["coarse", "features"]

_LEAST = 20  # items: fewer tell nothing


def features(instance: KnapsackInstance) -> dict[str, float]:
    """Describe an instance without units.

    Returns:
        items and resources, how many; tightness, the mean share of what all items use that there is, and unevenness, how far the shares of
        the resources are apart; sparse, the share of weights of 0; priced, the share of resources with a dual price; variation, the
        deviation of values over their mean; related, the correlation of values with mean shares of the capacities, 0 where one is constant.
    """
    views, wanted = item_views(instance), np.maximum(1, instance.weights.sum(axis=1))
    shares = np.minimum(1.0, instance.capacities / wanted)
    return {
        "items": float(instance.values.size),
        "resources": float(instance.capacities.size),
        "tightness": float(shares.mean()),
        "unevenness": float(shares.max() - shares.min()),
        "sparse": float((instance.weights == 0).mean()),
        "priced": float((instance.prices > 0).mean()),
        "variation": float(views.value.std() / views.value.mean()),
        "related": _correlation(views.value, views.need),
    }


def coarse(instance: KnapsackInstance, share: float) -> KnapsackInstance:
    """So much of the items, evenly from the least to the most valuable; all of a few.

    Of each resource there is as much less as the others use of it.
    """
    items = instance.values.size
    wanted = min(items, max(_LEAST, math.ceil(share * items)))
    taken = np.sort(np.argsort(-instance.values, kind="stable")[(np.arange(wanted) * items) // wanted])
    values, weights = instance.values[taken], instance.weights[:, taken]
    left = weights.sum(axis=1) / np.maximum(1, instance.weights.sum(axis=1))
    capacities = np.maximum(1, np.floor(instance.capacities * left)).astype(np.int64)
    return replace(
        instance, values=values, weights=weights, capacities=capacities, prices=dual_prices(values, weights, capacities)
    )


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    deviations = float(one.std() * other.std())
    return float(((one - one.mean()) * (other - other.mean())).mean()) / deviations if deviations > 0.0 else 0.0
