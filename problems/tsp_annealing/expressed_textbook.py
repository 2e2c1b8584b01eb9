"""Textbook rules written as heuristics of the problem, with which a search can begin.

Geometric cooling is the problem's own heuristics.
"""

from collections.abc import Mapping

from .textbook_rules import BIAS, HOTTEST, PLATEAU, SHARE_OF_RISE, WARMING

__all__ = ["EXPRESSED"]

_RISING = f"{PLATEAU} + {1 - PLATEAU} * 560 ** (-progress / 0.15)"
_FALLING = f"{PLATEAU} * 440 ** (-max(0.0, progress - 0.65) / 0.35)"

EXPRESSED: Mapping[str, Mapping[str, str]] = {
    "geometric_cooling": {},
    "linear_cooling": {"next_temperature": f"{HOTTEST} * (1.0 - progress)"},
    "lam_cooling": {
        "next_temperature": (
            f"{SHARE_OF_RISE} * rise if progress == 0 else temperature / {WARMING} "
            f"if accepted > ({_RISING} if progress < 0.15 else {_FALLING}) else temperature * {WARMING}"
        )
    },
    "adaptive_cooling": {
        "next_temperature": (
            f"{SHARE_OF_RISE} * rise if progress == 0 else temperature * max(0.5, np.exp(-0.7 * temperature / (spread + 1e-9)))"
        )
    },
    "probability_matching": {"move_weights": f"{BIAS} + gained / max(gained.sum(), 1e-9)"},
}
"""Textbook rule → function → the expression that it returns."""
