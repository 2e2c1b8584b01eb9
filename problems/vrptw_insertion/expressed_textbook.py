"""Textbook rules written as heuristics of the problem, with which a search can begin.

Those that take several passes cannot be told. A new route is opened where nothing fits the newest one, with the farthest customer; older
routes are closed.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

_ONE_BY_ONE = " - 1000 * opening - 2000 * newer"

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "solomon_i1": {"insertion_scores": "2 * home - (1 - opening) * detour" + _ONE_BY_ONE},
    "balanced_i1": {"insertion_scores": "2 * home - (1 - opening) * (0.5 * detour + 0.5 * push)" + _ONE_BY_ONE},
    "push_forward_i1": {"insertion_scores": "2 * home - (1 - opening) * push" + _ONE_BY_ONE},
    "nearest_in_time": {
        "insertion_scores": "-(0.8 * reach + 0.4 * wait + 0.2 * urgency) - 9000 * (1 - last)" + _ONE_BY_ONE,
    },
}
"""Textbook rule → function → the expression that it returns."""
