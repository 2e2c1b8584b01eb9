"""Textbook rules written as heuristics of the problem, with which a search can begin.

String removal is the problem's own heuristic.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "random_greedy": {"leaving": "20 * lot / (1 + np.max(rank)) - noise", "placing": "-added"},
    "string_removal": {},
}
"""Textbook rule → function → the expression that it returns."""
