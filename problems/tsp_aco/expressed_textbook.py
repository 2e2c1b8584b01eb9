"""Textbook rules written as heuristics of the problem, with which a search can begin.

All of them.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "inverse_distance": {"heuristics": "1.0 / distance_matrix"},
    "inverse_distance_squared": {"heuristics": "distance_matrix**-2.0"},
    "inverse_distance_to_the_fourth": {"heuristics": "distance_matrix**-4.0"},
}
"""Textbook rule → function → the expression that it returns."""
