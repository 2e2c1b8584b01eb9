"""Features of customers with time windows, for selectors, and smaller instances."""

from dataclasses import replace

import numpy as np

from evoheur.problems.cvrp.customer_features import coarse as fewer_customers
from evoheur.problems.cvrp.customer_features import features as customer_features
from evoheur.problems.routing.place_features import evenly

from .instance import TimeWindowInstance

__all__ = ["coarse", "features"]


def features(instance: TimeWindowInstance) -> dict[str, float]:
    """Number of customers, what they order, how they lie, and when they can be served.

    Returns:
        Those of `evoheur.problems.cvrp.customer_features.features` but limited; horizon, how long the depot is open in units of the mean
        distance from it; service, the mean service in that unit; width, the mean width of windows as a share of the horizon, and narrow,
        the share of customers with a window of less than half of it; early, where the windows' middles lie in the horizon on average.
    """
    lying = customer_features(instance)
    del lying["limited"]
    horizon = float(instance.due_times[0] - instance.ready_times[0])
    width = (instance.due_times - instance.ready_times)[1:]
    middle = (instance.due_times + instance.ready_times)[1:] / 2.0 - instance.ready_times[0]
    span = horizon if horizon > 0.0 else 1.0
    return {
        **lying,
        "horizon": horizon / instance.unit,
        "service": float(instance.service[1:].mean()) / instance.unit,
        "width": float(width.mean()) / span,
        "narrow": float((width < horizon / 2.0).mean()),
        "early": float(middle.mean()) / span,
    }


def coarse(instance: TimeWindowInstance, share: float) -> TimeWindowInstance:
    """So much of the customers, evenly by their number, with the same vehicles and windows."""
    kept = np.concatenate(([0], 1 + evenly(instance.customers, share)))
    fewer = fewer_customers(instance, share)
    assert isinstance(fewer, TimeWindowInstance)
    return replace(fewer, ready_times=instance.ready_times[kept], due_times=instance.due_times[kept])
