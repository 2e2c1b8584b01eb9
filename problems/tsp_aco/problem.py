"""The travelling salesman problem by an ant colony."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, in_guest
from evoheur.problems.returned_numbers import real_numbers
from evoheur.problems.tsp.instance import TspInstance, decoded
from evoheur.problems.tsp.tsp_problem import WARM_UP, TspProblem

from . import published_interface
from .tour_colony import run_colony

__all__ = ["AntColonyTSP", "heuristics"]


def heuristics(distance_matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Say how promising it is to go from one city directly to another.

    From city i an ant goes to city j with a chance proportional to entry [i, j] times the pheromone there.

    Args:
        distance_matrix: Between any two cities, symmetric, positive (the diagonal holds the largest distance), shape (cities, cities). Its
            unit is the mean distance from a city to its nearest one, so that it means the same on every map.

    Returns:
        Promises, shape (cities, cities), not NaN; what is negative or nearly 0 beside the largest counts as nearly 0. The diagonal is
        never looked at.
    """
    return 1.0 / distance_matrix


class AntColonyTSP(TspProblem):
    """Visit every city once and return to the first, on a round trip of the smallest total length.

    A colony of ants builds tours city by city, guided by pheromone and by the rule's matrix of promising edges, which is asked for once per
    instance. The number of ants and iterations is fixed, the best tour counts.
    """

    heuristic = staticmethod(heuristics)
    published = (published_interface.heuristics,)
    work = "search"
    sets = ("reevo_tsp50_aco",)
    matrices_held = 8

    def __init__(self, *, set: str | None = None, iterations: int = 100, improve: bool = False) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances and the effort.

        Args:
            set: "reevo_tsp50_aco" instead of our training instances, scored by mean length, with the published interface.
            iterations: How often the 30 ants walk, for candidates and textbook rules alike.
            improve: Whether local search (2-opt and Or-opt) shortens the shortest tour of every iteration, for both too.

        Raises:
            ConfigError: There is no such set, or no iteration, or `improve` is neither true nor false.
        """
        super().__init__(set=set)
        if iterations < 1:
            raise ConfigError(f"tsp_aco: iterations is {iterations}; give at least 1.")
        if not isinstance(improve, bool):
            raise ConfigError(f"tsp_aco: improve is {improve!r}; give true or false.")
        self.iterations, self.improve = iterations, improve
        if improve:
            self.interface += "; local search shortens the best tour of every iteration"

    def heuristic_calls(self, instance: TspInstance) -> int:  # noqa: ARG002 - the same for all
        """One, for the whole matrix."""
        return 1

    def solve(self, heuristic: Heuristic, instance: TspInstance, rng: np.random.Generator) -> NDArray[np.int64]:
        """Ask once for the matrix, then let the ants walk.

        Raises:
            BadAnswer: The matrix is unusable.
        """
        instance = self.posed(instance)
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            answer = heuristic(instance.divisible())
        promises = real_numbers(answer, (instance.cities, instance.cities), "heuristics")
        return run_colony(promises, instance, rng, iterations=self.iterations, local_search=self.improve)

    def textbook_rules(self) -> Mapping[str, Callable[[TspInstance], Any]]:
        """The colony with 1/d, 1/d² and 1/d⁴; it improves tours where candidates' colony does."""
        made = self.trusted("textbook_rules").textbook_rules(self.iterations, local_search=self.improve)
        rules: Mapping[str, Callable[[TspInstance], Any]] = made
        return rules

    def warm_up(self) -> None:
        """Compile the walk of the ants, and local search where there is one."""
        instance = decoded(WARM_UP)
        run_colony(heuristics(instance.divisible()), instance, np.random.default_rng(0), iterations=1, local_search=self.improve)
        if self.improve and not in_guest():
            for solver in self.textbook_rules().values():
                solver(instance)
