"""Passes in which routes grow at their ends, joined by the scores of a rule."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.solution import routes_cost
from evoheur.problems.cvrp.tours import following_routes, linked_routes
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.operations import ARITY, CODES
from evoheur.problems.returned_numbers import BadAnswer, real_numbers

from . import kernels
from .kernels import SCALARS, VIEWS, RouteEnds
from .landscape import Landscape, angles, neighbour_ranks

__all__ = ["ARGUMENTS", "VARIANTS", "grow_by_flat_heuristic", "grow_routes"]

VARIANTS = tuple(number / 5 for number in range(6))
"""What a rule is told in each pass."""

ARGUMENTS = (False,) * SCALARS + (True,) * VIEWS
"""Of each argument of a rule, whether it is a vector."""

_VARIANT = 0
_COLUMNS = 1024  # shown at a time, so that a flat heuristic computes within the processor's cache


def grow_routes(joining: Callable[..., Any], instance: CvrpInstance) -> list[list[int]]:
    """Join routes in six passes by any rule, and keep the shortest.

    The pair with the highest score is joined next, the one with the lowest numbers on ties, while a score is above 0, and beyond that while
    there are more routes than vehicles. Then the pairs of the route that has grown are scored anew.

    Args:
        joining: (the four scalars, the nine views of the pairs) → scores. The views are written anew before every call, so they are the
            rule's own to change.
        instance: As rules see it, free of units.

    Returns:
        Routes as lists of customers; of the first of the shortest passes.

    Raises:
        BadAnswer: Scores are unusable; says in which pass and after how many joins.
    """
    ends, landscape = _ends(instance, np.empty((VIEWS, _room(instance)))), _landscape(instance)
    rows = tuple(ends.views)
    found = []
    for variant in VARIANTS:
        ends.scalars[_VARIANT] = variant

        def score(columns: int) -> None:
            if not columns:
                return
            try:
                answer = joining(*ends.scalars, *(row[:columns] for row in rows))
                scores = real_numbers(answer, (columns,), "joining")
            except BadAnswer as error:
                joined = instance.customers - int(ends.routes[0])
                raise BadAnswer(f"variant {ends.scalars[_VARIANT]:g}, after {joined} joins: {error}") from error
            kernels.record_scores(ends, scores, instance.limits.one_way)

        _pass(ends, landscape, instance, score)
        found.append(_listed(ends, instance))
    return _shortest(found, instance)


def grow_by_flat_heuristic(flat: FlatHeuristic, instance: CvrpInstance) -> list[list[int]] | None:
    """Join routes in six passes by a flat heuristic, and keep the shortest.

    One pass is enough where the rule does not read the variant.

    Returns:
        The routes that `grow_routes` finds; None where a score is NaN.
    """
    machine = flat.machine(_room(instance))
    ends, landscape = _ends(instance, machine.registers[SCALARS : SCALARS + VIEWS]), _landscape(instance)
    found = []
    for variant in VARIANTS if _reads(flat, _VARIANT) else VARIANTS[:1]:
        ends.scalars[_VARIANT] = variant
        if not kernels.join_by_flat_heuristic(ends, landscape, instance.demands, instance.limits, machine):
            return None
        found.append(_listed(ends, instance))
    return _shortest(found, instance)


def _pass(ends: RouteEnds, landscape: Landscape, instance: CvrpInstance, score: Callable[[int], None]) -> None:
    limits, row = instance.limits, 1
    kernels.begin(ends, instance.demands, limits)
    while row <= instance.customers:
        columns, row = kernels.show_first_pairs(ends, landscape, limits, row)
        score(columns)
    kernels.rank_all_pairs(ends)
    while True:
        one, two = kernels.best_pair(ends, limits.vehicles)
        if one == 0:
            return
        first, last = kernels.join(ends, limits, one, two)
        score(kernels.show_changed_pairs(ends, landscape, limits, first, last))
        kernels.rank_changed_pairs(ends, first, last, limits.one_way)


def _room(instance: CvrpInstance) -> int:
    # Enough for the pairs of a customer with all others, which are shown at once, and for both ends of a route.
    return max(2 * len(instance.demands), _COLUMNS)


def _ends(instance: CvrpInstance, views: NDArray[np.float64]) -> RouteEnds:
    nodes = len(instance.demands)
    scalars = np.array([0.0, _spacing(instance.distances), _per_route(instance), 0.0])
    return RouteEnds(
        other=np.zeros(nodes, dtype=np.int64),
        beside=np.zeros((nodes, 2), dtype=np.int64),
        loads=np.zeros(nodes, dtype=np.int64),
        sizes=np.zeros(nodes, dtype=np.int64),
        spent=np.zeros(nodes),
        leaves=np.zeros(nodes, dtype=np.bool_),
        enters=np.zeros(nodes, dtype=np.bool_),
        scores=np.empty((nodes, nodes)),
        best=np.zeros(nodes, dtype=np.int64),
        routes=np.zeros(1, dtype=np.int64),
        pairs=np.zeros((2, views.shape[1]), dtype=np.int64),
        views=views,
        scalars=scalars,
    )


def _landscape(instance: CvrpInstance) -> Landscape:
    from_depot = instance.coordinates - instance.coordinates[0]
    return Landscape(instance.distances, angles(from_depot), neighbour_ranks(instance.distances, instance.limits.one_way))


def _spacing(distances: NDArray[np.float64]) -> float:
    between = distances[1:, 1:].copy()
    np.fill_diagonal(between, np.inf)
    return float(between.min(axis=1).mean()) if len(between) > 1 else 0.0


def _per_route(instance: CvrpInstance) -> float:
    # Of whole numbers, so that it is the same to the last bit when all loads are multiplied.
    total = int(instance.demands.sum())
    return min(instance.capacity * instance.customers / total, float(instance.customers)) if total else float(instance.customers)


def _listed(ends: RouteEnds, instance: CvrpInstance) -> list[list[int]]:
    return following_routes(ends.beside[:, 1]) if instance.limits.one_way else linked_routes(ends.beside)


def _shortest(found: list[list[list[int]]], instance: CvrpInstance) -> list[list[int]]:
    return min(found, key=lambda routes: routes_cost(instance, routes))


def _reads(flat: FlatHeuristic, place: int) -> bool:
    arity = {CODES[name]: operands for name, operands in ARITY.items()}
    return any(place in step[1 : 1 + arity[step[0]]] for step in flat.steps.tolist())
