"""Textbook guides by rounds, and a search without penalties, as trusted solvers.

The guides go through the rounds of the frame; no heuristic is asked.
"""

import zlib
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.tsp.construction.kernels import greedy_edge
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.local_search.kernels import iterated, neighbour_lists, started
from evoheur.problems.tsp.spacing_units import unit_free

from .round_kernels import penalise, remembered_edges
from .round_search import FEWEST_CITIES, NEIGHBOURS, WEIGHT, first_guided_optimum, rounds_of

__all__ = ["KICKS_PER_ROUND", "classic_gls", "iterated_local_search", "knowledge_gls", "textbook_rules"]

KICKS_PER_ROUND = 8
"""So many kicks take about as long as one round (60 to 150 cities)."""

_SHORTEST = 1e-9  # what is divided by is at least that, where cities share a place


def classic_gls(instance: TspInstance, *, perturbations: int | None) -> NDArray[np.int64]:
    """The classic guide: length / (1 + penalties), the rule that a search starts from.

    The utility of Voudouris & Tsang (1999, doi:10.1016/S0377-2217(98)00099-X).
    """
    distances = unit_free(instance).distances
    return _searched(distances, np.ones(len(distances)), rounds_of(len(distances), perturbations))


def knowledge_gls(instance: TspInstance, *, perturbations: int | None) -> NDArray[np.int64]:
    """A guide that knows what good tours look like.

    After Arnold & Sörensen (2019, doi:10.1016/j.cor.2019.01.002). They penalise by a property in which good and bad solutions differ, and
    divide by 1 + penalties. Theirs, the width of an edge seen from the depot, needs a depot; here it is how long an edge is beside the
    way from its ends to their two nearest neighbours, since good tours join near neighbours.
    """
    distances = unit_free(instance).distances
    others = distances + np.diag(np.full(len(distances), np.inf))
    return _searched(distances, np.sort(others, axis=1)[:, :2].sum(axis=1), rounds_of(len(distances), perturbations))


def _searched(distances: NDArray[np.float64], nearest: NDArray[np.float64], rounds: int) -> NDArray[np.int64]:
    # With the length of an edge over the sum of two numbers, one of each end.
    search = first_guided_optimum(distances)
    if len(distances) < FEWEST_CITIES:
        return search.best
    weight, memory = WEIGHT * search.lengths[0] / len(distances), remembered_edges(search)
    for number in range(rounds):
        starts, ends = search.tour, np.roll(search.tour, -1)
        lengths = np.maximum(distances[starts, ends], _SHORTEST)
        penalise(search, memory, number, lengths / np.maximum((nearest[starts] + nearest[ends]) / 4.0, _SHORTEST), weight)
    return search.best


def iterated_local_search(instance: TspInstance, *, perturbations: int | None) -> NDArray[np.int64]:
    """The same local search with kicks instead of penalties.

    Kicked by double bridges that stay local (Johnson & McGeoch 1997), for about as long.
    """
    distances, n = instance.distances, instance.cities
    search = started(greedy_edge(distances), distances, distances, neighbour_lists(distances, NEIGHBOURS))
    rng = np.random.default_rng(zlib.crc32(instance.name.encode()))
    iterated(search, rng.random((KICKS_PER_ROUND * rounds_of(n, perturbations) if n >= FEWEST_CITIES else 0, 3)))
    return search.best


def textbook_rules(perturbations: int | None) -> dict[str, Callable[[TspInstance], NDArray[np.int64]]]:
    """Name → solver with the effort of so many rounds."""
    return {
        solver.__name__: partial(solver, perturbations=perturbations)
        for solver in (classic_gls, knowledge_gls, iterated_local_search)
    }
