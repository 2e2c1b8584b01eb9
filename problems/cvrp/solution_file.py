"""Solutions as CVRPLIB's `.sol` files: a line per route, and the cost."""

from collections.abc import Sequence

__all__ = ["routes_text"]


def routes_text(routes: Sequence[Sequence[int]], cost: float, *, depot: int = 1) -> str:
    """Write "Route #1: 3 7" for every route that visits someone, then "Cost 784".

    CVRPLIB's solutions give a customer the number of its node in the instance's file less one, so that the depot, if it is node 1, is 0.

    Args:
        routes: Customers as the problem counts them: from 1 in the order of the nodes, without the depot.
        cost: Of the solution.
        depot: Number of the depot's node in the file.
    """
    visited = [route for route in routes if route]
    lines = [
        f"Route #{number}: {' '.join(str(customer if customer >= depot else customer - 1) for customer in route)}"
        for number, route in enumerate(visited, start=1)
    ]
    return "\n".join([*lines, f"Cost {int(cost) if cost == int(cost) else cost!r}", ""])
