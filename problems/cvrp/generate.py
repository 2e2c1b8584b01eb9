"""Seeded routing instances.

All draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP 19).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .instance import CvrpInstance

__all__ = ["CustomerFamily", "centred", "clustered", "drawn", "mapped", "outlying", "uniform"]

Points: TypeAlias = NDArray[np.float64]

_METRES = 10_000.0


def uniform(source: np.random.RandomState, customers: int) -> Points:
    """Depot and customers uniform in the unit square.

    As in Kool, van Hoof & Welling (2019, arXiv:1803.08475); row 0 is the depot.
    """
    return source.uniform(size=(customers + 1, 2))


def clustered(source: np.random.RandomState, customers: int) -> Points:
    """A depot anywhere, and customers in clusters.

    Customers are normally distributed (0.07) around 3 to 7 centres, clipped to the unit square; row 0 is the depot. After the clustered
    class of Uchoa et al. (2017, doi:10.1016/j.ejor.2016.08.012), with another law of decay.
    """
    depot = source.uniform(size=(1, 2))
    centres = source.uniform(0.1, 0.9, size=(source.randint(3, 8), 2))
    chosen = centres[source.randint(0, len(centres), size=customers)]
    return np.vstack((depot, np.clip(chosen + source.normal(0.0, 0.07, size=(customers, 2)), 0.0, 1.0)))


def centred(source: np.random.RandomState, customers: int) -> Points:
    """A depot in the middle, and customers that become fewer with the distance from it.

    Customers are normally distributed (0.2) around the middle of the unit square, clipped to it; row 0 is the depot.
    """
    middle = np.full((1, 2), 0.5)
    return np.vstack((middle, np.clip(source.normal(0.5, 0.2, size=(customers, 2)), 0.0, 1.0)))


def outlying(source: np.random.RandomState, customers: int) -> Points:
    """A depot in a corner; customers half clustered, half uniform.

    As in the class "RC" of Uchoa et al. (2017).
    """
    scattered = source.uniform(size=(customers - customers // 2, 2))
    return np.vstack((np.zeros((1, 2)), clustered(source, customers // 2)[1:], scattered))


def mapped(source: np.random.RandomState, customers: int) -> Points:
    """A map of ten by ten kilometres in whole metres.

    The depot is anywhere, customers half clustered, half uniform: for rules that were found on the unit square and are to hold in other
    units.
    """
    scattered = source.uniform(size=(customers - customers // 2, 2))
    points: Points = np.rint(_METRES * np.vstack((clustered(source, customers // 2), scattered)))
    return points


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFamily:
    """A recipe for instances that are reported together.

    Attributes:
        name: Distribution, customers and capacity.
        draw: Source of randomness and number of customers → coordinates, shape (customers + 1, 2).
        customers: Per instance.
        capacity: Of every vehicle.
        seeds: One instance each.
        largest_demand: Demands are uniform from 1 to this.
    """

    name: str
    draw: Callable[[np.random.RandomState, int], Points]
    customers: int
    capacity: int
    seeds: range
    largest_demand: int = 9


def drawn(family: CustomerFamily) -> list[CvrpInstance]:
    """The instances of a family, named by family and seed."""
    return [_drawn(family, seed) for seed in family.seeds]


def _drawn(family: CustomerFamily, seed: int) -> CvrpInstance:
    source = np.random.RandomState(seed)
    # Coordinates with few digits are equal however they travel, and are easy to read in a message.
    coordinates = np.round(family.draw(source, family.customers), 6)
    demands = source.randint(1, family.largest_demand + 1, size=family.customers + 1, dtype=np.int64)
    demands[0] = 0
    return CvrpInstance(
        name=f"{family.name}-s{seed}",
        family=family.name,
        metric="EUCLIDEAN",
        coordinates=coordinates,
        demands=demands,
        capacity=family.capacity,
    )
