"""Textbook rules written as heuristics of the problem, with which a search can begin.

Random removals that are kept only if they are no worse are the problem's own heuristics.
"""

from collections.abc import Mapping

from .textbook_rules import TEMPERATURE

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "random_removals": {},
    "iterated_greedy": {"allowed_growths": f"-{TEMPERATURE} * np.log(noise)"},
}
"""Textbook rule → function → the expression that it returns."""
