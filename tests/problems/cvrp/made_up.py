"""What the tests of vehicle routing share: small instances, candidates, and where real data lies."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from evoheur.problem import Heuristic
from problems.cvrp.instance import CvrpInstance

LINE = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (-1.0, 0.0)]
"""The depot between customers 1 and 2 on its right, at 1 and 2, and customer 3 on its left, at -1."""


def instance(
    points: Sequence[tuple[float, float]], demands: Sequence[int], capacity: int, *, rule: str = "EUCLIDEAN"
) -> CvrpInstance:
    """An instance for a test; the depot's demand is put in front."""
    return CvrpInstance(
        name="made-up",
        family="test",
        rule=rule,
        coordinates=np.array(points, dtype=np.float64),
        demands=np.array([0, *demands], dtype=np.int64),
        capacity=capacity,
    )


@st.composite
def instances(draw: st.DrawFn, most: int = 9) -> CvrpInstance:
    """Small instances with points on a grid, so that ties are frequent."""
    customers = draw(st.integers(1, most))
    capacity = draw(st.integers(1, 12))
    demands = draw(st.lists(st.integers(0, capacity), min_size=customers, max_size=customers))
    place = st.tuples(st.integers(0, 6), st.integers(0, 6))
    points = draw(st.lists(place, min_size=customers + 1, max_size=customers + 1))
    return instance([(float(x), float(y)) for x, y in points], demands, capacity)


def candidate(functions: Sequence[Callable[..., Any]]) -> Heuristic:
    """A candidate made of live functions."""
    return Heuristic(code="", functions={function.__name__: function for function in functions})


def is_feasible(made: CvrpInstance, routes: Sequence[Sequence[int]]) -> bool:
    """Every customer once, no route too heavy; written independently of the checker."""
    if sorted(node for route in routes for node in route) != list(range(1, made.customers + 1)):
        return False
    return all(sum(int(made.demands[node]) for node in route) <= made.capacity for route in routes)


def length(made: CvrpInstance, routes: Sequence[Sequence[int]]) -> float:
    """Sum of the legs, leg by leg."""
    legs = [(a, b) for route in routes for a, b in zip([0, *route], [*route, 0], strict=True)]
    return float(sum(np.hypot(*(made.coordinates[a] - made.coordinates[b])) for a, b in legs))


def data_folder(name: str) -> Path:
    """A folder of published benchmark files; the test is skipped where there are none."""
    folder = os.environ.get("EVOHEUR_DATA")
    if folder is None:
        pytest.skip("EVOHEUR_DATA does not name a folder with published benchmark files")
    return Path(folder) / name
