"""Textbook rules written as heuristics of the problem, with which a search can begin.

All that insert; NEH is the problem's own heuristics.
"""

from collections.abc import Mapping

__all__ = ["EXPRESSED"]

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "neh": {},
    "neh_least_idle": {"place_scores": "-idle"},
    "neh_deviation": {"job_scores": "mean + deviation"},
    "nehkk1": {"job_scores": "np.minimum(front, back)", "place_scores": "-place if front <= back else place"},
}
"""Textbook rule → function → the expression that it returns."""
