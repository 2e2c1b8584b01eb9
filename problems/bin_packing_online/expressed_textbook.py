"""Textbook rules written as heuristics of the problem, with which a search can begin.

Worst fit and harmonic cannot be told: they know open bins from new ones, or look at all items; nor can those that count levels.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "first_fit": {"priority": "0.0 * bins"},
    "best_fit": {"priority": "-bins"},
}
"""Textbook rule → function → the expression that it returns."""
