"""Probing and its work, by hand."""

import numpy as np
import pytest

from evoheur.selectors.probing import kept_by_probe, probing_work, work_of_all


def test_the_cheapest_on_the_probe_is_kept_and_the_first_of_equals() -> None:
    costs = np.array([[5.0, 4.0, 4.0], [3.0, 3.0, 9.0], [np.inf, 8.0, np.inf]])
    assert kept_by_probe(costs).tolist() == [1, 0, 1]


def test_work_of_four_heuristics() -> None:
    """Tried on a quarter: 1 + 4/4. Online the first one's probe is the begin of the solution: 1 + 3 * 200 / 1000."""
    assert probing_work([0.25, 0.5], 4, first_is_solution=False) == [2.0, 3.0]
    assert probing_work([0.2], 4, first_is_solution=True) == [pytest.approx(1.6)]
    assert probing_work([0.25], 1, first_is_solution=False) == [1.0]
    assert work_of_all(4) == 4.0
