"""Seeded instances with time windows, of the kinds of Solomon (1987, doi:10.1287/opre.35.2.254).

Customers lie uniformly, in clusters, or half and half; horizons are short or long; windows are narrow or wide, and some customers have
none. All draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP 19).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.routing.distances import distance_matrix

from .instance import TimeWindowInstance

__all__ = ["TimedFamily", "clusters", "half_and_half", "scattered", "timed_instances"]

Points: TypeAlias = NDArray[np.float64]

_SIDE = 100.0
_MARGIN = 0.05  # more than times are rounded by, so that every customer is served in time alone
_DIGITS = 100.0  # times and coordinates have two


def scattered(source: np.random.RandomState, customers: int) -> Points:
    """Uniform in a square of 100 by 100."""
    return source.uniform(0.0, _SIDE, size=(customers, 2))


def clusters(source: np.random.RandomState, customers: int) -> Points:
    """Normally distributed (5) around a centre for every ten customers, one centre after the other."""
    centres = source.uniform(10.0, 90.0, size=(_centres(customers), 2))
    points = centres[np.arange(customers) % len(centres)] + source.normal(0.0, 5.0, size=(customers, 2))
    return np.clip(points, 0.0, _SIDE)


def _centres(customers: int) -> int:
    return max(2, customers // 10)


def half_and_half(source: np.random.RandomState, customers: int) -> Points:
    """Half in clusters, half uniform."""
    return np.vstack((clusters(source, customers // 2), scattered(source, customers - customers // 2)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedFamily:
    """A recipe for instances that are reported together.

    Attributes:
        name: Places, customers, horizon, windows.
        draw: Source of randomness and number of customers → coordinates, shape (customers, 2).
        customers: Per instance.
        horizon: When the depot closes; it opens at 0.
        capacity: Of every vehicle; demands are 1 to 40, of which the mean is about 18.
        service: At every customer.
        windowed: Share of the customers that have a window of their own.
        half: Mean half width of these; it differs by a third.
        toured: Whether windows lie around the arrivals of tours through the clusters, as in Solomon's clusters; else anywhere.
        unit: Factor of coordinates and times, whole.
        load_unit: Factor of demands and capacity.
        seeds: One instance each.
    """

    name: str
    draw: Callable[[np.random.RandomState, int], Points]
    customers: int
    horizon: float
    capacity: int
    service: float
    windowed: float
    half: float
    seeds: range
    toured: bool = False
    unit: int = 1
    load_unit: int = 1


def timed_instances(family: TimedFamily) -> list[TimeWindowInstance]:
    """The instances of a family, named by family and seed; every customer alone is served in time."""
    return [_timed(family, seed) for seed in family.seeds]


def _timed(family: TimedFamily, seed: int) -> TimeWindowInstance:
    source = np.random.RandomState(seed)
    depot = source.uniform(0.3 * _SIDE, 0.7 * _SIDE, size=(1, 2))
    points: Points = np.round(np.vstack((depot, family.draw(source, family.customers))), 2).astype(np.float64)
    demands = np.clip(np.rint(source.normal(18.0, 8.0, size=family.customers)), 1.0, 40.0).astype(np.int64)
    distances = distance_matrix(points, "EUCLIDEAN")
    away = distances[0, 1:]
    early, late = away, family.horizon - away - family.service - _MARGIN
    centre = early + (late - early) * source.uniform(size=family.customers)
    if family.toured:
        centre = np.clip(_arrivals(distances, family.service), early, late)
    half = np.maximum(1.0, family.half * (1.0 + source.normal(0.0, 1.0 / 3.0, size=family.customers)))
    windowed = source.uniform(size=family.customers) < family.windowed
    ready = np.where(windowed, np.maximum(0.0, np.floor(_DIGITS * (centre - half)) / _DIGITS), 0.0)
    due = np.where(windowed, np.minimum(family.horizon, np.ceil(_DIGITS * (centre + half)) / _DIGITS), family.horizon)
    return TimeWindowInstance(
        name=f"{family.name}-s{seed}",
        family=family.name,
        metric="EUCLIDEAN",
        coordinates=np.round(points * family.unit, 2),
        demands=np.array([0, *(family.load_unit * demands)], dtype=np.int64),
        capacity=family.capacity * family.load_unit,
        service_times=np.array([0.0, *([family.service] * family.customers)]) * family.unit,
        ready_times=np.round(np.array([0.0, *ready]) * family.unit, 2),
        due_times=np.round(np.array([family.horizon, *due]) * family.unit, 2),
    )


def _arrivals(distances: NDArray[np.float64], service: float) -> NDArray[np.float64]:
    # Of one vehicle for every cluster, which goes on to the nearest customer.
    customers = len(distances) - 1
    arrivals, count = np.empty(customers), _centres(customers)
    for centre in range(count):
        left, here, clock = list(range(1 + centre, customers + 1, count)), 0, 0.0
        while left:
            after = left[int(np.argmin(distances[here, left]))]
            clock += float(distances[here, after])
            arrivals[after - 1] = clock
            clock, here = clock + service, after
            left.remove(after)
    return arrivals
