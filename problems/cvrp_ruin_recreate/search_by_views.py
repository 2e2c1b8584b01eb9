"""Ruin and recreate by two heuristics that see views of customers and of places."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.returned_numbers import BadAnswer, real_numbers

from . import kernels
from .insertion_places import insert_at_best, keep_or_go_back, show_places
from .leaving_customers import remove_customers, show_customers
from .route_table import (
    BACK,
    COUNTS,
    CUSTOMER_READS,
    CUSTOMER_ROWS,
    CUSTOMER_SCALARS,
    DEMAND,
    KEPT_ROWS,
    LEFT,
    MOST_LEAVING,
    PLACE_READS,
    PLACE_ROWS,
    PLACE_SCALARS,
    PLACED,
    RECORD,
    SIZE,
    SPACING,
    TABLE_ROWS,
    WANTED,
    SearchArrays,
)
from .start import listed_routes, savings_state

__all__ = ["LEAVING_ON_AVERAGE", "begun", "leave_and_come_back", "mean_spacing", "places_at_most", "search_by_views"]

LEAVING_ON_AVERAGE = 10
"""As many customers come back in a search as this times its iterations: whether few leave at once or many, the work is about the same."""


def search_by_views(
    leaving: Callable[..., Any], placing: Callable[..., Any], instance: CvrpInstance, *, iterations: int, seed: int
) -> list[list[int]]:
    """Search with any two heuristics.

    From Clarke & Wright's routes on, customers leave in every iteration and come back one by one, in an order that is drawn, each at the
    place with the highest score. Vehicles beyond the fleet count as length, as they do in the price, and a route that takes too long is
    never kept.

    Args:
        leaving: (scalars, views of the customers) → scores. What it is shown is written anew before every call.
        placing: (scalars, views of the places) → scores; likewise.
        instance: As heuristics see it, free of units.
        iterations: Of ten customers each; see `LEAVING_ON_AVERAGE`.
        seed: Of all that is drawn, at least 0; no clock is read.

    Returns:
        The routes of the record, as lists of customers.

    Raises:
        BadAnswer: Scores are unusable; says how many customers had come back.
    """
    arrays = begun(instance, iterations=iterations, seed=seed)
    arrays.table[PLACE_READS] = 1
    table, _, _, distances, reverse, _, terms, source = arrays
    rows, counts = np.empty((PLACE_ROWS, places_at_most(instance))), table[COUNTS]

    def come_back() -> None:
        while counts[PLACED] < counts[LEFT]:
            columns = show_places(table, rows, distances, reverse, terms, source)
            scores = _scores(placing, rows[:, :columns], PLACE_SCALARS, "placing")
            insert_at_best(table, scores[np.newaxis], columns)

    return leave_and_come_back(leaving, come_back, arrays)


@np.errstate(over="ignore")  # keys of noise go round, which is said where numba is off
def leave_and_come_back(leaving: Callable[..., Any], come_back: Callable[[], None], arrays: SearchArrays) -> list[list[int]]:
    """Search with any heuristic of what leaves.

    Args:
        leaving: As in `search_by_views`.
        come_back: Puts those back that have left.
        arrays: Of a search that has just begun.

    Returns:
        The routes of the record, as lists of customers.

    Raises:
        BadAnswer: Scores are unusable; says how many customers had come back.
    """
    table, kept, lengths, distances, _, near, terms, source = arrays
    table[CUSTOMER_READS] = 1
    spacing, counts, home = mean_spacing(distances), table[COUNTS], distances[0]
    rows = np.empty((CUSTOMER_ROWS, near.shape[1]))
    try:
        while counts[BACK] < counts[WANTED]:
            rows[SPACING] = spacing
            show_customers(table, rows, distances, near, terms[0], source)
            remove_customers(table, _scores(leaving, rows, CUSTOMER_SCALARS, "leaving"), home, source)
            come_back()
            keep_or_go_back(table, kept, lengths, distances, terms)
    except BadAnswer as error:
        raise BadAnswer(f"after {counts[BACK]} customers came back: {error}") from error
    return listed_routes(kept[RECORD])


def _scores(heuristic: Callable[..., Any], rows: NDArray[np.float64], scalars: int, name: str) -> NDArray[np.float64]:
    answer = heuristic(*rows[:scalars, 0].tolist(), *rows[scalars:])
    return np.ascontiguousarray(real_numbers(answer, (rows.shape[1],), name))


def begun(instance: CvrpInstance, *, iterations: int, seed: int) -> SearchArrays:
    """The arrays of a search that has just begun; no row is read."""
    nodes, state = instance.customers + 1, savings_state(instance)
    kept = np.zeros((2, KEPT_ROWS, nodes), dtype=np.int64)
    kept[:, : len(state)] = state
    kept[:, SIZE] = np.bincount(state[kernels.ROUTE, 1:], minlength=nodes)
    table = np.zeros((TABLE_ROWS, max(places_at_most(instance), MOST_LEAVING, CUSTOMER_ROWS)), dtype=np.int64)
    table[:KEPT_ROWS, :nodes] = kept[0]
    table[DEMAND, :nodes] = instance.demands
    table[COUNTS, WANTED] = LEAVING_ON_AVERAGE * iterations
    source = np.array([2 * seed + 1], dtype=np.uint64)  # never 0
    for _ in range(10):  # near seeds begin alike
        kernels.draw(source)
    return SearchArrays(
        table=table,
        kept=kept,
        lengths=np.full(2, kernels.total_cost(state, instance.distances, instance.terms)),
        distances=instance.distances,
        reverse=np.ascontiguousarray(instance.distances.T) if instance.limits.one_way else instance.distances,
        near=np.zeros((nodes, nodes - 1), dtype=np.int32),
        terms=instance.terms,
        source=source,
    )


def places_at_most(instance: CvrpInstance) -> int:
    """How many places there can be: before every customer and at the end of every route, and a new route."""
    return 2 * instance.customers + 1


def mean_spacing(distances: NDArray[np.float64]) -> float:
    """Mean distance from a customer to the nearest other one; 0 where there is none."""
    between = distances[1:, 1:].copy()
    np.fill_diagonal(between, np.inf)
    return float(between.min(axis=1).mean()) if len(between) > 1 else 0.0
