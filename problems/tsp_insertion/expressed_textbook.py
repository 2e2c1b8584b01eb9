"""Textbook rules written as heuristics of the problem, with which a search can begin.

All of them.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "nearest_insertion": {"city_scores": "-nearest"},
    "farthest_insertion": {"city_scores": "nearest"},
    "cheapest_insertion": {"city_scores": "-cheapest"},
    "regret_insertion": {"city_scores": "regret"},
}
"""Textbook rule → function → the expression that it returns."""
