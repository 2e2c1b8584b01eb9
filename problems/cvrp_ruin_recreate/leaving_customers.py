"""The first half of an iteration: customers are shown, and those with scores above 0 leave their routes."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .kernels import FIRST, LOAD, NEXT, PREVIOUS, ROUTE, draw, unlink
from .route_table import (
    ANCHOR,
    BACK,
    COUNTS,
    CUSTOMER_READS,
    CUSTOMER_ROWS,
    DEMAND,
    LEAVING,
    LEFT,
    MOST_LEAVING,
    PLACED,
    SEED,
    SINCE,
    SIZE,
    USED,
    USED_ROUTES,
    WANTED,
    at_least_zero,
    noise,
    noise_key,
)

__all__ = ["put_in_order", "rank_routes", "remove_customers", "remove_leaving", "show_customers"]

_PROGRESS, _LOT, _, _PER_ROUTE, *_VIEWS = range(CUSTOMER_ROWS)
_DISTANCE, _NEARNESS, _ROUTE_RANK, _OFFSET, _SIZE, _SAVING, _DEMAND, _SINCE, _ROUTE_NOISE, _SHIFT, _NOISE = _VIEWS


@njit(cache=True, nogil=True, error_model="numpy")
def show_customers(
    table: NDArray[np.int64],
    rows: NDArray[np.float64],
    distances: NDArray[np.float64],
    near: NDArray[np.int32],
    capacity: int,
    source: NDArray[np.uint64],
) -> None:
    """Begin an iteration: draw the customer around which it goes, and show all customers.

    Args:
        table: The current routes, and which rows are read; what is known of routes and customers is written.
        rows: Scalars and views of customers, shape (CUSTOMER_ROWS, customers or more).
        distances: See `SearchArrays`.
        near: See `SearchArrays`.
        capacity: Of vehicles.
        source: State of `draw`.
    """
    count = distances.shape[0] - 1
    lot = rank_routes(table, distances, near, source)
    key = noise_key(source)
    if table[CUSTOMER_READS, _PROGRESS]:
        rows[_PROGRESS, :count] = table[COUNTS, BACK] / table[COUNTS, WANTED]
    if table[CUSTOMER_READS, _LOT]:
        rows[_LOT, :count] = lot
    if table[CUSTOMER_READS, _PER_ROUTE]:
        rows[_PER_ROUTE, :count] = count / table[COUNTS, USED_ROUTES]
    if table[CUSTOMER_READS, _NEARNESS]:
        for rank in range(count):
            rows[_NEARNESS, near[table[COUNTS, SEED], rank] - 1] = rank
    _show_routes(table, rows, count, key)
    _show_lengths(table, rows, distances)
    if table[CUSTOMER_READS, _DEMAND]:
        for node in range(1, count + 1):
            rows[_DEMAND, node - 1] = table[DEMAND, node] / capacity
    if table[CUSTOMER_READS, _SINCE]:
        for node in range(1, count + 1):
            rows[_SINCE, node - 1] = (table[COUNTS, BACK] - table[SINCE, node]) / count
    if table[CUSTOMER_READS, _NOISE]:
        for node in range(1, count + 1):
            rows[_NOISE, node - 1] = noise(key, node)


@njit(cache=True, nogil=True, error_model="numpy")
def rank_routes(
    table: NDArray[np.int64], distances: NDArray[np.float64], near: NDArray[np.int32], source: NDArray[np.uint64]
) -> float:
    """Draw the seed and the lot of an iteration, and put the routes in the order in which they come near the seed.

    Returns:
        The lot, in [0, 1).
    """
    seed = 1 + int(draw(source) * near.shape[1])
    table[COUNTS, SEED] = seed
    if near[seed, 0] == 0:
        near[seed] = np.argsort(distances[seed, 1:], kind="mergesort") + 1
    for route in range(near.shape[0]):
        table[ANCHOR, route] = 0
    used = 0
    for rank in range(near.shape[1]):
        node = near[seed, rank]
        route = table[ROUTE, node]
        if table[ANCHOR, route] == 0:
            table[ANCHOR, route], table[USED, used] = node, route
            used += 1
    table[COUNTS, USED_ROUTES] = used
    return draw(source)


@njit(cache=True, nogil=True, error_model="numpy")
def _show_routes(table: NDArray[np.int64], rows: NDArray[np.float64], count: int, key: np.uint64) -> None:
    # Views of routes, once around each from the customer nearest to the seed. A route's numbers come behind those of the nodes, as there
    # are no more routes than customers.
    reads_rank, reads_offset, reads_size = (
        table[CUSTOMER_READS, _ROUTE_RANK],
        table[CUSTOMER_READS, _OFFSET],
        table[CUSTOMER_READS, _SIZE],
    )
    reads_noise, reads_shift = table[CUSTOMER_READS, _ROUTE_NOISE], table[CUSTOMER_READS, _SHIFT]
    if not (reads_rank or reads_offset or reads_size or reads_noise or reads_shift):
        return
    for rank in range(table[COUNTS, USED_ROUTES]):
        route = table[USED, rank]
        node, size = table[ANCHOR, route], table[SIZE, route]
        route_noise, shift = noise(key, count + 1 + rank), noise(key, 2 * count + 1 + rank)
        for offset in range(size):
            if reads_rank:
                rows[_ROUTE_RANK, node - 1] = rank
            if reads_offset:
                rows[_OFFSET, node - 1] = offset
            if reads_size:
                rows[_SIZE, node - 1] = size
            if reads_noise:
                rows[_ROUTE_NOISE, node - 1] = route_noise
            if reads_shift:
                rows[_SHIFT, node - 1] = shift
            node = table[NEXT, node]
            if node == 0:
                node = table[FIRST, route]


@njit(cache=True, nogil=True, error_model="numpy")
def _show_lengths(table: NDArray[np.int64], rows: NDArray[np.float64], distances: NDArray[np.float64]) -> None:
    if table[CUSTOMER_READS, _DISTANCE]:
        seed = table[COUNTS, SEED]
        for node in range(1, distances.shape[0]):
            rows[_DISTANCE, node - 1] = distances[seed, node]
    if table[CUSTOMER_READS, _SAVING]:
        for node in range(1, distances.shape[0]):
            before, after = table[PREVIOUS, node], table[NEXT, node]
            saving = distances[before, node] + distances[node, after] - distances[before, after]
            rows[_SAVING, node - 1] = at_least_zero(saving)


@njit(cache=True, nogil=True, error_model="numpy")
def remove_customers(
    table: NDArray[np.int64], scores: NDArray[np.float64], home: NDArray[np.float64], source: NDArray[np.uint64]
) -> bool:
    """Take customers out of their routes by their scores.

    Those with scores above 0 leave, at most `MOST_LEAVING`, the highest; if there are none, the one with the highest score.

    Args:
        table: After `show_customers`.
        scores: Of the customers; the lower number first on ties, shape (customers,).
        home: Distances from the depot.
        source: State of `draw`.

    Returns:
        Whether all scores are numbers; else nobody leaves.
    """
    left, best = 0, 0
    for place in range(scores.size):
        score = scores[place]
        if np.isnan(score):
            return False
        if score > 0.0:
            if left < MOST_LEAVING:
                table[LEAVING, left] = place + 1
            left += 1
        if score > scores[best]:
            best = place
    if left == 0:
        table[LEAVING, 0], left = best + 1, 1
    elif left > MOST_LEAVING:
        left = MOST_LEAVING
        _take_highest(table, scores)
    table[COUNTS, LEFT] = left
    remove_leaving(table)
    put_in_order(table, home, source)
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _take_highest(table: NDArray[np.int64], scores: NDArray[np.float64]) -> None:
    # Those above the lowest score that is taken, then the first of those that have it.
    lowest, left = -np.partition(-scores, MOST_LEAVING - 1)[MOST_LEAVING - 1], 0
    for place in range(scores.size):
        if scores[place] > lowest:
            table[LEAVING, left] = place + 1
            left += 1
    for place in range(scores.size):
        if left < MOST_LEAVING and scores[place] == lowest:
            table[LEAVING, left] = place + 1
            left += 1


@njit(cache=True, nogil=True, error_model="numpy")
def remove_leaving(table: NDArray[np.int64]) -> None:
    """Take the customers of `LEAVING` out of their routes."""
    for place in range(table[COUNTS, LEFT]):
        node = table[LEAVING, place]
        route = table[ROUTE, node]
        table[LOAD, route] -= table[DEMAND, node]
        table[SIZE, route] -= 1
        table[SINCE, node] = table[COUNTS, BACK] + table[COUNTS, LEFT]  # by the time it is back
        unlink(table, node)
    table[COUNTS, PLACED] = 0


@njit(cache=True, nogil=True, error_model="numpy")
def put_in_order(table: NDArray[np.int64], home: NDArray[np.float64], source: NDArray[np.uint64]) -> None:
    """Put those that left into the order in which they come back.

    Random, heavy first, far from the depot first or near to it first, with weights 4, 4, 2 and 1 (Christiaens & Vanden Berghe 2020,
    doi:10.1287/trsc.2019.0914, section 5.2).
    """
    keys = np.empty(MOST_LEAVING)
    pick = draw(source) * 11.0
    for place in range(table[COUNTS, LEFT]):
        node = table[LEAVING, place]
        if pick < 4.0:
            key = draw(source)
        elif pick < 8.0:
            key = float(-table[DEMAND, node])
        elif pick < 10.0:
            key = -home[node]
        else:
            key = home[node]
        other = place  # they are few, so each is put before those behind it
        while other > 0 and keys[other - 1] > key:
            keys[other], table[LEAVING, other] = keys[other - 1], table[LEAVING, other - 1]
            other -= 1
        keys[other], table[LEAVING, other] = key, node
