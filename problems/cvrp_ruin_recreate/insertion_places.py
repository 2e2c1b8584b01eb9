"""The second half of an iteration: places are shown to one customer after the other, and the new routes are kept or given up."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import Terms

from .kernels import FIRST, LOAD, NEXT, empty_route, link, total_cost
from .route_table import (
    BACK,
    BEFORE,
    COUNTS,
    CURRENT,
    DEMAND,
    KEPT_ROWS,
    LEAVING,
    LEFT,
    PLACE_READS,
    PLACE_ROWS,
    PLACED,
    RECORD,
    SIZE,
    USED,
    USED_ROUTES,
    WANTED,
    WHOSE,
    at_least_zero,
    noise,
    noise_key,
)
from .start import DEVIATION

__all__ = ["insert", "insert_at_best", "keep_or_go_back", "show_places", "time_of"]

_PROGRESS, _DEMAND, _HOME, _ADDED, _EDGE, _FREE, _SIZE, _NOISE = range(PLACE_ROWS)


@njit(cache=True, nogil=True, error_model="numpy")
def show_places(
    table: NDArray[np.int64],
    rows: NDArray[np.float64],
    distances: NDArray[np.float64],
    reverse: NDArray[np.float64],
    terms: Terms,
    source: NDArray[np.uint64],
) -> int:
    """Show where the next customer can come back: places on routes that can take it, from near to far, and a route of its own last.

    Args:
        table: Routes without those that are still out, and which rows are read; the places are written.
        rows: Scalars and views of places, shape (PLACE_ROWS, columns of the table or more).
        distances: See `SearchArrays`.
        reverse: See `SearchArrays`.
        terms: See `SearchArrays`.
        source: State of `draw`.

    Returns:
        How many places there are.
    """
    node = table[LEAVING, table[COUNTS, PLACED]]
    columns = _list_places(table, rows, distances, reverse, terms)
    if table[PLACE_READS, _PROGRESS]:
        rows[_PROGRESS, :columns] = table[COUNTS, BACK] / table[COUNTS, WANTED]
    if table[PLACE_READS, _DEMAND]:
        rows[_DEMAND, :columns] = table[DEMAND, node] / terms[0]
    if table[PLACE_READS, _HOME]:
        rows[_HOME, :columns] = distances[0, node]
    key = noise_key(source)
    if table[PLACE_READS, _NOISE]:
        for place in range(columns - 1):
            rows[_NOISE, place] = noise(key, place)
        rows[_NOISE, columns - 1] = 1.0
    return columns


@njit(cache=True, nogil=True, error_model="numpy")
def _list_places(
    table: NDArray[np.int64],
    rows: NDArray[np.float64],
    distances: NDArray[np.float64],
    reverse: NDArray[np.float64],
    terms: Terms,
) -> int:
    capacity, durations, longest, vehicles, extra, _ = terms
    node, limited = table[LEAVING, table[COUNTS, PLACED]], longest < np.inf
    room, columns, in_use, time_left = capacity - table[DEMAND, node], 0, 0, 0.0
    for used in range(table[COUNTS, USED_ROUTES]):
        route = table[USED, used]
        before, after, first = 0, table[FIRST, route], columns
        in_use += after != 0
        if after == 0 or table[LOAD, route] > room:
            continue
        if limited:
            time_left = longest - time_of(table, durations, after)
        while True:
            if not limited or durations[before, node] + durations[node, after] - durations[before, after] <= time_left:
                edge = distances[before, after]
                rows[_ADDED, columns] = at_least_zero(reverse[node, before] + distances[node, after] - edge)
                rows[_EDGE, columns] = edge
                table[BEFORE, columns], table[WHOSE, columns] = before, route
                columns += 1
            if after == 0:
                break
            before, after = after, table[NEXT, after]
        if table[PLACE_READS, _FREE]:
            for place in range(first, columns):
                rows[_FREE, place] = (room - table[LOAD, route]) / capacity
        if table[PLACE_READS, _SIZE]:
            for place in range(first, columns):
                rows[_SIZE, place] = table[SIZE, route]
    alone = reverse[node, 0] + distances[node, 0]
    rows[_ADDED, columns] = alone + extra if in_use >= vehicles else alone
    rows[_EDGE, columns], rows[_FREE, columns], rows[_SIZE, columns] = 0.0, room / capacity, 0.0
    table[BEFORE, columns], table[WHOSE, columns] = 0, 0
    return columns + 1


@njit(cache=True, nogil=True, error_model="numpy")
def time_of(table: NDArray[np.int64], durations: NDArray[np.float64], first: int) -> float:
    """What a route takes that begins with this customer."""
    spent, before, node = 0.0, 0, first
    while node:
        spent += durations[before, node]
        before, node = node, table[NEXT, node]
    return float(spent + durations[before, 0])


@njit(cache=True, nogil=True, error_model="numpy")
def insert_at_best(table: NDArray[np.int64], rows: NDArray[np.float64], columns: int) -> bool:
    """Put the customer back to whom places were shown, where the score is highest; the first place on ties.

    Args:
        table: After `show_places`.
        rows: The last one has the scores.
        columns: How many places there are.

    Returns:
        Whether all scores are numbers; else the customer stays out.
    """
    best, row = 0, rows.shape[0] - 1
    for place in range(columns):
        if np.isnan(rows[row, place]):
            return False
        if rows[row, place] > rows[row, best]:
            best = place
    insert(table, table[BEFORE, best], table[WHOSE, best])
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def insert(table: NDArray[np.int64], before: int, route: int) -> None:
    """Put the next customer back, behind another one or at the beginning of a route if that is 0, or on a new route if that is 0."""
    node = table[LEAVING, table[COUNTS, PLACED]]
    if route == 0:
        route = empty_route(table)
        table[SIZE, route] = 0
        _append_route(table, route)
    link(table, route, before, node)
    table[LOAD, route] += table[DEMAND, node]
    table[SIZE, route] += 1
    table[COUNTS, PLACED] += 1


@njit(cache=True, nogil=True, error_model="numpy")
def _append_route(table: NDArray[np.int64], route: int) -> None:
    # As the last one of those in use; if all of its customers left before, it is among them already.
    used, place = table[COUNTS, USED_ROUTES], 0
    while place < used and table[USED, place] != route:
        place += 1
    if place == used:
        table[COUNTS, USED_ROUTES] = used + 1
    else:
        for later in range(place, used - 1):
            table[USED, later] = table[USED, later + 1]
        place = used - 1
    table[USED, place] = route


@njit(cache=True, nogil=True, error_model="numpy")
def keep_or_go_back(
    table: NDArray[np.int64],
    kept: NDArray[np.int64],
    lengths: NDArray[np.float64],
    distances: NDArray[np.float64],
    terms: Terms,
) -> None:
    """End an iteration: go on with the new routes, or with those before.

    New routes are kept if they are shorter than the record times 1 + deviation; the deviation falls linearly to 0 (Dueck 1993,
    doi:10.1006/jcph.1993.1010).
    """
    nodes, progress = distances.shape[0], table[COUNTS, BACK] / table[COUNTS, WANTED]
    length = total_cost(table[:, :nodes], distances, terms)
    table[COUNTS, BACK] += table[COUNTS, LEFT]
    if length < lengths[RECORD] * (1.0 + DEVIATION * (1.0 - progress)):
        lengths[CURRENT] = length
        _copy_kept(table, kept[CURRENT])
        if length < lengths[RECORD]:
            lengths[RECORD] = length
            _copy_kept(table, kept[RECORD])
    else:
        _copy_kept(kept[CURRENT], table[:, :nodes])


@njit(cache=True, nogil=True, error_model="numpy")
def _copy_kept(source: NDArray[np.int64], target: NDArray[np.int64]) -> None:
    for row in range(KEPT_ROWS):
        for node in range(min(source.shape[1], target.shape[1])):
            target[row, node] = source[row, node]
