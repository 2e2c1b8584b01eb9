"""The data of a capacitated vehicle routing instance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance, Json
from evoheur.problems.routing.distances import ENCODED_METRIC, EXPLICIT, distance_matrix

__all__ = ["FREE_FLEET", "CvrpInstance", "PublishedSet", "RouteLimits", "Terms", "decoded", "read_only"]

PublishedSet: TypeAlias = Literal["eoh_cvrp50", "reevo_cvrp50"]
"""Names of instance sets of published systems."""


_SLACK = 1e-10
"""Share by which a route may exceed its limit in a frame, so that what fits exactly is not lost to rounding; prices allow ten times it."""

FREE_FLEET = np.iinfo(np.int64).max
"""The number of vehicles that stands for any number."""


class RouteLimits(NamedTuple):
    """What a vehicle and the fleet can do, for compiled loops.

    Attributes:
        capacity: Of every vehicle.
        durations: From node to node, with half of the service at both; the distances themselves where routes have no limit.
        duration: Longest that a route may take; infinity where there is no limit.
        vehicles: Of the fleet; `FREE_FLEET` where their number is free.
        extra: What each further vehicle costs; 0 where their number is free, and where all distances are 0.
        one_way: Whether distances depend on the direction.
    """

    capacity: int
    durations: NDArray[np.float64]
    duration: float
    vehicles: int
    extra: float
    one_way: bool


Terms: TypeAlias = tuple[int, NDArray[np.float64], float, int, float, bool]
"""Limits as a plain tuple, which compiled code takes over in an eighth of the time: for what is called thousands of times."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CvrpInstance(Instance):
    """A depot, customers, and equal vehicles.

    The depot is node 0, and the customers are nodes 1..customers.

    Attributes:
        metric: TSPLIB's EDGE_WEIGHT_TYPE: a key of `evoheur.problems.routing.distances.METRICS`, or `EXPLICIT`.
        coordinates: Of the nodes, shape (customers + 1, 2), dtype float64; where only a matrix is known, a map drawn from it.
        demands: Of the nodes, each in 0..capacity, 0 at the depot, shape (customers + 1,), dtype int64.
        capacity: Of every vehicle, at least 1.
        matrix: The distances for `EXPLICIT`, row from and column to, shape (customers + 1, customers + 1); else empty.
        max_duration: Longest that a route may take: its length and the service of its customers; None for no limit.
        service_times: Of the nodes, 0 at the depot, shape (customers + 1,); empty for none.
        max_vehicles: Size of the fleet; None if it is free.
    """

    metric: str
    coordinates: NDArray[np.float64]
    demands: NDArray[np.int64]
    capacity: int
    matrix: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))
    max_duration: float | None = None
    service_times: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    max_vehicles: int | None = None

    @cached_property
    def distances(self) -> NDArray[np.float64]:
        """All distances between nodes.

        Shape (customers + 1, customers + 1); computed once, not to be changed.
        """
        return self.matrix if self.metric == EXPLICIT else distance_matrix(self.coordinates, self.metric)

    @cached_property
    def service(self) -> NDArray[np.float64]:
        """Service times of the nodes, shape (customers + 1,).

        Zeros where there are none.
        """
        return self.service_times if self.service_times.size else np.zeros(len(self.demands))

    @cached_property
    def limits(self) -> RouteLimits:
        """What a vehicle and the fleet can do, for compiled loops."""
        distances, half = self.distances, self.service / 2.0
        limited, counted = self.max_duration is not None, self.max_vehicles is not None
        return RouteLimits(
            capacity=self.capacity,
            durations=distances + half[:, None] + half[None, :] if limited else distances,
            duration=float(self.max_duration * (1.0 + _SLACK)) if self.max_duration is not None else np.inf,
            vehicles=self.max_vehicles if self.max_vehicles is not None else FREE_FLEET,
            extra=float(distances[0].sum() + distances[:, 0].sum()) if counted else 0.0,
            one_way=self.metric == EXPLICIT and not np.array_equal(distances, distances.T),
        )

    @cached_property
    def terms(self) -> Terms:
        """The limits as a plain tuple."""
        capacity, durations, duration, vehicles, extra, one_way = self.limits
        return capacity, durations, duration, vehicles, extra, one_way

    @property
    def customers(self) -> int:
        """The number of customers."""
        return len(self.demands) - 1

    @property
    def loads(self) -> NDArray[np.int64] | NDArray[np.float64]:
        """Demands of the nodes as rules see them, shape (customers + 1,): in the instance's own unit."""
        return self.demands

    def load(self, demand: int) -> float:
        """A load as rules see it: in the instance's own unit."""
        return demand

    def further_vehicles(self, routes: int) -> float:
        """What so many routes cost beside their length.

        For each vehicle beyond the fleet, that is the way to every customer and back.
        """
        return self.limits.extra * max(0, routes - self.limits.vehicles)


def decoded(data: Mapping[str, Json]) -> CvrpInstance:
    """Rebuild an instance in the guest."""
    nodes = len(data["demands"])
    return CvrpInstance(
        name=data["name"],
        family=data["family"],
        metric=data[ENCODED_METRIC],
        coordinates=np.array(data["coordinates"], dtype=np.float64),
        demands=np.array(data["demands"], dtype=np.int64),
        capacity=data["capacity"],
        matrix=np.array(data["matrix"], dtype=np.float64).reshape(nodes, nodes) if "matrix" in data else np.zeros((0, 0)),
        max_duration=data.get("max_duration"),
        service_times=np.array(data.get("service_times", ()), dtype=np.float64),
        max_vehicles=data.get("max_vehicles"),
    )


def read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """A view that cannot be written through.

    It is for heuristics that are called many times with the same data.
    """
    view = array.view()
    view.flags.writeable = False
    return view
