"""Textbook rules written as heuristics of the problem, with which a search can begin.

The primal gradient cannot be told: it begins with an empty load.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "mean_density": {"leaving": "-value / need", "joining": "value / need"},
    "dual_density": {"leaving": "-value / cost", "joining": "value / cost"},
    "effective_gradient": {"leaving": "-value / strain", "joining": "value / need"},
}
"""Textbook rule → function → the expression that it returns."""
