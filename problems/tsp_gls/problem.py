"""The travelling salesman problem by guided local search."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, in_guest
from evoheur.problems.tsp.instance import TspInstance, decoded
from evoheur.problems.tsp.tsp_problem import WARM_UP, TspProblem

from . import published_interface
from .guided import guided_local_search

__all__ = ["GuidedTSP", "guide"]


def guide(
    distances: NDArray[np.float64],
    tour: NDArray[np.int64],
    penalties: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Say how much each edge deserves to be penalised.

    The search is in a local optimum: it knows no better tour than `tour` nearby. The edge of the tour with the highest entry (of both
    directions together, the first one on ties) gets one more penalty, which makes it longer, and the search goes on.

    Args:
        distances: Between any two cities, symmetric, positive (the diagonal holds the largest distance), shape (cities, cities). Not
            to be changed. The unit is the mean distance from a city to its nearest one, so that they mean the same on every map.
        tour: Index of each city in the order of visiting; the last one is followed by the first. Shape (cities,).
        penalties: How often each edge was penalised so far, symmetric, shape (cities, cities). Not to be changed.

    Returns:
        One real number per edge, shape (cities, cities); not NaN.
    """
    return distances.copy()


class GuidedTSP(TspProblem):
    """Visit every city once and return to the first, on a round trip of the smallest total length.

    A local search with the moves 2-opt and Or-opt is led out of local optima by penalties on edges of the tour: those that probably do not
    belong into a short tour should be penalised, and not always the same ones. The number of penalties is fixed, the best tour counts.
    """

    heuristic = staticmethod(guide)
    published = (published_interface.guide,)
    work = "search"
    sets = ("reevo_tsp200_gls",)

    def __init__(self, *, set: str | None = None, perturbations: int = 200) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances and the effort.

        Args:
            set: "reevo_tsp200_gls" instead of our training instances, scored by mean length, with the published interface.
            perturbations: How often an edge is penalised, for candidates and textbook guides alike.

        Raises:
            ConfigError: There is no such set, or no perturbation.
        """
        super().__init__(set=set)
        if perturbations < 1:
            raise ConfigError(f"tsp_gls: perturbations is {perturbations}; give at least 1.")
        self.perturbations = perturbations

    def solve(
        self,
        heuristic: Heuristic,
        instance: TspInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> NDArray[np.int64]:
        """Search with the guide.

        Raises:
            BadAnswer: One of its answers is unusable.
        """
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            return guided_local_search(heuristic.entry, self.posed(instance), perturbations=self.perturbations)

    def textbook_rules(self) -> Mapping[str, Callable[[TspInstance], Any]]:
        """The classic guide, one that looks at neighbours, and iterated local search."""
        rules: Mapping[str, Callable[[TspInstance], Any]] = self.trusted("textbook_rules").textbook_rules(self.perturbations)
        return rules

    def warm_up(self) -> None:
        """Compile every kernel that is needed on this side."""
        instance = decoded(WARM_UP)
        guided_local_search(guide, instance, perturbations=1)
        if not in_guest():
            for solver in self.trusted("textbook_rules").textbook_rules(1).values():
                solver(instance)
