"""Textbook rules written as heuristics of the problem, with which a search can begin.

Iterated local search has no penalties. With matrices none is told: another function evolves then.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "classic_gls": {"edge_scores": "length.copy()"},
    "knowledge_gls": {"edge_scores": "length / near"},
}
"""Textbook rule → function → the expression that it returns."""
