"""Lengths that are computed when they are needed, beside the matrix."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.routing.distances import distance_matrix, pair_lengths, row_blocks, times
from evoheur.problems.routing.length_units import in_units
from evoheur.problems.routing.planar_lengths import between, nearest_elsewhere, places_in, planar_lengths

METRICS = ["EUCLIDEAN", "EXACT_2D", "EUC_2D", "CEIL_2D", "FLOOR_2D", "ATT", times("EUC_2D", 1024)]
COORDINATES = st.integers(-50, 50) | st.floats(-1e4, 1e4)
POINTS = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=2, max_size=12)


@pytest.mark.parametrize("metric", METRICS)
@given(points=POINTS, unit=st.just(0.0) | st.floats(0.01, 100.0))
def test_computed_lengths_are_those_of_the_matrix(metric: str, points: list[tuple[float, float]], unit: float) -> None:
    """To the last bit, in their own unit and in another."""
    places = np.array(points, dtype=np.float64)
    matrix = distance_matrix(places, metric)
    lengths = planar_lengths(places, metric, unit=unit)
    assert lengths is not None
    assert places_in(lengths) == places_in(matrix) == len(points)
    wanted = in_units(matrix, unit) if unit else matrix
    found = [[between(lengths, one, other) for other in range(len(points))] for one in range(len(points))]
    assert found == wanted.tolist()
    assert [between(wanted, 0, other) for other in range(len(points))] == found[0]


@given(points=POINTS)
def test_nearest_places_are_the_same_computed_or_not(points: list[tuple[float, float]]) -> None:
    """Those in the same place do not count."""
    places = np.array(points, dtype=np.float64)
    matrix = distance_matrix(places, "EUC_2D")
    lengths = planar_lengths(places, "EUC_2D")
    assert lengths is not None
    for given_as in (matrix, lengths):
        nearest, largest = nearest_elsewhere(given_as)
        assert nearest.tolist() == np.where(matrix > 0.0, matrix, np.inf).min(axis=1).tolist()
        assert largest == matrix.max()


@pytest.mark.parametrize("metric", [*METRICS, "MAN_2D", "MAX_2D", "GEO", "GREAT_CIRCLE"])
def test_rows_and_pairs_are_those_of_the_matrix(metric: str) -> None:
    """Of 150 places, which are more than one block of rows."""
    places = np.random.RandomState(1).uniform(-80.0, 80.0, size=(150, 2))
    matrix = distance_matrix(places, metric)
    rows = np.concatenate([lengths for _, lengths in row_blocks(places, metric)])
    assert [part.start for part, _ in row_blocks(places, metric)][:2] == [0, 64]
    assert (rows == matrix).all()
    starts, ends = np.divmod(np.arange(150 * 150), 150)
    assert (pair_lengths(places, metric, starts, ends) == matrix.ravel()).all()


def test_a_globe_is_no_plane() -> None:
    """Nor are heights: kernels get the matrix then."""
    assert planar_lengths(np.zeros((3, 2)), "GEO") is None
    assert planar_lengths(np.zeros((3, 3)), "EUC_3D") is None
