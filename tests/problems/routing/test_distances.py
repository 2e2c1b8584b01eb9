"""Every distance metric on values derived by hand, and on published optimal tours where they are at hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.routing.distances import METRICS, ROUNDED, distance_matrix

COORDINATES = st.integers(-170, 170) | st.floats(-80.0, 80.0)


@pytest.mark.parametrize(
    ("metric", "second", "distance"),
    [
        # From (0, 0): sqrt(9 + 16) = 5; sqrt(1 + 1) = 1.414…; sqrt(4 + 4) = 2.828…; 0.5 is rounded up by EUC_2D.
        ("EUCLIDEAN", (3, 4), 5.0),
        ("EUCLIDEAN", (1, 1), math.sqrt(2)),
        ("EUC_2D", (1, 1), 1.0),
        ("EUC_2D", (2, 2), 3.0),
        ("EUC_2D", (0.5, 0), 1.0),
        ("CEIL_2D", (1, 1), 2.0),
        ("CEIL_2D", (3, 4), 5.0),
        # ATT: sqrt(10/10) = 1 stays 1; sqrt(20/10) = 1.414 is rounded to 1, which is less, so 2; sqrt(32/10) = 1.789 is rounded to 2.
        ("ATT", (1, 3), 1.0),
        ("ATT", (2, 4), 2.0),
        ("ATT", (4, 4), 2.0),
        # GEO: a degree along a meridian is 6378.388 * 3.141592 / 180 = 111.32 km, so 112; 0.30 is half a degree, 55.66 km, so 56;
        # one place twice is acos(1) = 0 km apart, so 1.
        ("GEO", (1, 0), 112.0),
        ("GEO", (0.30, 0), 56.0),
        ("GEO", (-1, 0), 112.0),
        ("GEO", (0, 0), 1.0),
    ],
)
def test_distances_derived_by_hand(metric: str, second: tuple[float, float], distance: float) -> None:
    """The arithmetic is beside each case."""
    matrix = distance_matrix(np.array([(0.0, 0.0), second]), metric)
    assert matrix.tolist() == [[0.0, distance], [distance, 0.0]]


def test_a_geographical_distance_along_a_parallel() -> None:
    """At 60 degrees north, 2 degrees of longitude, by the haversine formula: 111.3 km, rounded down after adding 1 gives 112.

    sin²(d/2R) = cos²(60°) sin²(1°) = 0.25 * 0.000304587 = 0.0000761468, so d = 2 * 6378.388 * 0.00872636 = 111.319.
    """
    assert distance_matrix(np.array([(60.0, 10.0), (60.0, 12.0)]), "GEO")[0, 1] == 112.0


@pytest.mark.parametrize("metric", METRICS)
@given(points=st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=6))
def test_matrices_are_symmetric_and_not_negative(metric: str, points: list[tuple[float, float]]) -> None:
    """And the way from a place to itself is 0."""
    matrix = distance_matrix(np.array(points, dtype=np.float64), metric)
    assert (matrix == matrix.T).all()
    assert (matrix >= 0.0).all()
    assert (matrix.diagonal() == 0.0).all()


@pytest.mark.parametrize("metric", sorted(ROUNDED))
@given(points=st.lists(st.tuples(COORDINATES, COORDINATES), min_size=2, max_size=6))
def test_rounded_metrics_give_whole_numbers(metric: str, points: list[tuple[float, float]]) -> None:
    """All of TSPLIB's metrics do."""
    matrix = distance_matrix(np.array(points, dtype=np.float64), metric)
    assert (matrix == np.floor(matrix)).all()
