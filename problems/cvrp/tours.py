"""From the kernels' forms of tours to routes of customers."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["following_routes", "linked_routes", "tour_routes"]


def tour_routes(tour: NDArray[np.int64]) -> list[list[int]]:
    """Routes from an array in which every 0 ends one.

    Empty ones are left out.
    """
    routes: list[list[int]] = [[]]
    for node in tour.tolist():
        if node:
            routes[-1].append(node)
        elif routes[-1]:
            routes.append([])
    return [route for route in routes if route]


def linked_routes(beside: NDArray[np.int64]) -> list[list[int]]:
    """Routes from the two neighbours of every node.

    0 where it is at an end; shape (customers + 1, 2).
    """
    neighbours = beside.tolist()
    seen = [True] + [False] * (len(neighbours) - 1)
    routes: list[list[int]] = []
    for start, (_, second) in enumerate(neighbours):
        if seen[start] or second:  # already listed, or inside a route
            continue
        route, before, here = [], 0, start
        while here:
            seen[here] = True
            route.append(here)
            one, other = neighbours[here]
            before, here = here, (other if one == before else one)
        routes.append(route)
    return routes


def following_routes(following: NDArray[np.int64]) -> list[list[int]]:
    """Routes from the customer after every node.

    0 behind the last ones; shape (customers + 1,).
    """
    after = following.tolist()
    routes: list[list[int]] = []
    for start in sorted(set(range(1, len(after))) - set(after)):
        route, here = [], start
        while here:
            route.append(here)
            here = after[here]
        routes.append(route)
    return routes
