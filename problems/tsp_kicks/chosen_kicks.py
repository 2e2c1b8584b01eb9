"""Iterated local search, the frame of the two rules."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.returned_numbers import real_numbers
from evoheur.problems.tsp.construction.kernels import greedy_edge
from evoheur.problems.tsp.local_search.kernels import Search, improve, neighbour_lists, started

from .kernels import IMPROVED, KICKS, VIEWS, look, remembered, run_kicks

__all__ = ["FEWEST_CITIES", "NEIGHBOURS", "ROUND", "first_optimum", "kicked"]

NEIGHBOURS = 10
"""Cities that local search tries to connect a city with."""

ROUND = 10
"""Kicks from one question to the next; all cities are looked at for a question, which takes about as long as a kick."""

_DIGITS = 9  # of a length that a rule is told, so that it is 0 where two tours are equally long

FEWEST_CITIES = 5
"""Below it there is no double bridge, and the local search alone finds the shortest tour."""


def kicked(
    place: Callable[..., Any],
    accept: Callable[..., Any],
    distances: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    kicks: int,
) -> NDArray[np.int64]:
    """The best tour that iterated local search finds.

    From the greedy edge tour, improved by 2-opt and Or-opt, each kick takes a piece of the tour apart and the local search mends it. No
    clock is read.

    Args:
        place: The rule `kick_scores`.
        accept: The rule `allowed_increases`.
        distances: Symmetric, free of units, shape (cities, cities).
        rng: Of all that is drawn: for each round the cities' noise, then the kicks', which is above 0, then the pieces.
        kicks: How many, in rounds of `ROUND`, or of as many as there are cities.

    Returns:
        The shortest of all tours on the way.

    Raises:
        BadAnswer: An answer of a rule is unusable.
    """
    search, n = first_optimum(distances), len(distances)
    if n < FEWEST_CITIES:
        return search.best
    memory, counts = remembered(search)
    shown, noise = np.empty((VIEWS, n)), np.empty(n)
    while counts[KICKS] < kicks:
        size = min(ROUND, n, kicks - int(counts[KICKS]))
        progress = int(counts[KICKS]) / kicks
        look(search, memory, counts, shown)
        rng.random(out=noise)
        scores = real_numbers(place(progress, noise, *shown), (n,), "kick_scores").copy()
        behind = max(0.0, round(float(search.lengths[0] - search.lengths[1]), _DIGITS))
        stuck = int(counts[KICKS] - counts[IMPROVED]) / n
        answer = accept(progress, behind, stuck, 1.0 - rng.random(size))
        allowed = np.ascontiguousarray(real_numbers(answer, (size,), "allowed_increases"))
        run_kicks(search, memory, counts, scores, allowed, rng.random((size, 2)))
    return search.best


def first_optimum(distances: NDArray[np.float64]) -> Search:
    """A search in the local optimum that greedy edge leads to."""
    search = started(greedy_edge(distances), distances, distances, neighbour_lists(distances, NEIGHBOURS))
    improve(search, True)
    search.moved[:] = False
    return search
