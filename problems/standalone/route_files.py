"""Instances of vehicle routing from plain data and from files, for files that stand alone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.routes_file import routes_text
from evoheur.problems.cvrp.solution import routes_cost
from evoheur.problems.cvrp.unit_free import unit_free
from evoheur.problems.cvrp.vrp_file import read_vrp

__all__ = ["Routing", "file_routes", "plain_routes"]

Routing: TypeAlias = Callable[[CvrpInstance], list[list[int]]]
"""Builds routes for an instance that is free of units."""


def plain_routes(coordinates: ArrayLike, demands: ArrayLike, capacity: int, build: Routing) -> list[list[int]]:
    """Routes for plain data, as `solve` takes it; distances are not rounded."""
    instance = CvrpInstance(
        name="instance",
        family="instance",
        metric="EUCLIDEAN",
        coordinates=np.array(coordinates, dtype=np.float64),
        demands=np.array(demands, dtype=np.int64),
        capacity=capacity,
    )
    return _built(instance, build)


def file_routes(file: Path, build: Routing) -> Iterator[tuple[str, str]]:
    """Solve a `.vrp` file; its name and the routes as a `.sol` file."""
    instance = read_vrp(file)
    routes = _built(instance, build)
    yield instance.name, routes_text(routes, routes_cost(instance, routes))


def _built(instance: CvrpInstance, build: Routing) -> list[list[int]]:
    with np.errstate(all="ignore"):
        return build(unit_free(instance))
