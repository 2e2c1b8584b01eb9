"""Capacitated vehicle routing, built customer by customer."""

import inspect

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance, PublishedSet
from evoheur.problems.cvrp.routing_problem import TINY, TINY_ONE_WAY, CvrpProblem
from evoheur.problems.stepwise_heuristics.asked import asked_routine

from . import published_interface
from .route_construction import construct
from .routes_by_machine import construct_by_machine

__all__ = ["ConstructiveCVRP", "select_next_node"]


def select_next_node(
    current_node: int,
    depot: int,
    unvisited_nodes: NDArray[np.int64],
    rest_capacity: float,
    demands: NDArray[np.float64],
    distance_matrix: NDArray[np.float64],
) -> int:
    """Choose where the vehicle goes next: a customer that still fits, or home to the depot before it is full.

    Args:
        current_node: Where the vehicle stands; the depot at the start of a route.
        depot: The depot's number, which is 0.
        unvisited_nodes: Customers still waiting that the vehicle can still serve (their demand fits into the free capacity, and a limit
            of the route, where there is one, is kept), in rising order, shape (offered,). There is always at least one: when there is
            none, the vehicle goes home without asking.
        rest_capacity: Free capacity, as a share of the vehicle's: 1.0 at the start of a route.
        demands: Demand of every node, as a share of the capacity, 0 at the depot, shape (nodes,).
        distance_matrix: Distance from any node (row) to any other (column), not to be changed, shape (nodes, nodes). The unit is the
            customers' mean distance from the depot, so that it means the same on every map.

    Returns:
        One of `unvisited_nodes`, or `depot` (not from the depot itself).
    """
    distances = distance_matrix[current_node, unvisited_nodes]
    return int(unvisited_nodes[np.argmin(distances)])


class ConstructiveCVRP(CvrpProblem):
    """Deliver to all customers with vehicles of equal capacity, on routes of the smallest total length that start and end at a depot.

    Every customer is visited once, the demands on a route never exceed the capacity, and the number of vehicles is free. Where an
    instance also limits how long a route may be, the frame keeps to it. Routes are built one after the other, customer by customer; a
    choice is never taken back.
    """

    heuristic = staticmethod(select_next_node)
    published = (published_interface.select_next_node,)

    def __init__(self, *, set: PublishedSet | None = None, machine: bool = False) -> None:  # noqa: A002 - the word that configurations use
        """Choose the instances, and how candidates are carried out.

        Args:
            set: A published set instead of ours, as in `CvrpProblem`.
            machine: Whether candidates are carried out by a compiled machine, which builds the same solutions two to four times as fast.
                Compiling it takes half a minute of processor time, once on this machine where kernels are kept.

        Raises:
            ConfigError: `set` is another word, or `machine` is neither true nor false.
        """
        super().__init__(set=set)
        if not isinstance(machine, bool):
            raise ConfigError(f"cvrp_constructive: machine is {machine!r}; give true or false.")
        self.machine = machine

    def heuristic_calls(self, instance: CvrpInstance) -> int:
        """One for every customer."""
        return instance.customers

    def solve(
        self,
        heuristic: Heuristic,
        instance: CvrpInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> list[list[int]]:
        """Let the heuristic build the routes.

        Raises:
            BadChoice: One of its answers is no node it may go to.
        """
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            posed = self.posed(instance)
            if not self.machine:
                return construct(heuristic.entry, posed)
            asked = asked_routine(heuristic, 6, posed.distances.size)
            if asked.plain_because:
                heuristic.notes["path"] = asked.path
                return construct(heuristic.entry, posed)
            routes = construct_by_machine(heuristic.entry, posed, asked)
            heuristic.notes["path"] = asked.path
            return routes

    def warm_up(self) -> None:
        """Compile the machine, if there is one, and what the base needs."""
        super().warm_up()
        if not self.machine:
            return
        code = "import numpy as np\n" + inspect.getsource(select_next_node)
        warm_up = Heuristic(code=code, functions={"select_next_node": select_next_node})
        for tiny in (TINY, TINY_ONE_WAY):
            self.solve(warm_up, tiny, np.random.default_rng(0))
