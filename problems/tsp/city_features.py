"""Features of maps of cities, for selectors, and smaller maps to try heuristics on."""

from dataclasses import replace

import numpy as np

from evoheur.problems.routing.distances import EXPLICIT
from evoheur.problems.routing.place_features import evenly, place_features

from .instance import TspInstance

__all__ = ["coarse", "features"]


def features(instance: TspInstance) -> dict[str, float]:
    """Number of cities, and how they lie; see `place_features`."""
    return {"cities": float(instance.cities), **place_features(instance.rows(), instance.cities)}


def coarse(instance: TspInstance, share: float) -> TspInstance:
    """So much of the cities, evenly by their number."""
    kept = evenly(instance.cities, share)
    data = instance.data[np.ix_(kept, kept)] if instance.metric == EXPLICIT else instance.data[kept]
    return replace(instance, data=data)
