"""A routing instance as rules see it: free of units."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.routing.distances import EXPLICIT
from evoheur.problems.routing.length_units import in_units, mean_or_one

from .instance import CvrpInstance, RouteLimits

__all__ = ["UnitFreeCvrp", "reach", "unit_free"]


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitFreeCvrp(CvrpInstance):
    """The same customers with lengths and loads in units of their own.

    Lengths are in units of the mean distance from the depot, loads are shares of the capacity.

    Attributes:
        own_limits: Of vehicles and fleet, in the same units but without rounding, so that what fits exactly still fits.
    """

    own_limits: RouteLimits

    @cached_property
    def limits(self) -> RouteLimits:
        """What a vehicle and the fleet can do, for compiled loops."""
        return self.own_limits

    def load(self, demand: int) -> float:
        """A load as a share of the capacity."""
        return demand / self.capacity

    @cached_property
    def loads(self) -> NDArray[np.float64]:
        """Demands of the nodes as shares of the capacity, shape (customers + 1,)."""
        shares: NDArray[np.float64] = self.demands / self.capacity
        return shares


def unit_free(instance: CvrpInstance) -> UnitFreeCvrp:
    """The same instance, free of units.

    Distances, durations and coordinates (from the depot) are in units in which customers are 1 away from the depot on average. Distances
    and coordinates are rounded to about nine digits, which no comparison of routes should depend on; routes are priced on the instance
    itself. Demands and capacity stay whole numbers for the frame; rules see `loads`.
    """
    distances, limits = instance.distances, instance.limits
    unit = reach(distances)
    from_depot = instance.coordinates - instance.coordinates[0]
    away = np.sqrt((from_depot**2).sum(axis=1))[1:]
    return UnitFreeCvrp(
        name=instance.name,
        family=instance.family,
        metric=EXPLICIT,
        coordinates=in_units(from_depot, mean_or_one(away, float(away.max(initial=0.0)))),
        demands=instance.demands,
        capacity=instance.capacity,
        matrix=in_units(distances, unit),
        max_duration=None if instance.max_duration is None else instance.max_duration / unit,
        service_times=instance.service_times / unit,
        max_vehicles=instance.max_vehicles,
        own_limits=limits._replace(durations=limits.durations / unit, duration=limits.duration / unit, extra=limits.extra / unit),
    )


def reach(distances: NDArray[np.float64]) -> float:
    """The mean distance between the depot and a customer.

    Of both directions. Where all customers are at the depot, the mean distance between nodes that are apart; 1 where none are.

    Args:
        distances: Row from and column to, shape (customers + 1, customers + 1).
    """
    largest = float(distances.max())
    home = (distances[0, 1:] + distances[1:, 0]) / 2.0
    return mean_or_one(home if home.any() else distances[distances > 0.0], largest)
