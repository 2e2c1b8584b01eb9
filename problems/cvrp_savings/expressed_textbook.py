"""Textbook rules written as heuristics of the problem, with which a search can begin.

Altınel & Öncan's cannot be told: it goes by what two customers want, not their routes.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "clarke_wright": {"joining": "home_near + home_far - distance"},
    "gaskell": {"joining": "(home_near + home_far - distance) * (1 + (home_far - home_near) - distance)"},
    "yellow": {"joining": "home_near + home_far - 1.2 * distance"},
    "paessens": {"joining": "home_near + home_far - 1.1 * distance + 0.3 * (home_far - home_near)"},
    "six_pass_savings": {"joining": "home_near + home_far - (1 + 0.4 * variant) * distance"},
}
"""Textbook rule → function → the expression that it returns."""
