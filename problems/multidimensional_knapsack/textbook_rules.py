"""The textbook rules, as trusted solvers."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import TextbookRule

from .instance import KnapsackInstance
from .item_views import item_views
from .kernels import show_overfull
from .load_building import fitting_alone

__all__ = ["RULES"]

Load = NDArray[np.int64]


def mean_density(instance: KnapsackInstance) -> Load:
    """Greedy by value per mean share of the capacities.

    Dantzig's rule (1957, doi:10.1287/opre.5.2.266) for several resources.
    """
    views = item_views(instance)
    with np.errstate(divide="ignore"):
        return _repaired(instance, views.value / views.need)


def dual_density(instance: KnapsackInstance) -> Load:
    """Greedy by value per cost at the dual prices of the linear relaxation.

    The pseudo-utility of Pirkul (1987, doi:10.1002/1520-6750(198704)34:2<161::AID-NAV3220340203>3.0.CO;2-A), by which Chu & Beasley (1998,
    doi:10.1023/A:1009642405419) repair. The rule that a search starts from.
    """
    views = item_views(instance)
    with np.errstate(divide="ignore"):
        return _repaired(instance, views.value / views.cost)


def effective_gradient(instance: KnapsackInstance) -> Load:
    """Drop by value per use of what is short, then fill by value per mean share.

    The dual effective gradient of Senju & Toyoda (1968, doi:10.1287/mnsc.15.4.B196).
    """
    views, inside = item_views(instance), _alone(instance)
    everything, strain = np.arange(inside.size), np.empty(inside.size)
    while show_overfull(instance.weights, instance.capacities, instance.weights @ inside, everything, strain):
        gradient = np.full(inside.size, np.inf)
        np.divide(views.value, strain, out=gradient, where=(inside == 1) & (strain > 0))
        inside[int(np.argmin(gradient))] = 0
    with np.errstate(divide="ignore"):
        return _greedy(instance, np.argsort(-views.value / views.need, kind="stable"), inside)


def primal_gradient(instance: KnapsackInstance) -> Load:
    """Greedy by value per use of what is nearly used up.

    The primal effective gradient of Toyoda (1975, doi:10.1287/mnsc.21.12.1417); the first item by value per mean share.
    """
    views, inside = item_views(instance), np.zeros(instance.values.size, dtype=np.int64)
    rest = instance.capacities.copy()
    while True:
        fitting = np.flatnonzero((inside == 0) & (instance.weights <= rest[:, None]).all(axis=0))
        if not fitting.size:
            return inside
        used = 1 - rest / instance.capacities
        need = views.shares[fitting] @ used if used.any() else views.need[fitting]
        with np.errstate(divide="ignore"):
            item = fitting[int(np.argmax(views.value[fitting] / need))]
        inside[item] = 1
        rest = rest - instance.weights[:, item]


def exchanged(instance: KnapsackInstance) -> Load:
    """Greedy at dual prices, then exchanges of one item for a more valuable one until none fits.

    Always the exchange that brings most, with what fits beside it added by value per cost.
    """
    inside = dual_density(instance)
    views = item_views(instance)
    with np.errstate(divide="ignore"):
        order = np.argsort(-views.value / views.cost, kind="stable")
    while True:
        rest = instance.capacities - instance.weights @ inside
        chosen, others = np.flatnonzero(inside == 1), np.flatnonzero((inside == 0) & (_alone(instance) == 1))
        gain = instance.values[others][None, :] - instance.values[chosen][:, None]
        change = instance.weights[:, others][:, None, :] - instance.weights[:, chosen][:, :, None]
        gain[(change > rest[:, None, None]).any(axis=0)] = 0.0
        if not gain.size or gain.max() <= 0:
            return inside
        leaves, joins = np.unravel_index(int(gain.argmax()), gain.shape)
        inside[chosen[leaves]], inside[others[joins]] = 0, 1
        inside = _greedy(instance, order, inside)


def _alone(instance: KnapsackInstance) -> Load:
    return fitting_alone(instance).astype(np.int64)


def _repaired(instance: KnapsackInstance, density: NDArray[np.float64]) -> Load:
    """Drop by rising density until the rest is feasible, then add by falling density."""
    load = _alone(instance)
    used = instance.weights @ load
    for item in np.argsort(density, kind="stable"):
        if (used <= instance.capacities).all():
            break
        if load[item]:
            load[item] = 0
            used = used - instance.weights[:, item]
    return _greedy(instance, np.argsort(-density, kind="stable"), load)


def _greedy(instance: KnapsackInstance, order: NDArray[np.int64], inside: Load) -> Load:
    """Add to a load what fits, in an order."""
    load = inside.copy()
    rest = instance.capacities - instance.weights @ load
    for item in order:
        if not load[item] and (instance.weights[:, item] <= rest).all():
            load[item] = 1
            rest = rest - instance.weights[:, item]
    return load


RULES: Mapping[str, Callable[[KnapsackInstance], Any]] = {
    "mean_density": mean_density,
    "dual_density": dual_density,
    "effective_gradient": effective_gradient,
    "primal_gradient": primal_gradient,
    "dual_density_with_exchanges": TextbookRule(solve=exchanged, work="search"),
}
