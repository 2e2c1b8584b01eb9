"""Features of customers and vehicles, for selectors, and smaller instances to try heuristics on."""

from dataclasses import replace

import numpy as np

from evoheur.problems.routing.distances import EXPLICIT
from evoheur.problems.routing.place_features import evenly, place_features

from .instance import CvrpInstance

__all__ = ["coarse", "features"]


def features(instance: CvrpInstance) -> dict[str, float]:
    """Number of customers, what they order, where the depot is, and how they lie.

    Returns:
        per_route, the customers of mean demand that fill a vehicle; vehicles, all demands over the capacity; demand_variation, the
        deviation of demands over their mean; depot, the mean distance to the depot over that between customers; limited, 1 where routes
        or the fleet are limited; and `place_features` of the customers.
    """
    demands, distances = instance.demands[1:], instance.distances[1:, 1:]
    mean = float(demands.mean()) if demands.size else 0.0
    apart = float(distances.sum()) / max(1, demands.size * (demands.size - 1))
    lying = place_features([(slice(0, demands.size), distances)], demands.size) if demands.size > 1 else {}
    return {
        "customers": float(demands.size),
        "per_route": instance.capacity / mean if mean > 0.0 else float(demands.size),
        "vehicles": float(demands.sum()) / instance.capacity,
        "demand_variation": float(demands.std()) / mean if mean > 0.0 else 0.0,
        "depot": float(instance.distances[0, 1:].mean()) / apart if apart > 0.0 else 0.0,
        "limited": float(instance.max_duration is not None or instance.max_vehicles is not None),
        **{name: lying.get(name, 0.0) for name in ("nearest", "uneven", "dispersion", "duplicates")},
    }


def coarse(instance: CvrpInstance, share: float) -> CvrpInstance:
    """So much of the customers, evenly by their number, with the same vehicles; their number is free then."""
    kept = np.concatenate(([0], 1 + evenly(instance.customers, share)))
    return replace(
        instance,
        coordinates=instance.coordinates[kept],
        demands=instance.demands[kept],
        matrix=instance.matrix[np.ix_(kept, kept)] if instance.metric == EXPLICIT else instance.matrix,
        service_times=instance.service_times[kept] if instance.service_times.size else instance.service_times,
        max_vehicles=None,
    )
