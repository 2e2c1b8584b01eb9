"""Simulated annealing by rounds, the frame of the two rules."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.returned_numbers import BadAnswer, real_number, real_numbers
from evoheur.problems.tsp.construction.kernels import greedy_edge
from evoheur.problems.tsp.local_search.kernels import Search, neighbour_lists, started

from .kernels import (
    DRAWS,
    GAINED,
    KINDS,
    LATEST,
    MADE,
    MOVES,
    RECORDS,
    RISEN,
    RISES,
    SQUARES,
    SUM,
    TRIED,
    anneal,
    measured_anew,
)

__all__ = ["FEWEST_CITIES", "NEIGHBOURS", "ROUNDS", "annealed"]

NEIGHBOURS = 10
"""Cities that a move may connect a city with."""

ROUNDS = 100
"""Questions of a search; moves are shared out evenly among them."""

FEWEST_CITIES = 5
"""Below it there are no pieces to exchange, and the greedy edge tour counts."""

_HOTTEST = 1e9  # above it every move is made anyway, and infinity times a luck of 0 would be no number
_DIGITS = 9  # of lengths that rules are told, so that rounding of sums decides nothing
_FADING = 0.5  # what a round leaves of the rounds before in the records of kinds


def annealed(
    cool: Callable[..., Any],
    weigh: Callable[..., Any],
    distances: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    moves_per_city: int,
) -> NDArray[np.int64]:
    """The best tour that simulated annealing finds.

    From the greedy edge tour, after Kirkpatrick, Gelatt & Vecchi (1983, doi:10.1126/science.220.4598.671), with moves to neighbours only
    (Johnson & McGeoch 1997). Before the first round as many moves as it has are measured and none is made, so that the rules know
    what moves cost. No clock is read.

    Args:
        cool: The rule `next_temperature`.
        weigh: The rule `move_weights`.
        distances: Symmetric, free of units, shape (cities, cities).
        rng: Of all that is drawn: for each round, and for the measuring before them, five numbers a move.
        moves_per_city: How many moves are tried in all, as a multiple of the cities, in `ROUNDS` rounds.

    Returns:
        The shortest of all tours on the way.

    Raises:
        BadAnswer: An answer of a rule is unusable.
    """
    n = len(distances)
    search = started(greedy_edge(distances), distances, distances, neighbour_lists(distances, NEIGHBOURS))
    if n < FEWEST_CITIES:
        return search.best
    total, lately = moves_per_city * n, np.zeros((KINDS, 4))
    kinds, walk, equal = np.empty((KINDS, 4)), np.empty(6), np.array([1.0, 2.0]) / KINDS
    anneal(search, rng.random((-(-total // ROUNDS), DRAWS)), equal, -1.0, kinds, walk)
    temperature, done, improved = 0.0, 0, 0
    for number in range(ROUNDS):
        progress = number / ROUNDS
        temperature = _cooled(cool, progress, temperature, search, kinds, walk, (done - improved) / total)
        bounds = _bounds(weigh, progress, temperature, kinds, lately)
        until = total * (number + 1) // ROUNDS
        anneal(search, rng.random((until - done, DRAWS)), bounds, temperature, kinds, walk)
        measured_anew(search)
        improved = done + int(walk[LATEST]) if walk[LATEST] else improved
        done = until
        lately *= _FADING
        lately += kinds
    return search.best


def _cooled(
    cool: Callable[..., Any],
    progress: float,
    temperature: float,
    search: Search,
    kinds: NDArray[np.float64],
    walk: NDArray[np.float64],
    stuck: float,
) -> float:
    moves = max(1.0, float(walk[MOVES]))
    mean = float(walk[SUM]) / moves
    spread = max(0.0, float(walk[SQUARES]) / moves - mean**2) ** 0.5
    answer = cool(
        progress,
        temperature,
        float(kinds[:, MADE].sum() / max(1.0, kinds[:, TRIED].sum())),
        round(float(walk[RISEN]) / max(1.0, float(walk[RISES])), _DIGITS),
        round(spread, _DIGITS),
        max(0.0, round(float(search.lengths[0] - search.lengths[1]), _DIGITS)),
        round(float(search.lengths[0]) / len(search.tour), _DIGITS),
        stuck,
    )
    return min(max(0.0, real_number(answer, "next_temperature")), _HOTTEST)


def _bounds(
    weigh: Callable[..., Any], progress: float, temperature: float, kinds: NDArray[np.float64], lately: NDArray[np.float64]
) -> NDArray[np.float64]:
    # What draws of a kind are below, of the first two kinds.
    tried = np.maximum(lately[:, TRIED], 1.0)
    share = kinds[:, TRIED] / max(1.0, kinds[:, TRIED].sum())
    gained = np.round(lately[:, GAINED] / tried, _DIGITS)
    answer = weigh(progress, temperature, share, lately[:, MADE] / tried, gained, lately[:, RECORDS] / tried)
    weights = np.maximum(real_numbers(answer, (KINDS,), "move_weights"), 0.0)
    if not np.isfinite(weights).all():
        raise BadAnswer(f"move_weights returned {weights.tolist()}, expected real numbers that are not infinite")
    if not weights.max() > 0.0:
        weights = np.ones(KINDS)
    shares: NDArray[np.float64] = np.cumsum(weights / weights.max())
    bounds: NDArray[np.float64] = shares[:2] / shares[2]
    return bounds
