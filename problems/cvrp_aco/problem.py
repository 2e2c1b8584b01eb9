"""Capacitated vehicle routing by an ant colony."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance, PublishedSet
from evoheur.problems.cvrp.routing_problem import CvrpProblem
from evoheur.problems.cvrp.symmetries import HEAVIER, LONGER, MIRRORED, TURNED
from evoheur.problems.returned_numbers import real_numbers

from . import published_interface
from .route_colony import run_colony

__all__ = ["AntColonyCVRP", "heuristics"]


def heuristics(
    distance_matrix: NDArray[np.float64],
    coordinates: NDArray[np.float64],
    demands: NDArray[np.float64],
    capacity: float,
) -> NDArray[np.float64]:
    """Say how promising it is to go from one node directly to another.

    From node i an ant goes to node j with a chance proportional to entry [i, j] times the pheromone there. Node 0 is the depot.

    Args:
        distance_matrix: Between any two nodes, at least 1e-9, also on the diagonal, shape (nodes, nodes). The unit is the customers'
            mean distance from the depot, so that it means the same on every map.
        coordinates: Of the nodes, seen from the depot, which is at 0, 0; the customers' mean distance from it is 1. Which way
            the map is turned, or mirrored, must not matter. Shape (nodes, 2).
        demands: Of the nodes, as shares of the capacity, 0 at the depot, shape (nodes,).
        capacity: Of every vehicle: 1.0, as demands are shares of it.

    Returns:
        Promises, shape (nodes, nodes), clipped to 1e-9..1e9; not NaN. The diagonal is never looked at.
    """
    return 1.0 / distance_matrix


class AntColonyCVRP(CvrpProblem):
    """Deliver to all customers with vehicles of equal capacity, on routes of the smallest total length that start and end at a depot.

    Every customer is visited once, the demands on a route never exceed the capacity, and the number of vehicles is free. Where an
    instance also limits how long a route may be, the frame keeps to it. A colony of ants builds routes step by step, guided by
    pheromone and by the rule's matrix of promising arcs, which is asked for once per instance.
    """

    heuristic = staticmethod(heuristics)
    published = (published_interface.heuristics,)
    work = "search"

    def __init__(self, *, set: PublishedSet | None = None, iterations: int = 100, improve: bool = False) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances and the effort.

        Args:
            set: A published set instead of ours: "eoh_cvrp50" or "reevo_cvrp50". These have no references, so scores are mean lengths. It
                comes with the published interface.
            iterations: How often the 30 ants walk, for candidates and textbook rules alike.
            improve: Whether local search (customers move and change places, routes exchange their ends) shortens the shortest routes of
                every iteration, for both too.

        Raises:
            ConfigError: `set` is another word, or there is no iteration, or `improve` is neither true nor false.
        """
        super().__init__(set=set)
        if set is None:
            self.symmetries = (LONGER, HEAVIER, TURNED, MIRRORED)  # the published interface promises nothing about the map
        if iterations < 1:
            raise ConfigError(f"cvrp_aco: iterations is {iterations}; give at least 1.")
        if not isinstance(improve, bool):
            raise ConfigError(f"cvrp_aco: improve is {improve!r}; give true or false.")
        self.iterations, self.improve = iterations, improve
        if improve:
            self.interface += "; local search shortens the best routes of every iteration"

    def heuristic_calls(self, instance: CvrpInstance) -> int:  # noqa: ARG002 - the same for all
        """One, for the whole matrix."""
        return 1

    def solve(self, heuristic: Heuristic, instance: CvrpInstance, rng: np.random.Generator) -> list[list[int]]:
        """Ask once for the matrix, then let the ants walk.

        Raises:
            BadAnswer: The matrix is unusable.
        """
        instance = self.posed(instance)
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            answer = heuristic(
                np.maximum(instance.distances, 1e-9),
                instance.coordinates.copy(),
                instance.loads.copy(),
                instance.load(instance.capacity),
            )
        nodes = instance.customers + 1
        promises = real_numbers(answer, (nodes, nodes), "heuristics")
        return run_colony(promises, instance, rng, iterations=self.iterations, local_search=self.improve)

    def textbook_rules(self) -> Mapping[str, Callable[[CvrpInstance], Any]]:
        """Clarke & Wright's savings, and the colony with 1/d and 1/d²; it improves routes where candidates' colony does."""
        made = self.trusted("textbook_rules").textbook_rules(self.iterations, local_search=self.improve)
        rules: Mapping[str, Callable[[CvrpInstance], Any]] = made
        return rules
