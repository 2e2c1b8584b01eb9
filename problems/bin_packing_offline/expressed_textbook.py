"""Textbook rules written as heuristics of the problem, with which a search can begin.

Best fit decreasing cannot be told: it looks at several bins.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "first_fit_decreasing": {"completing": "size"},
    "minimum_bin_slack": {"completing": "-slack"},
    "minimum_bin_slack_with_largest": {"completing": "np.where(free == 1, size, -slack)"},
}
"""Textbook rule → function → the expression that it returns."""
