"""What the tests of vehicle routing share: small instances, candidates, and where real data lies."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.routing.distances import EXPLICIT

LINE = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (-1.0, 0.0)]
"""The depot between customers 1 and 2 on its right, at 1 and 2, and customer 3 on its left, at -1."""


def instance(
    points: Sequence[tuple[float, float]],
    demands: Sequence[int],
    capacity: int,
    *,
    metric: str = "EUCLIDEAN",
    max_duration: float | None = None,
    service: Sequence[float] = (),
    max_vehicles: int | None = None,
) -> CvrpInstance:
    """An instance for a test; the depot's demand and its service time are put in front."""
    return CvrpInstance(
        name="made-up",
        family="test",
        metric=metric,
        coordinates=np.array(points, dtype=np.float64),
        demands=np.array([0, *demands], dtype=np.int64),
        capacity=capacity,
        max_duration=max_duration,
        service_times=np.array([0.0, *service] if service else [], dtype=np.float64),
        max_vehicles=max_vehicles,
    )


@st.composite
def instances(draw: st.DrawFn, most: int = 9, *, limited: bool = False) -> CvrpInstance:
    """Small instances with points on a grid, so that ties are frequent; every other one with limits where these are wanted."""
    customers = draw(st.integers(1, most))
    capacity = draw(st.integers(1, 12))
    demands = draw(st.lists(st.integers(0, capacity), min_size=customers, max_size=customers))
    place = st.tuples(st.integers(0, 6), st.integers(0, 6))
    points = draw(st.lists(place, min_size=customers + 1, max_size=customers + 1))
    made = instance([(float(x), float(y)) for x, y in points], demands, capacity)
    return draw(limits_for(made)) if limited and draw(st.booleans()) else made


@st.composite
def limits_for(draw: st.DrawFn, made: CvrpInstance) -> CvrpInstance:
    """The instance with service times and a limit that every customer alone keeps, and perhaps a fleet."""
    times = draw(st.lists(st.integers(0, 3), min_size=made.customers, max_size=made.customers))
    service = np.array([0.0, *times])
    alone = float((made.distances[0] + made.distances[:, 0] + service).max())
    return replace(
        made,
        service_times=service,
        max_duration=alone + draw(st.integers(0, 40)) / 2.0 + 0.25,
        max_vehicles=draw(st.none() | st.integers(1, made.customers)),
    )


@st.composite
def one_way_instances(draw: st.DrawFn, most: int = 8) -> CvrpInstance:
    """Small instances with another distance each way, most of which break the triangle inequality; every other one with limits."""
    made = draw(instances(most))
    nodes = made.customers + 1
    lengths = draw(st.lists(st.integers(0, 9), min_size=nodes * nodes, max_size=nodes * nodes))
    matrix = np.array(lengths, dtype=np.float64).reshape(nodes, nodes)
    np.fill_diagonal(matrix, 0.0)
    made = replace(made, metric=EXPLICIT, matrix=matrix)
    return draw(limits_for(made)) if draw(st.booleans()) else made


def candidate(functions: Sequence[Callable[..., Any]]) -> Heuristic:
    """A candidate made of live functions."""
    return Heuristic(code="", functions={function.__name__: function for function in functions})


def fits(made: CvrpInstance, route: Sequence[int]) -> bool:
    """Whether a vehicle can serve a route: its load, and the way and the service on it."""
    if sum(int(made.demands[node]) for node in route) > made.capacity:
        return False
    return made.max_duration is None or not route or duration(made, route) <= made.max_duration * (1.0 + 1e-9)


def duration(made: CvrpInstance, route: Sequence[int]) -> float:
    """The way along a route and the service on it, leg by leg."""
    return length(made, [route]) + float(sum(made.service_times[node] for node in route if made.service_times.size))


def is_feasible(made: CvrpInstance, routes: Sequence[Sequence[int]]) -> bool:
    """Every customer once, no route too heavy or too long; written independently of the checker."""
    if sorted(node for route in routes for node in route) != list(range(1, made.customers + 1)):
        return False
    return all(fits(made, route) for route in routes)


def length(made: CvrpInstance, routes: Sequence[Sequence[int]]) -> float:
    """Sum of the legs, leg by leg."""
    legs = [(a, b) for route in routes for a, b in zip([0, *route], [*route, 0], strict=True)]
    if made.matrix.size:
        return float(sum(made.matrix[a, b] for a, b in legs))
    return float(sum(np.hypot(*(made.coordinates[a] - made.coordinates[b])) for a, b in legs))


def data_folder(name: str) -> Path:
    """A folder of published benchmark files; the test is skipped where there are none."""
    folder = os.environ.get("EVOHEUR_DATA")
    if folder is None:
        pytest.skip("EVOHEUR_DATA does not name a folder with published benchmark files")
    return Path(folder) / name
