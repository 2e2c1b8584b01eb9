"""Textbook guides by matrices, and a search without penalties.

All are trusted solvers; the guides work in the frame that asks before every penalty, with the same effort.
"""

import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.tsp.construction.kernels import nearest_neighbour
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.local_search.kernels import iterated, neighbour_lists, started

from .matrix_search import NEIGHBOURS, guided_by_matrices

__all__ = ["KICKS_PER_PERTURBATION", "matrix_textbook_rules"]

KICKS_PER_PERTURBATION = 8
"""So many kicks take about as long as one perturbation with its two searches (200 cities, the classic guide)."""

Matrix = NDArray[np.float64]


def classic_gls(instance: TspInstance, perturbations: int) -> NDArray[np.int64]:
    """The classic guide: length / (1 + penalties).

    The utility of Voudouris & Tsang (1999, doi:10.1016/S0377-2217(98)00099-X).
    """

    def guide(distances: Matrix, tour: Any, penalties: NDArray[np.int64]) -> Matrix:  # noqa: ARG001 - the frame gives all three
        utility: Matrix = distances / (1 + penalties)
        return utility

    return guided_by_matrices(guide, instance, perturbations=perturbations)


def knowledge_gls(instance: TspInstance, perturbations: int) -> NDArray[np.int64]:
    """A guide that knows what good tours look like.

    After Arnold & Sörensen (2019, doi:10.1016/j.cor.2019.01.002). They penalise by a property in which good and bad solutions differ, and
    divide by 1 + penalties. Theirs, the width of an edge seen from the depot, needs a depot; here it is how long an edge is beside the
    way from its ends to their two nearest neighbours, since good tours join near neighbours.
    """
    distances = instance.divisible()
    near = np.sort(distances, axis=1)[:, :2].mean(axis=1)
    detour: Matrix = distances / (near[:, None] + near[None, :])

    def guide(distances: Matrix, tour: Any, penalties: NDArray[np.int64]) -> Matrix:  # noqa: ARG001 - the frame gives all three
        utility: Matrix = detour / (1 + penalties)
        return utility

    return guided_by_matrices(guide, instance, perturbations=perturbations)


def iterated_local_search(instance: TspInstance, perturbations: int) -> NDArray[np.int64]:
    """The same local search with kicks instead of penalties.

    Kicked by double bridges that stay local (Johnson & McGeoch 1997), for about as long.
    """
    distances = instance.distances
    search = started(nearest_neighbour(distances, 0), distances, distances, neighbour_lists(distances, NEIGHBOURS))
    rng = np.random.default_rng(zlib.crc32(instance.name.encode()))
    iterated(search, rng.random((KICKS_PER_PERTURBATION * perturbations, 3)))
    return search.best


def matrix_textbook_rules(perturbations: int) -> dict[str, Callable[[TspInstance], NDArray[np.int64]]]:
    """Name → solver with the effort of so many perturbations."""
    return {
        solver.__name__: partial(solver, perturbations=perturbations)
        for solver in (classic_gls, knowledge_gls, iterated_local_search)
    }
