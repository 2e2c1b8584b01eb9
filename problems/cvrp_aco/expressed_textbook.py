"""Textbook rules written as heuristics of the problem, with which a search can begin.

Savings are another frame's.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "inverse_distance": {"heuristics": "1.0 / np.maximum(distance_matrix, 1e-9)"},
    "inverse_distance_squared": {"heuristics": "1.0 / np.maximum(distance_matrix, 1e-9) ** 2.0"},
}
"""Textbook rule → function → the expression that it returns."""
