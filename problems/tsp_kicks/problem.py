"""The travelling salesman problem by iterated local search."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, in_guest
from evoheur.problems.tsp.instance import TspInstance, decoded
from evoheur.problems.tsp.tsp_problem import WARM_UP, TspProblem

from .chosen_kicks import kicked

__all__ = ["KickedTSP", "allowed_increases", "kick_scores"]


def kick_scores(
    progress: float,
    noise: NDArray[np.float64],
    longer: NDArray[np.float64],
    shorter: NDArray[np.float64],
    nearest: NDArray[np.float64],
    second: NDArray[np.float64],
    rank: NDArray[np.float64],
    tried: NDArray[np.float64],
    age: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the cities: the next ten kicks take those pieces of the tour apart that begin at the ten cities with the highest scores.

    All lengths are in units of the mean distance from a city to its nearest neighbour, so they are about 1 where cities are neighbours.

    Args:
        progress: Share of the kicks that are over, from 0 to below 1.
        noise: Random numbers, uniform from 0 to 1, shape (cities,).
        longer: Length of the longer one of the two edges of the tour at each city, shape (cities,).
        shorter: Length of the shorter one, shape (cities,).
        nearest: Distance to the nearest other city, shape (cities,).
        second: Distance to the second nearest, shape (cities,).
        rank: How many of the ten nearest cities are nearer than the end of the longer edge, from 0 to 10, shape (cities,).
        tried: How many kicks began at each city so far, shape (cities,).
        age: Kicks since an edge of the tour at each city changed last, or since the start, per city of the map, shape (cities,).

    Returns:
        One real number per city, shape (cities,); not NaN.
    """
    return noise.copy()


def allowed_increases(
    progress: float,
    behind: float,
    stuck: float,
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Say by how much each of the next kicks may lengthen the tour; a tour that got longer than that is given up for the one before.

    All lengths are in units of the mean distance from a city to its nearest neighbour.

    Args:
        progress: Share of the kicks that are over, from 0 to below 1.
        behind: By how much the tour is longer than the best one so far, at least 0.
        stuck: Kicks since the best tour was improved last, or since the start, per city of the map.
        noise: Random numbers, uniform from 0 to 1 but not 0, shape (kicks,).

    Returns:
        One real number per kick, 0 for tours that are not longer, shape (kicks,); not NaN.
    """
    return 0.0 * noise


class KickedTSP(TspProblem):
    """Visit every city once and return to the first, on a round trip of the smallest total length.

    A local search with the moves 2-opt and Or-opt is kicked out of its local optimum again and again: a piece of the tour is put together
    in another order, and the search goes on from there. Two rules decide: at which cities kicks begin, and whether a tour that became
    longer is kept. The number of kicks is fixed, the best tour counts.
    """

    heuristic = (kick_scores, allowed_increases)
    published = ()
    sets = ()
    matrices_held = 1
    work = "search"

    def __init__(self, *, kicks_per_city: int = 1) -> None:
        """Choose the effort.

        Args:
            kicks_per_city: Kicks of a search, as a multiple of the cities, for candidates and textbook rules alike.

        Raises:
            ConfigError: There is no kick.
        """
        super().__init__()
        if kicks_per_city < 1:
            raise ConfigError(f"tsp_kicks: kicks_per_city is {kicks_per_city}; give at least 1.")
        self.kicks_per_city = kicks_per_city

    def heuristic_calls(self, instance: TspInstance) -> int:
        """Each of the two functions once for every ten kicks."""
        return 2 * -(-self.kicks_per_city * instance.cities // 10)

    def solve(self, heuristic: Heuristic, instance: TspInstance, rng: np.random.Generator) -> NDArray[np.int64]:
        """Search with the two rules.

        Raises:
            BadAnswer: One of their answers is unusable.
        """
        place, accept = heuristic.functions["kick_scores"], heuristic.functions["allowed_increases"]
        with np.errstate(all="ignore"):  # dividing by zero is a rule's own business; what it makes of it counts
            return kicked(place, accept, self.posed(instance).distances, rng, kicks=self.kicks_per_city * instance.cities)

    def textbook_rules(self) -> Mapping[str, Callable[[TspInstance], Any]]:
        """Random kicks with two ways to accept."""
        rules: Mapping[str, Callable[[TspInstance], Any]] = self.trusted("textbook_rules").textbook_rules(self.kicks_per_city)
        return rules

    def warm_up(self) -> None:
        """Compile every kernel that is needed on this side."""
        instance = decoded(WARM_UP)
        kicked(kick_scores, allowed_increases, self.posed(instance).distances, np.random.default_rng(0), kicks=10)
        if not in_guest():
            for solver in self.trusted("textbook_rules").textbook_rules(1).values():
                solver(instance)
