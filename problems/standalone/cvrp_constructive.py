"""Routes, customer by customer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.routes_file import routes_text
from evoheur.problems.cvrp.solution import routes_cost
from evoheur.problems.cvrp.unit_free import unit_free
from evoheur.problems.cvrp.vrp_file import read_vrp
from evoheur.problems.cvrp_constructive.problem import select_next_node
from evoheur.problems.cvrp_constructive.route_construction import construct

__all__ = ["solve", "solve_file"]


def solve(
    coordinates: ArrayLike, demands: ArrayLike, capacity: int, *, select_next_node: Callable[..., Any] = select_next_node
) -> list[list[int]]:
    """Build routes with the heuristic.

    Args:
        coordinates: In the plane, the depot first, shape (customers + 1, 2); distances are not rounded.
        demands: Whole numbers of at most the capacity, 0 for the depot, shape (customers + 1,).
        capacity: Of every vehicle.
        select_next_node: Another heuristic than the one above, perhaps.

    Returns:
        Routes as lists of customers from 1, without the depot.
    """
    instance = CvrpInstance(
        name="instance",
        family="instance",
        metric="EUCLIDEAN",
        coordinates=np.array(coordinates, dtype=np.float64),
        demands=np.array(demands, dtype=np.int64),
        capacity=capacity,
    )
    return _routes(instance, select_next_node)


def solve_file(file: Path) -> Iterator[tuple[str, str]]:
    """Solve a `.vrp` file; its name and the routes as a `.sol` file."""
    instance = read_vrp(file)
    routes = _routes(instance, select_next_node)
    yield instance.name, routes_text(routes, routes_cost(instance, routes))


def _routes(instance: CvrpInstance, select_next_node: Callable[..., Any]) -> list[list[int]]:
    with np.errstate(all="ignore"):
        return construct(select_next_node, unit_free(instance))
