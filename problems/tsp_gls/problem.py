"""The travelling salesman problem by guided local search."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, in_guest
from evoheur.problems.tsp.instance import TspInstance, decoded
from evoheur.problems.tsp.tsp_problem import WARM_UP, TspProblem

from . import matrix_search, published_interface
from .matrix_search import perturbations_of
from .round_search import guided_by_rounds, rounds_of

__all__ = ["GuidedTSP", "edge_scores"]


def edge_scores(
    mean_length: float,
    progress: float,
    length: NDArray[np.float64],
    penalties: NDArray[np.float64],
    rank: NDArray[np.float64],
    far_rank: NDArray[np.float64],
    near: NDArray[np.float64],
    beside: NDArray[np.float64],
    since: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the edges of a tour: those that probably do not belong into a short tour should have the highest scores.

    The search is in a local optimum. Now edges get penalties, which make them longer, and the tour moves away from them, thirty moves in a
    row. Each time the edge with the highest score / (1 + penalties) gets one penalty more, so scores need not be divided by penalties
    again. Then the search goes on without penalties, and the next local optimum is scored. All lengths are above 0, in units of the mean
    distance from a city to its nearest neighbour, so they are about 1 where cities are neighbours.

    Args:
        mean_length: Of the tour's edges.
        progress: Share of the search that is over, from 0 to below 1.
        length: Of each edge of the tour, shape (cities,).
        penalties: How often each edge was penalised so far, shape (cities,).
        rank: How many of the ten cities nearest to one of its ends are nearer than the other end, from 0 to 10; of the two ends the one
            with fewer, shape (cities,).
        far_rank: The same for the end with more, shape (cities,).
        near: Mean distance from its two ends to their two nearest cities each, shape (cities,).
        beside: Mean length of the two edges of the tour before and after it, shape (cities,).
        since: Local optima since each edge was penalised last, or since the start, shape (cities,).

    Returns:
        One real number per edge, shape (cities,); not NaN. Scores below 0 are multiplied by 1 + penalties, and edges with minus infinity
            are not penalised.
    """
    return length.copy()


class GuidedTSP(TspProblem):
    """Visit every city once and return to the first, on a round trip of the smallest total length.

    A local search with the moves 2-opt and Or-opt is led out of local optima by penalties on edges of the tour: those that probably do not
    belong into a short tour should be penalised, and not always the same ones. The number of rounds is fixed, the best tour counts.
    """

    heuristic = staticmethod(edge_scores)
    published = (published_interface.guide,)
    work = "search"
    sets = ("reevo_tsp200_gls",)
    matrices_held = 6

    def __init__(self, *, set: str | None = None, matrices: bool = False, perturbations: int | None = None) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances, what a heuristic is asked for, and the effort.

        Args:
            set: "reevo_tsp200_gls" instead of our training instances, scored by mean length, with the published interface, which asks for
                matrices.
            matrices: Whether a heuristic is asked before every single penalty, for a matrix of all edges; else once for about thirty
                moves, for scores of the tour's edges.
            perturbations: How often the heuristic is asked, and for textbook rules as much work; by default 200 times for matrices, and
                else once for every three cities, but at least ten times.

        Raises:
            ConfigError: There is no such set, or no perturbation, or `matrices` is another word.
        """
        super().__init__(set=set)
        if not isinstance(matrices, bool):
            raise ConfigError(f"tsp_gls: matrices is {matrices!r}; give true or false.")
        if perturbations is not None and perturbations < 1:
            raise ConfigError(f"tsp_gls: perturbations is {perturbations}; give at least 1.")
        self.matrices = matrices or set is not None
        self.perturbations = perturbations
        if set is None:
            self.interface += "; a matrix before every penalty" if matrices else "; edges of the tour, scored by rounds"

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """The heuristic that scores edges of the tour, or the one that makes matrices."""
        if self.set is None and self.matrices:
            return (matrix_search.guide,)
        return super().functions()

    def heuristic_calls(self, instance: TspInstance) -> int:
        """One before every penalty, or one for every round."""
        return perturbations_of(self.perturbations) if self.matrices else rounds_of(instance.cities, self.perturbations)

    def solve(
        self,
        heuristic: Heuristic,
        instance: TspInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> NDArray[np.int64]:
        """Search with the heuristic.

        Raises:
            BadAnswer: One of its answers is unusable.
        """
        posed = self.posed(instance)
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            if self.matrices:
                return matrix_search.guided_by_matrices(
                    heuristic.entry, posed, perturbations=perturbations_of(self.perturbations)
                )
            return guided_by_rounds(heuristic.entry, posed.distances, rounds=rounds_of(posed.cities, self.perturbations))

    def textbook_rules(self) -> Mapping[str, Callable[[TspInstance], Any]]:
        """The classic guide, one that looks at neighbours, and iterated local search."""
        rules: Mapping[str, Callable[[TspInstance], Any]] = (
            self.trusted("matrix_textbook_rules").matrix_textbook_rules(perturbations_of(self.perturbations))
            if self.matrices
            else self.trusted("textbook_rules").textbook_rules(self.perturbations)
        )
        return rules

    def warm_up(self) -> None:
        """Compile every kernel that is needed on this side."""
        instance = decoded(WARM_UP)
        if self.matrices:
            matrix_search.guided_by_matrices(matrix_search.guide, instance, perturbations=1)
        else:
            guided_by_rounds(edge_scores, self.posed(instance).distances, rounds=1)
        if not in_guest():
            for solver in self.textbook_rules().values():
                solver(instance)
