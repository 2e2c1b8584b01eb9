"""The travelling salesman problem, by choosing the next city."""

import inspect

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, in_guest
from evoheur.problems.stepwise_heuristics.asked import asked_routine
from evoheur.problems.tsp.instance import TspInstance, decoded
from evoheur.problems.tsp.tsp_problem import WARM_UP, TspProblem

from . import published_interface
from .tour_by_machine import construct_by_machine
from .tour_construction import construct

__all__ = ["ConstructiveTSP", "select_next_node"]


def select_next_node(
    current_node: int,
    destination_node: int,
    unvisited_nodes: NDArray[np.int64],
    distance_matrix: NDArray[np.float64],
) -> int:
    """Choose the city to go to next.

    Args:
        current_node: Where the salesman is.
        destination_node: Where the tour began and will end.
        unvisited_nodes: Cities not visited yet, in rising order, shape (unvisited,); at least 2.
        distance_matrix: Distance between any two cities, symmetric, 0 on the diagonal, not to be changed, shape (cities, cities). Its
            unit is the mean distance from a city to its nearest one, so that it means the same on every map.

    Returns:
        One of `unvisited_nodes`.
    """
    distances = distance_matrix[current_node, unvisited_nodes]
    return int(unvisited_nodes[np.argmin(distances)])


class ConstructiveTSP(TspProblem):
    """Visit every city once and return to the first, on a round trip of the smallest total length.

    The tour is built city by city from a start that is also its destination; a choice is never taken back, so a good rule also thinks of
    the cities that it leaves behind.
    """

    heuristic = staticmethod(select_next_node)
    published = (published_interface.select_next_node,)
    sets = ("eoh_tsp50", "llm4ad_tsp50", "reevo_tsp50")

    def __init__(self, *, set: str | None = None, machine: bool = False) -> None:  # noqa: A002 - the word that configurations use
        """Choose the training instances, and how candidates are carried out.

        Args:
            set: A published training set instead of ours, as in `TspProblem`.
            machine: Whether candidates are carried out by a compiled machine, which builds the same solutions two to four times as fast.
                Compiling it takes half a minute of processor time, once on this machine where kernels are kept.

        Raises:
            ConfigError: There is no such set, or `machine` is neither true nor false.
        """
        super().__init__(set=set)
        if not isinstance(machine, bool):
            raise ConfigError(f"tsp_constructive: machine is {machine!r}; give true or false.")
        self.machine = machine

    matrices_held = 1

    def heuristic_calls(self, instance: TspInstance) -> int:
        """One for every city."""
        return instance.cities

    def solve(
        self,
        heuristic: Heuristic,
        instance: TspInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> NDArray[np.int64]:
        """Let the heuristic build the tour.

        Raises:
            BadChoice: One of its answers is no city it may go to.
        """
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            distances = self.posed(instance).shown()
            if not self.machine:
                return construct(heuristic.entry, distances)
            asked = asked_routine(heuristic, 4, distances.size)
            if asked.plain_because:
                heuristic.notes["path"] = asked.path
                return construct(heuristic.entry, distances)
            tour = construct_by_machine(heuristic.entry, distances, asked)
            heuristic.notes["path"] = asked.path
            return tour

    def warm_up(self) -> None:
        """Compile the machine, if there is one, and on the trusted side what the textbook rules need."""
        instance = decoded(WARM_UP)
        if self.machine:
            code = "import numpy as np\n" + inspect.getsource(select_next_node)
            self.solve(Heuristic(code=code, functions={"select_next_node": select_next_node}), instance, np.random.default_rng())
        if not in_guest():
            for solver in self.textbook_rules().values():
                solver(instance)
