"""Solutions as CVRPLIB's `.sol` files: a line per route, and the cost."""

from collections.abc import Sequence

__all__ = ["routes_text"]


def routes_text(routes: Sequence[Sequence[int]], cost: float) -> str:
    """Write routes and cost in CVRPLIB's form.

    "Route #1: 3 7" for every route that visits someone, then "Cost 784".

    As in CVRPLIB's solutions, customers are numbered from 1 in the order of the instance's file, without the depot.

    Args:
        routes: Customers as the problem counts them, which is the same.
        cost: Of the solution.
    """
    visited = [route for route in routes if route]
    lines = [f"Route #{number}: {' '.join(map(str, route))}" for number, route in enumerate(visited, start=1)]
    return "\n".join([*lines, f"Cost {int(cost) if cost == int(cost) else cost!r}", ""])
