"""The travelling salesman problem by simulated annealing under control."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, in_guest
from evoheur.problems.tsp.instance import TspInstance, decoded
from evoheur.problems.tsp.tsp_problem import WARM_UP, TspProblem

from .annealed_tour import ROUNDS, annealed

__all__ = ["AnnealedTSP", "move_weights", "next_temperature"]


def next_temperature(
    progress: float,
    temperature: float,
    accepted: float,
    rise: float,
    spread: float,
    behind: float,
    mean_edge: float,
    stuck: float,
) -> float:
    """Choose the temperature of the next hundredth of a simulated annealing.

    A move that makes the tour longer by x is made with the chance exp(-x / temperature), one that does not is always made. All lengths
    are in units of the mean distance from a city to its nearest neighbour, so they are about 1 where cities are neighbours.

    Args:
        progress: Share of the moves that are over, from 0 to below 1.
        temperature: The one so far; 0 before the first choice.
        accepted: Share of the last round's moves that were made, from 0 to 1; 0 before the first choice.
        rise: By how much those of the last round's moves that would have lengthened the tour would have done so, in the mean.
        spread: Standard deviation of the tour's length in the last round; 0 before the first choice.
        behind: By how much the tour is longer than the best one so far, at least 0.
        mean_edge: Mean length of an edge of the tour.
        stuck: Share of all moves that were tried since the best tour was improved last, from 0 to 1.

    Returns:
        One real number, not NaN; below 0 it is as 0, at which no tour gets longer.
    """
    return float(0.4 * 0.1**progress)


def move_weights(
    progress: float,
    temperature: float,
    share: NDArray[np.float64],
    accepted: NDArray[np.float64],
    gained: NDArray[np.float64],
    records: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Weigh the three kinds of moves: 2-opt, Or-opt, exchange of two pieces; the next moves are of each kind in proportion.

    "Lately" means that every hundredth of the search counts half as much as the next one.

    Args:
        progress: Share of the moves that are over, from 0 to below 1.
        temperature: That of the next moves, in units of the mean distance from a city to its nearest neighbour.
        share: Share of the last round's moves that were of each kind, shape (3,).
        accepted: Share of each kind's moves that were made lately, shape (3,).
        gained: By how much moves of each kind shortened the tour lately, per move tried, shape (3,).
        records: How many moves of each kind led to the best tour lately, per move tried, shape (3,).

    Returns:
        One real number per kind, shape (3,), finite; below 0 it is as 0, and where none is above 0 all kinds are as frequent.
    """
    return np.ones(3)


class AnnealedTSP(TspProblem):
    """Visit every city once and return to the first, on a round trip of the smallest total length.

    Simulated annealing tries moves of three kinds (2-opt, Or-opt, exchange of two pieces) at random neighbours. Two rules control it, a
    hundred times in a search: one sets the temperature, by which moves are made that lengthen the tour, and one sets how frequent each
    kind of move is. The number of moves is fixed, the best tour counts.
    """

    heuristic = (next_temperature, move_weights)
    published = ()
    sets = ()
    matrices_held = 1
    work = "search"

    def __init__(self, *, moves_per_city: int = 200) -> None:
        """Choose the effort.

        Args:
            moves_per_city: Moves that a search tries, as a multiple of the cities, for candidates and textbook rules alike.

        Raises:
            ConfigError: A question would be about less than a move per five cities.
        """
        super().__init__()
        if moves_per_city < 20:
            raise ConfigError(f"tsp_annealing: moves_per_city is {moves_per_city}; give at least 20.")
        self.moves_per_city = moves_per_city

    def heuristic_calls(self, instance: TspInstance) -> int:  # noqa: ARG002 - the same for all
        """Each of the two functions once a round."""
        return 2 * ROUNDS

    def solve(self, heuristic: Heuristic, instance: TspInstance, rng: np.random.Generator) -> NDArray[np.int64]:
        """Anneal under the two rules.

        Raises:
            BadAnswer: One of their answers is unusable.
        """
        cool, weigh = heuristic.functions["next_temperature"], heuristic.functions["move_weights"]
        with np.errstate(all="ignore"):  # dividing by zero is a rule's own business; what it makes of it counts
            return annealed(cool, weigh, self.posed(instance).distances, rng, moves_per_city=self.moves_per_city)

    def textbook_rules(self) -> Mapping[str, Callable[[TspInstance], Any]]:
        """Schedules of temperatures, and one that learns which kinds of moves pay."""
        rules: Mapping[str, Callable[[TspInstance], Any]] = self.trusted("textbook_rules").textbook_rules(self.moves_per_city)
        return rules

    def warm_up(self) -> None:
        """Compile every kernel that is needed on this side."""
        instance = decoded(WARM_UP)
        annealed(next_temperature, move_weights, self.posed(instance).distances, np.random.default_rng(0), moves_per_city=20)
        if not in_guest():
            for solver in self.trusted("textbook_rules").textbook_rules(20).values():
                solver(instance)
