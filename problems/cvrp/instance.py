"""What a capacitated vehicle routing instance is."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance, Json
from problems.routing.distances import distance_matrix

__all__ = ["CvrpInstance", "PublishedSet", "decoded", "read_only"]

PublishedSet: TypeAlias = Literal["eoh_cvrp50", "reevo_cvrp50"]
"""Names of instance sets of published systems."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CvrpInstance(Instance):
    """A depot, which is node 0, and customers, which are nodes 1..customers; any number of equal vehicles.

    Attributes:
        rule: How coordinates become distances: a key of `problems.routing.distances.RULES`.
        coordinates: Of the nodes, shape (customers + 1, 2), dtype float64.
        demands: Of the nodes, each in 0..capacity, 0 at the depot, shape (customers + 1,), dtype int64.
        capacity: Of every vehicle, at least 1.
    """

    rule: str
    coordinates: NDArray[np.float64]
    demands: NDArray[np.int64]
    capacity: int

    @cached_property
    def distances(self) -> NDArray[np.float64]:
        """All distances between nodes, symmetric, shape (customers + 1, customers + 1); computed once, not to be changed."""
        return distance_matrix(self.coordinates, self.rule)

    @property
    def customers(self) -> int:
        """How many there are."""
        return len(self.demands) - 1


def decoded(data: Mapping[str, Json]) -> CvrpInstance:
    """Rebuild an instance in the guest."""
    return CvrpInstance(
        name=data["name"],
        family=data["family"],
        rule=data["rule"],
        coordinates=np.array(data["coordinates"], dtype=np.float64),
        demands=np.array(data["demands"], dtype=np.int64),
        capacity=data["capacity"],
    )


def read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """A view that cannot be written through, for rules that are called many times with the same data."""
    view = array.view()
    view.flags.writeable = False
    return view
