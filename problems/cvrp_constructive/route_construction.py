"""Building routes step by step with a heuristic.

One pass: what the heuristic is offered at each step, and what it may answer.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance, read_only

__all__ = ["BadCustomer", "RouteBuilding", "construct"]


class BadCustomer(ValueError):
    """A heuristic's answer is no node it may go to.

    This is the candidate's fault, so it is raised in the guest only.
    """


def construct(choose: Callable[..., Any], instance: CvrpInstance) -> list[list[int]]:
    """Let a heuristic build all routes, customer by customer.

    The heuristic is asked where to go next while the vehicle can still serve a waiting customer and be home in time; when it cannot, it
    goes home by itself. Going home early is allowed unless it stands at the depot, whatever the size of the fleet.

    Args:
        choose: (current node, depot, waiting customers that fit in rising order, free capacity, demands, distances) → node.
        instance: What to solve; the rule sees capacity and demands as its `load` and `loads` give them.

    Returns:
        Routes as lists of customers.

    Raises:
        BadChoice: An answer is neither an offered customer nor an allowed return; says at which step and what came instead.
    """
    building = RouteBuilding(instance)
    while building.left:
        building.go_on(choose)
    return building.routes()


class RouteBuilding:
    """Routes in the making.

    Attributes:
        loads: What the heuristic is shown of the demands; its own, which it may change.
        distances: What it is shown of the distances.
        waiting: Demands of the customers that wait, and for others more than any vehicle can take; shape (nodes,).
        visits: Nodes in the order of visiting, the depot between routes; the first `visited` count.
        visited: How many those are.
        here: Where the vehicle is.
        free: Its free capacity.
        spent: How long it has been under way, where that is limited.
        left: Customers that wait.
        asked: Questions so far.
    """

    def __init__(self, instance: CvrpInstance) -> None:
        self._instance = instance
        self.limits = instance.limits
        self.limited = self.limits.duration < np.inf
        self.loads, self.distances = instance.loads.copy(), read_only(instance.distances)
        # Demands of those that wait; others never fit.
        self.waiting = np.where(np.arange(self.loads.size) == 0, instance.capacity + 1, instance.demands)
        self.visits = np.zeros(2 * self.loads.size + 1, dtype=np.int64)
        self.visited, self.here, self.free, self.spent = 0, 0, instance.capacity, 0.0
        self.left, self.asked = instance.customers, 0

    def go_on(self, choose: Callable[..., Any]) -> bool:
        """Go to the next node, which the heuristic is asked for unless no customer fits; whether it was asked.

        Raises:
            BadChoice: As in `construct`.
        """
        fits, here = self.waiting <= self.free, self.here
        if self.limited:
            durations = self.limits.durations
            fits &= self.spent + durations[here] + durations[:, 0] <= self.limits.duration
        (offered,) = fits.nonzero()
        node = 0
        if offered.size:
            answer = choose(here, 0, offered, self._instance.load(self.free), self.loads, self.distances)
            node = _read_choice(answer, fits, step=self.asked, here=here)
            self.asked += 1
        self._visit(node)
        return bool(offered.size)

    def _visit(self, node: int) -> None:
        if node:
            self.free -= int(self.waiting[node])
            if self.limited:
                self.spent += float(self.limits.durations[self.here, node])
            self.waiting[node] = self._instance.capacity + 1
            self.left -= 1
        else:
            self.free, self.spent = self._instance.capacity, 0.0
        self.visits[self.visited] = self.here = node
        self.visited += 1

    def copy(self) -> "RouteBuilding":
        """The same routes, to go on with in another way."""
        other = copy(self)
        other.waiting, other.visits = self.waiting.copy(), self.visits.copy()
        return other

    def routes(self) -> list[list[int]]:
        """The routes as lists of customers."""
        routes: list[list[int]] = [[]]
        for node in self.visits[: self.visited].tolist():
            if node:
                routes[-1].append(node)
            else:
                routes.append([])
        return routes


def _read_choice(answer: Any, fits: NDArray[np.bool_], *, step: int, here: int) -> int:
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, (int, np.integer)):
        raise BadCustomer(
            f"step {step}: the heuristic returned {answer!r:.60} ({type(answer).__name__}), expected one whole number, a node"
        )
    node = int(answer)
    if node == 0:
        if here == 0:
            raise BadCustomer(
                f"step {step}: the heuristic returned the depot, where the vehicle stands already; choose a customer"
            )
        return node
    if not (0 < node < fits.size and fits[node]):
        offered = np.count_nonzero(fits)
        raise BadCustomer(f"step {step}: the heuristic returned {node}, which is not among the {offered} customers offered")
    return node
