"""Textbook rules written as heuristics of the problem, with which a search can begin.

Those that finish need `left`, which heuristics are told with the setting `horizon`.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED", "SQUARES"]

SQUARES = "np.where(free < capacity, 2 * here - 1, 0) - np.where(rest > 0, 2 * there + 1, 0)"
WEIGHTED = (
    "np.where(free < capacity, (2 * here - 1) * (1 / (fit_here * np.sqrt(fit_here))), 0)"
    " - np.where(rest > 0, (2 * there + 1) * (1 / (fit_there * np.sqrt(fit_there))), 0)"
)
FINISH = "np.where((left + 1) * mean <= 1.5 * space, -rest, {})"

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "best_fit": {"priority": "-rest"},
    "sum_of_squares": {"priority": SQUARES},
    "sum_of_squares_with_finish": {"priority": FINISH.format(SQUARES)},
    "weighted_sum_of_squares": {"priority": FINISH.format(WEIGHTED)},
}
"""Textbook rule → function → the expression that it returns."""
