"""From a file's numbers to an instance to solve.

All amounts are whole, the depot is first, and everything is within its limits.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError, InstanceWarning
from evoheur.problems.routing.distances import EXPLICIT
from evoheur.problems.routing.exact_numbers import LARGEST, as_whole
from evoheur.problems.routing.rounding import warn_if_lost

from .instance import CvrpInstance

__all__ = ["MOST_CUSTOMERS", "Nodes", "assembled"]

MOST_CUSTOMERS = 10_000
"""More make a matrix of over 800 MB, and an ant colony holds several in every worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """What a file says of its nodes, in its own order.

    Attributes:
        numbers: What the file calls them, for messages.
        points: Coordinates, shape (nodes, 2); where only a matrix is known, shape (0, 2).
        demands: As written.
        depot: Its place.
        service: Service times, shape (nodes,); empty for none.
        matrix: Distances for the metric `EXPLICIT`; else empty.
    """

    numbers: Sequence[str]
    points: NDArray[np.float64]
    demands: Sequence[Decimal]
    depot: int
    service: NDArray[np.float64]
    matrix: NDArray[np.float64]


def assembled(
    where: str,
    nodes: Nodes,
    capacity: Decimal,
    *,
    labels: Mapping[str, str],
    max_duration: float | None = None,
    max_vehicles: int | None = None,
) -> CvrpInstance:
    """The instance, with the depot as node 0.

    The customers are in the file's order.

    Args:
        where: Names the file in messages.
        nodes: At least the depot and a customer.
        capacity: Of every vehicle, as written; decimals of demands and capacity are counted in one power of ten.
        labels: Name, family and metric.
        max_duration: Longest that a route may take, service included.
        max_vehicles: Size of the fleet.

    Raises:
        ConfigError: A number is out of range, or a customer cannot be served at all; says which, with the value.
    """
    count = len(nodes.demands)
    if not 1 < count <= MOST_CUSTOMERS + 1:
        raise ConfigError(
            f"{where} has {count - 1 if count else 'no depot and no'} customers; from 1 to {MOST_CUSTOMERS:,} can be used."
        )
    _check_amounts(where, nodes, capacity)
    if not np.isfinite(nodes.points).all() or (nodes.points.size and np.abs(nodes.points).max() > 1e12):
        raise ConfigError(f"{where}: a coordinate is not finite, or beyond 1e12.")
    order = [nodes.depot, *(place for place in range(count) if place != nodes.depot)]
    whole = as_whole([*nodes.demands, capacity], where)
    matrix = np.ascontiguousarray(nodes.matrix[np.ix_(order, order)]) if nodes.matrix.size else nodes.matrix
    points = nodes.points[order] if nodes.points.size else _map(matrix)
    service = nodes.service[order] if nodes.service.size and max_duration is not None else np.zeros(0)
    made = CvrpInstance(
        name=labels["name"],
        family=labels["family"],
        metric=labels["metric"],
        coordinates=np.ascontiguousarray(points),
        demands=np.array(whole[:-1], dtype=np.int64)[order],
        capacity=whole[-1],
        matrix=matrix,
        max_duration=max_duration,
        service_times=service,
        max_vehicles=max_vehicles,
    )
    _check_durations(where, made, [nodes.numbers[place] for place in order])
    _warn_of_fleet(where, made)
    if made.metric != EXPLICIT:
        warn_if_lost(where, made.coordinates, made.metric)
    return made


def _check_amounts(where: str, nodes: Nodes, capacity: Decimal) -> None:
    if not 0 < capacity <= LARGEST:
        raise ConfigError(f"{where}: the capacity is {capacity}; it must be positive, and not beyond 1e12.")
    for number, demand in zip(nodes.numbers, nodes.demands, strict=True):
        if not 0 <= demand <= capacity:
            raise ConfigError(
                f"{where}: the demand of node {number} is {demand}; it must be within 0..{capacity}, what a vehicle carries."
            )
    if nodes.demands[nodes.depot]:
        raise ConfigError(
            f"{where}: the depot, node {nodes.numbers[nodes.depot]}, has a demand of {nodes.demands[nodes.depot]}; it must be 0."
        )
    if nodes.service.size:
        for number, time in zip(nodes.numbers, nodes.service.tolist(), strict=True):
            if not (math.isfinite(time) and 0.0 <= time <= 1e12):
                raise ConfigError(f"{where}: the service time of node {number} is {time:g}; it must be at least 0.")
        if nodes.service[nodes.depot]:
            raise ConfigError(f"{where}: the depot has a service time of {nodes.service[nodes.depot]:g}; it must be 0.")


def _warn_of_fleet(where: str, made: CvrpInstance) -> None:
    needed = -(-int(made.demands.sum()) // made.capacity)
    if made.max_vehicles is not None and needed > made.max_vehicles:
        warnings.warn(
            f"{where}: the demands need {needed} vehicles and the fleet has {made.max_vehicles}, so that no solution keeps to it; costs "
            f"hold a penalty of {made.limits.extra:.10g} for each route too many.",
            InstanceWarning,
            stacklevel=2,
        )


def _check_durations(where: str, made: CvrpInstance, numbers: Sequence[str]) -> None:
    if made.max_duration is None:
        return
    if not (math.isfinite(made.max_duration) and made.max_duration > 0.0):
        raise ConfigError(f"{where}: the limit of a route is {made.max_duration:g}; it must be positive, or left out.")
    alone = made.limits.durations[0] + made.limits.durations[:, 0]
    far = np.flatnonzero(alone > made.limits.duration)
    if far.size:
        raise ConfigError(
            f"{where}: a route to node {numbers[far[0]]} and back takes {alone[far[0]]:.10g}, which is more than the limit of a route, "
            f"{made.max_duration:.10g}; no vehicle can serve it."
        )


def _map(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw a map from a matrix of distances.

    Points in the plane whose distances are near to those of the matrix, by classical scaling (Torgerson 1952, doi:10.1007/BF02288916).
    """
    squares = ((matrix + matrix.T) / 2.0) ** 2
    centred = -0.5 * (squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean())
    values, vectors = np.linalg.eigh(centred)
    points: Any = np.zeros((len(matrix), 2))
    kept = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0.0))
    points[:, : kept.shape[1]] = kept
    largest = np.abs(kept).argmax(axis=0)  # the sign of an eigenvector is nobody's: make its largest entry positive
    points[:, : kept.shape[1]] *= np.where(kept[largest, np.arange(kept.shape[1])] < 0.0, -1.0, 1.0)
    rounded: NDArray[np.float64] = np.round(points, 6)
    return rounded
