"""The warning where rounding leaves nothing of the distances."""

import warnings

import numpy as np
import pytest

from evoheur.errors import InstanceWarning
from evoheur.problems.routing.rounding import warn_if_lost

BERLIN = [(52.5162, 13.3777), (52.5070, 13.3904), (52.4811, 13.4350), (53.5530, 13.2910)]
COUNTRY = [(47.3769, 8.5417), (52.5200, 13.4050), (50.1109, 8.6821), (53.5511, 9.9937), (48.1351, 11.5820)]


@pytest.mark.parametrize("points", [BERLIN, COUNTRY, [(0.1, 0.7), (0.2, 0.9), (0.9, 0.1)]])
@pytest.mark.parametrize("metric", ["EUC_2D", "CEIL_2D"])
def test_degrees_and_unit_squares_are_warned_of(points: list[tuple[float, float]], metric: str) -> None:
    """With what to give instead."""
    with pytest.warns(InstanceWarning, match=f"here: {metric} makes whole numbers of distances.*EXACT_2D.*GEO"):
        warn_if_lost("here", np.array(points), metric)


@pytest.mark.parametrize(
    ("points", "metric"),
    [
        ([(565.0, 575.0), (25.0, 185.0), (345.0, 750.0)], "EUC_2D"),
        ([(0.0, 0.0), (3.0, 0.0), (3.0, 4.0), (0.0, 4.0)], "EUC_2D"),
        (BERLIN, "GEO"),
        (BERLIN, "EXACT_2D"),
        (BERLIN, "GREAT_CIRCLE"),
        ([(1.0, 1.0)], "EUC_2D"),
    ],
)
def test_other_coordinates_are_not(points: list[tuple[float, float]], metric: str) -> None:
    """Whole distances lose nothing, and other metrics know degrees."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_if_lost("here", np.array(points), metric)
