"""Textbook rules written as heuristics of the problem, with which a search can begin."""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "recursive_largest_first": {"vertex_scores": "np.where(begun > 0, sharing - 1e-06 * losing, losing)"},
    "largest_first": {"vertex_scores": "degree"},
}
"""Textbook rule → function → the expression that it returns."""
