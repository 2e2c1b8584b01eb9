"""One pass: what a rule is offered at each step, and what it may answer."""

from collections.abc import Callable
from typing import Any

import numpy as np

from problems.cvrp.instance import CvrpInstance, read_only

__all__ = ["BadChoice", "construct"]


class BadChoice(ValueError):
    """A rule's answer is no node it may go to; the candidate's fault, so it is raised in the guest only."""


def construct(choose: Callable[..., Any], instance: CvrpInstance) -> list[list[int]]:
    """Let a rule build all routes, customer by customer.

    The rule is asked where to go next while a waiting customer fits; when none does, the vehicle goes home by itself. Going home early
    is allowed unless it stands at the depot.

    Args:
        choose: (current node, depot, waiting customers that fit in rising order, free capacity, demands, distances) → node.
        instance: What to solve.

    Returns:
        Routes as lists of customers.

    Raises:
        BadChoice: An answer is neither an offered customer nor an allowed return; says at which step and what came instead.
    """
    demands, distances = instance.demands.copy(), read_only(instance.distances)
    waiting = np.arange(1, instance.customers + 1)
    routes: list[list[int]] = []
    route: list[int] = []
    here, free, step = 0, instance.capacity, 0
    while waiting.size:
        offered = waiting[instance.demands[waiting] <= free]
        node = 0
        if offered.size:
            node = _read_choice(choose(here, 0, offered.copy(), free, demands, distances), offered, step=step, here=here)
            step += 1
        if node:
            waiting = waiting[waiting != node]
            free -= int(instance.demands[node])
            route.append(node)
        else:
            routes.append(route)
            route, free = [], instance.capacity
        here = node
    return [*routes, route]


def _read_choice(answer: Any, offered: np.ndarray[Any, Any], *, step: int, here: int) -> int:
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, (int, np.integer)):
        raise BadChoice(
            f"step {step}: the rule returned {answer!r:.60} ({type(answer).__name__}), expected one whole number, a node"
        )
    node = int(answer)
    if node == 0:
        if here == 0:
            raise BadChoice(f"step {step}: the rule returned the depot, where the vehicle stands already; choose a customer")
        return node
    if not (offered == node).any():
        raise BadChoice(f"step {step}: the rule returned {node}, which is not among the {offered.size} customers offered")
    return node
