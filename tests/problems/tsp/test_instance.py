"""Instances and what heuristics are shown of them."""

import numpy as np
import pytest

from evoheur.problems.routing.distances import EXPLICIT
from evoheur.problems.tsp.instance import TspInstance, decoded

from .support.cities import instance


def test_distances_follow_the_metric() -> None:
    """A side of 3 and one of 4 make 5."""
    assert instance([(0, 0), (3, 4)], "EUC_2D").distances.tolist() == [[0.0, 5.0], [5.0, 0.0]]


def test_an_explicit_matrix_is_taken_as_it_is() -> None:
    """No coordinates, no metric."""
    matrix = np.array([[0.0, 7.0], [7.0, 0.0]])
    assert TspInstance(name="a", family="b", metric=EXPLICIT, data=matrix).distances.tolist() == matrix.tolist()


def test_what_is_shown_cannot_be_written_through() -> None:
    """A heuristic that changes the distances would change them for the frame."""
    cities = instance([(0, 0), (3, 4)])
    with pytest.raises(ValueError, match="read-only"):
        cities.shown()[0, 1] = 0.0


def test_divisible_distances_are_positive_and_rank_a_city_last_for_itself() -> None:
    """Two cities in one place are 1e-9 of the largest distance apart; the diagonal holds the largest, which is 5."""
    cities = instance([(0, 0), (0, 0), (3, 4)])
    apart = cities.divisible()
    assert apart.tolist() == [[5.0, 5e-9, 5.0], [5e-9, 5.0, 5.0], [5.0, 5.0, 5.0]]
    apart[:] = 0.0
    assert cities.distances[0, 2] == 5.0


def test_decoding_gives_float_arrays() -> None:
    """JSON turns whole coordinates into integers; kernels were compiled for floats."""
    data = {"name": "a", "family": "b", "rule": "EUC_2D", "data": [[0, 0], [3, 4]]}
    assert decoded(data).data.dtype == np.float64
    assert decoded(data).cities == 2
