"""Textbook control of simulated annealing, as trusted solvers.

They draw what the frame draws, and try as many moves; no candidate is asked.
"""

import math
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.spacing_units import unit_free

from .annealed_tour import annealed

__all__ = [
    "BIAS",
    "HOTTEST",
    "PLATEAU",
    "SHARE_OF_RISE",
    "WARMING",
    "adaptive_cooling",
    "geometric_cooling",
    "lam_cooling",
    "linear_cooling",
    "matched_kinds",
    "textbook_rules",
]

HOTTEST = 0.4
"""Temperature at the start, in units of the cities' spacing, where it follows progress; chosen on training instances."""

SHARE_OF_RISE = 0.05
"""Temperature at the start as a share of the mean rise, where it follows the search; chosen on training instances."""

PLATEAU, WARMING = 0.03, 1.1
"""Of Lam's schedule: the share of moves made, and the factor of a round; chosen on training instances."""

BIAS = 0.1
"""Weight of a kind of move that gains nothing, where one that gains all has so much and 1."""


class _Control(NamedTuple):
    cool: Callable[..., float]
    weigh: Callable[..., NDArray[np.float64]]


def geometric_cooling(progress: float, *_: float) -> float:
    """From `HOTTEST` to a tenth of it, by the same factor in every round (Kirkpatrick, Gelatt & Vecchi 1983).

    The rule that a search starts from.
    """
    return float(HOTTEST * 0.1**progress)


def linear_cooling(progress: float, *_: float) -> float:
    """From `HOTTEST` to 0, by the same amount in every round."""
    return HOTTEST * (1.0 - progress)


def adaptive_cooling(progress: float, temperature: float, _accepted: float, rise: float, spread: float, *_: float) -> float:
    """Cool the less the more the lengths spread.

    After Huang, Romeo & Sangiovanni-Vincentelli (1986): by exp(-0.7 temperature / spread), and never below half; both are kept. The
    temperature at the start is `SHARE_OF_RISE` of the mean rise.
    """
    return SHARE_OF_RISE * rise if progress == 0 else temperature * max(0.5, math.exp(-0.7 * temperature / (spread + 1e-9)))


def lam_cooling(progress: float, temperature: float, accepted: float, rise: float, *_: float) -> float:
    """Heat or cool towards a share of moves made that falls, stays at a plateau, and falls again.

    After Lam & Delosme (1988), in the form of Swartz with its numbers but for the plateau: 44 % suits moves anywhere, and moves to
    neighbours want less (`PLATEAU`).
    """
    if progress == 0:
        return SHARE_OF_RISE * rise
    target = PLATEAU + (1 - PLATEAU) * 560 ** (-progress / 0.15)
    if progress >= 0.15:
        target = PLATEAU * 440 ** (-max(0.0, progress - 0.65) / 0.35)
    return temperature / WARMING if accepted > target else temperature * WARMING


def _equal_kinds(*_: Any) -> NDArray[np.float64]:
    return np.ones(3)


def matched_kinds(
    _progress: float,
    _temperature: float,
    _share: NDArray[np.float64],
    _accepted: NDArray[np.float64],
    gained: NDArray[np.float64],
    _records: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Try kinds of moves in proportion to what they gained lately, and each now and then.

    The bandit known as probability matching (Goldberg 1990; Thierens 2005, doi:10.1145/1068009.1068251).
    """
    weights: NDArray[np.float64] = BIAS + gained / max(gained.sum(), 1e-9)
    return weights


_RULES: Mapping[str, _Control] = {
    "geometric_cooling": _Control(geometric_cooling, _equal_kinds),
    "linear_cooling": _Control(linear_cooling, _equal_kinds),
    "lam_cooling": _Control(lam_cooling, _equal_kinds),
    "adaptive_cooling": _Control(adaptive_cooling, _equal_kinds),
    "probability_matching": _Control(geometric_cooling, matched_kinds),
}


def textbook_rules(moves_per_city: int) -> dict[str, Callable[[TspInstance], NDArray[np.int64]]]:
    """Name → solver with so many moves per city, drawing from a seed made of the instance's name."""

    def solver(control: _Control, instance: TspInstance) -> NDArray[np.int64]:
        rng = np.random.default_rng(zlib.crc32(instance.name.encode()))
        return annealed(control.cool, control.weigh, unit_free(instance).distances, rng, moves_per_city=moves_per_city)

    return {name: partial(solver, control) for name, control in _RULES.items()}
