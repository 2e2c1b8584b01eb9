"""Guided local search by rounds, the frame of the heuristic.

Penalties on edges lead a local search away from where it was.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.returned_numbers import real_numbers
from evoheur.problems.tsp.construction.kernels import greedy_edge
from evoheur.problems.tsp.local_search.kernels import Search, improve, neighbour_lists, started

from .round_kernels import VIEWS, look, penalise, remembered_edges

__all__ = [
    "CITIES_PER_ROUND",
    "FEWEST_CITIES",
    "FEWEST_ROUNDS",
    "NEIGHBOURS",
    "WEIGHT",
    "first_guided_optimum",
    "guided_by_rounds",
    "rounds_of",
]

NEIGHBOURS = 10
"""Cities that local search tries to connect a city with."""

WEIGHT = 0.6
"""Voudouris & Tsang's a: what a penalty adds, as a share of the mean edge of the first local optimum; chosen on training instances."""

CITIES_PER_ROUND, FEWEST_ROUNDS = 3, 10
"""A search has a round for so many cities where nothing else is said, which is about ten moves with penalties per city; and no fewer."""

FEWEST_CITIES = 5
"""Below it the local search alone finds the shortest tour."""


def guided_by_rounds(edge_scores: Callable[..., Any], distances: NDArray[np.float64], *, rounds: int) -> NDArray[np.int64]:
    """The best tour that guided local search finds.

    After Voudouris & Tsang (1999, doi:10.1016/S0377-2217(98)00099-X), with rounds of penalties between descents without them, as knowledge
    guided local search has it (Arnold & Sörensen 2019, doi:10.1016/j.cor.2019.01.002). Moves with penalties are made at the ends of
    penalised edges only: were the whole tour to follow, each descent would undo it. From the greedy edge tour, improved by 2-opt and
    Or-opt. No clock is read and nothing is drawn.

    Args:
        edge_scores: The heuristic.
        distances: Symmetric, free of units, shape (cities, cities).
        rounds: How often the heuristic is asked.

    Returns:
        The shortest of all tours on the way.

    Raises:
        BadAnswer: An answer of the heuristic is unusable.
    """
    search, n = first_guided_optimum(distances), len(distances)
    if n < FEWEST_CITIES:
        return search.best
    weight, memory = WEIGHT * search.lengths[0] / n, remembered_edges(search)
    shown = np.empty((VIEWS, n))
    for number in range(rounds):
        mean_length = look(search, memory, number, shown)
        answer = edge_scores(mean_length, number / rounds, *shown)
        scores = np.ascontiguousarray(real_numbers(answer, (n,), "edge_scores"))
        penalise(search, memory, number, scores, weight)
    return search.best


def rounds_of(cities: int, perturbations: int | None) -> int:
    """How many rounds a search has; as many as its cities ask for where nothing is said (None)."""
    return max(FEWEST_ROUNDS, cities // CITIES_PER_ROUND) if perturbations is None else perturbations


def first_guided_optimum(distances: NDArray[np.float64]) -> Search:
    """A search without penalties yet, in the local optimum that greedy edge leads to."""
    search = started(greedy_edge(distances), distances.copy(), distances, neighbour_lists(distances, NEIGHBOURS))
    improve(search, True)
    search.moved[:] = False
    return search
