"""The frame: from a load of all items to a feasible one."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.returned_numbers import highest

from .instance import KnapsackInstance
from .item_views import ItemViews, item_views
from .kernels import show_fitting, show_overfull

__all__ = ["built_load", "fitting_alone"]


def built_load(leaving: Callable[..., Any], joining: Callable[..., Any], instance: KnapsackInstance) -> NDArray[np.int64]:
    """Have items leave until the rest is feasible, then join while one fits.

    Args:
        leaving: The rule of that name; the item with the highest score leaves, the first one on ties.
        joining: Likewise.
        instance: The items.

    Returns:
        1 for an item that is in the load, else 0, shape (items,).

    Raises:
        BadAnswer: An answer of a rule is unusable.
    """
    views, inside = item_views(instance), fitting_alone(instance)
    _drop(leaving, instance, views, inside)
    _add(joining, instance, views, inside)
    return inside.astype(np.int64)


def fitting_alone(instance: KnapsackInstance) -> NDArray[np.bool_]:
    """Whether each item fits into the empty knapsack; the others never do."""
    fits: NDArray[np.bool_] = np.logical_and.reduce(instance.weights <= instance.capacities[:, None], axis=0)
    return fits


def _drop(leaving: Callable[..., Any], instance: KnapsackInstance, views: ItemViews, inside: NDArray[np.bool_]) -> None:
    weights, capacities = instance.weights, instance.capacities
    chosen = np.flatnonzero(inside)
    used = weights[:, chosen].sum(axis=1)
    while (used > capacities).any():
        strain = np.empty(chosen.size)
        over = show_overfull(weights, capacities, used, chosen, strain)
        answer = leaving(over, views.value[chosen], views.cost[chosen], views.need[chosen], views.tightest[chosen], strain)
        place = highest(answer, chosen.size, "leaving")
        used = used - weights[:, chosen[place]]
        inside[chosen[place]] = False
        chosen = np.delete(chosen, place)


def _add(joining: Callable[..., Any], instance: KnapsackInstance, views: ItemViews, inside: NDArray[np.bool_]) -> None:
    weights, capacities = instance.weights, instance.capacities
    rest = capacities - weights[:, inside].sum(axis=1)
    while True:
        fitting = np.flatnonzero(~inside & (weights <= rest[:, None]).all(axis=0))
        if not fitting.size:
            return
        filled, fullest = np.empty(fitting.size), np.empty(fitting.size)
        free = show_fitting(weights, capacities, rest, fitting, filled, fullest)
        answer = joining(
            free, views.value[fitting], views.cost[fitting], views.need[fitting], views.tightest[fitting], filled, fullest
        )
        item = fitting[highest(answer, fitting.size, "joining")]
        rest = rest - weights[:, item]
        inside[item] = True
