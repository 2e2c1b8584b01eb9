"""Capacitated vehicle routing by ruin and recreate.

Routes are improved by taking customers out of them and putting them back.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance, PublishedSet
from evoheur.problems.cvrp.routing_problem import CvrpProblem

from . import published_interface
from .ruin_recreate import RuinRecreate

__all__ = ["RuinRecreateCVRP", "insertion_scores", "removal_scores"]


def removal_scores(
    seed: int,
    distances: NDArray[np.float64],
    demands: NDArray[np.float64],
    routes: NDArray[np.int64],
    successors: NDArray[np.int64],
    savings: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the customers for leaving their routes; those with the highest scores leave, the lower number first on ties.

    How many leave is drawn anew each time, 1 to 20. All arrays have one entry per node; entry 0 is the depot, whose score is ignored.

    Args:
        seed: Index of a customer drawn at random, around which routes may be opened.
        distances: From the seed to every node, not to be changed, shape (nodes,). The unit of all lengths is the customers' mean distance
            from the depot, so that they mean the same on every map.
        demands: Of every node, as shares of the capacity, shape (nodes,).
        routes: Number of the route that a customer is on, shape (nodes,).
        successors: Index of the customer that is next on the same route, 0 behind the last one, shape (nodes,).
        savings: By how much the routes become shorter if this customer alone leaves, at least 0, shape (nodes,).
        noise: Fresh random numbers in [0, 1), shape (nodes,).

    Returns:
        Scores, shape (nodes,); a customer with a score of -inf stays in any case. Not NaN.
    """
    return noise


def insertion_scores(
    demands: NDArray[np.float64],
    depot_distances: NDArray[np.float64],
    cheapest: NDArray[np.float64],
    regrets: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the customers that have left; they come back from the highest score to the lowest, each where it then costs least.

    All arrays have one entry per customer that has left, in the same order.

    Args:
        demands: Of the customers, as shares of the capacity, shape (removed,).
        depot_distances: From the depot, shape (removed,). The unit of all lengths is the customers' mean distance from the depot.
        cheapest: What it would cost now to put the customer where it lengthens the routes least, shape (removed,).
        regrets: How much more the best place on another route would cost, at least 0, shape (removed,).
        noise: Fresh random numbers in [0, 1), shape (removed,).

    Returns:
        Scores, shape (removed,); not NaN.
    """
    return noise


class RuinRecreateCVRP(CvrpProblem):
    """Deliver to all customers with vehicles of equal capacity, on routes of the smallest total length that start and end at a depot.

    Every customer is visited once, the demands on a route never exceed the capacity, and the number of vehicles is free. Where an
    instance also limits how long a route may be, the frame keeps to it. A search starts from good routes; in each of many iterations
    some customers leave their routes and come back one by one, and the new routes are kept if they are not much longer than the best so
    far. Two rules decide: which customers leave, and in what order they come back. Leaving customers that are near each other, from a
    few neighbouring routes, makes room for a different arrangement.
    """

    heuristic = (removal_scores, insertion_scores)
    published = (published_interface.removal_scores, published_interface.insertion_scores)
    work = "search"

    def __init__(self, *, set: PublishedSet | None = None, iterations: int = 2000) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances and the effort.

        Args:
            set: A published set instead of ours: "eoh_cvrp50" or "reevo_cvrp50". These have no references, so scores are mean lengths. It
                comes with the published interface.
            iterations: Of the search on each instance, for candidates and textbook rules alike.

        Raises:
            ConfigError: `set` is another word, or there is no iteration.
        """
        super().__init__(set=set)
        if iterations < 1:
            raise ConfigError(f"cvrp_ruin_recreate: iterations is {iterations}; give at least 1.")
        self.iterations = iterations

    def solve(self, heuristic: Heuristic, instance: CvrpInstance, rng: np.random.Generator) -> list[list[int]]:
        """Search with the two heuristics.

        Raises:
            BadAnswer: Scores are unusable.
        """
        ruin, recreate = heuristic.functions["removal_scores"], heuristic.functions["insertion_scores"]
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            return RuinRecreate(ruin, recreate, self.posed(instance), rng).run(self.iterations)

    def textbook_rules(self) -> Mapping[str, Callable[[CvrpInstance], Any]]:
        """The start, and two textbook searches of equal effort.

        They are random removal with greedy insertion, and string removal with blinks.
        """
        rules: Mapping[str, Callable[[CvrpInstance], Any]] = self.trusted("textbook_rules").textbook_rules(self.iterations)
        return rules
