"""Textbook rules written as heuristics of the problem, with which a search can begin.

Random kicks are the problem's own heuristics.
"""

from collections.abc import Mapping

from .textbook_rules import TEMPERATURE

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "random_kicks": {},
    "annealed_kicks": {"allowed_increases": f"-{TEMPERATURE} * (1.0 - progress) * np.log(noise)"},
}
"""Textbook rule → function → the expression that it returns."""
