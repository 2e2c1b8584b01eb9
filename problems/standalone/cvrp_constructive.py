"""Routes, customer by customer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from numpy.typing import ArrayLike

from evoheur.problems.cvrp_constructive.problem import select_next_node
from evoheur.problems.cvrp_constructive.route_construction import construct

from .route_files import file_routes, plain_routes

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
    return plain_routes(coordinates, demands, capacity, lambda shown: construct(select_next_node, shown))


def solve_file(file: Path) -> Iterator[tuple[str, str]]:
    """Solve a `.vrp` file; its name and the routes as a `.sol` file."""
    return file_routes(file, lambda shown: construct(select_next_node, shown))
