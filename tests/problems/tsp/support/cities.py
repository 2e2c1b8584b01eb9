"""What several tests of the travelling salesman problems share: instances, candidates, exact lengths, published files."""

import os
from collections.abc import Sequence
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.routing.distances import distance_matrix
from evoheur.problems.tsp.instance import TspInstance

Points = list[tuple[float, float]]


def instance(points: Sequence[Sequence[float]], metric: str = "EUCLIDEAN") -> TspInstance:
    """An instance for a test."""
    return TspInstance(name="cities", family="test", metric=metric, data=np.array(points, dtype=np.float64))


def random_instance(cities: int, seed: int = 0) -> TspInstance:
    """Cities uniform in the unit square."""
    return instance(np.random.RandomState(seed).rand(cities, 2).tolist())


def places(fewest: int = 5, most: int = 12) -> st.SearchStrategy[Points]:
    """Distinct whole coordinates on a small grid, where many distances are equal."""
    coordinate = st.integers(0, 6)
    return st.lists(st.tuples(coordinate, coordinate), min_size=fewest, max_size=most, unique=True)


def matrix(points: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Euclidean distances."""
    return distance_matrix(np.array(points, dtype=np.float64), "EUCLIDEAN")


def length(tour: Sequence[int], distances: NDArray[np.float64]) -> float:
    """Of a round trip, edge by edge."""
    return float(sum(distances[one, other] for one, other in pairwise([*tour, tour[0]])))


def shortest(distances: NDArray[np.float64]) -> float:
    """The optimum, by trying every order; for at most 8 cities."""
    return min(length([0, *order], distances) for order in permutations(range(1, len(distances))))


def heuristic(code: str, name: str) -> Heuristic:
    """A candidate, executed as the guest would."""
    namespace: dict[str, Any] = {"__name__": "heuristic"}
    exec(compile(code, "heuristic", "exec"), namespace)
    return Heuristic(code=code, functions={name: namespace[name]})


def compiled(kernel: Any) -> int:
    """How many argument types a kernel was compiled for; 0 where compiling is switched off (coverage)."""
    return len(getattr(kernel, "signatures", ()))


def published_files(folder: str) -> Path:
    """A folder with published benchmark files; the test is skipped where there is none."""
    root = os.environ.get("EVOHEUR_DATA")
    if root is None:
        pytest.skip("EVOHEUR_DATA does not name a folder with published benchmark files")
    return Path(root) / folder
