"""Building routes step by step with a heuristic.

One pass: what the heuristic is offered at each step, and what it may answer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance, read_only

__all__ = ["BadCustomer", "construct"]


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
    loads, distances, limits = instance.loads.copy(), read_only(instance.distances), instance.limits
    limited, back = limits.duration < np.inf, limits.durations[:, 0]
    gone = instance.capacity + 1
    waiting = np.where(np.arange(loads.size) == 0, gone, instance.demands)  # demands of those that wait; others never fit
    routes: list[list[int]] = []
    route: list[int] = []
    here, free, step, left, spent = 0, instance.capacity, 0, instance.customers, 0.0
    while left:
        fits = waiting <= free
        if limited:
            fits &= spent + limits.durations[here] + back <= limits.duration
        (offered,) = fits.nonzero()
        node = 0
        if offered.size:
            node = _read_choice(choose(here, 0, offered, instance.load(free), loads, distances), fits, step=step, here=here)
            step += 1
        if node:
            free -= int(waiting[node])
            if limited:
                spent += float(limits.durations[here, node])
            waiting[node] = gone
            left -= 1
            route.append(node)
        else:
            routes.append(route)
            route, free, spent = [], instance.capacity, 0.0
        here = node
    return [*routes, route]


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
