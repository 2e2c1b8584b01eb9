"""Textbook searches that draw what the frame draws: random removal with greedy insertion, and string removal with blinks.

They are written without views and scores, so that they can be compared with the frame and the same heuristics as candidates.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance, Terms
from evoheur.problems.cvrp_ruin_recreate.insertion_places import insert, keep_or_go_back, time_of
from evoheur.problems.cvrp_ruin_recreate.kernels import FIRST, LAST, LOAD, NEXT, PREVIOUS
from evoheur.problems.cvrp_ruin_recreate.leaving_customers import put_in_order, rank_routes, remove_leaving
from evoheur.problems.cvrp_ruin_recreate.route_table import (
    ANCHOR,
    BACK,
    COUNTS,
    DEMAND,
    LEAVING,
    LEFT,
    MOST_LEAVING,
    PLACED,
    RECORD,
    SIZE,
    USED,
    USED_ROUTES,
    WANTED,
    SearchArrays,
    at_least_zero,
    noise,
    noise_key,
)
from evoheur.problems.cvrp_ruin_recreate.search_by_views import begun
from evoheur.problems.cvrp_ruin_recreate.start import listed_routes

__all__ = ["searched_alike"]

_LONGEST_STRING, _AVERAGE_REMOVED, _BLINK = 10, 10, 0.01


@np.errstate(over="ignore")  # keys of noise go round, which is said where numba is off
def searched_alike(instance: CvrpInstance, *, iterations: int, strings: bool, seed: int) -> list[list[int]]:
    """The best routes of a search from Clarke & Wright's.

    Args:
        instance: What to solve, free of units.
        iterations: Of ten customers each.
        strings: True for string removal and insertion with blinks, False for random removal and greedy insertion.
        seed: Of the search, at least 0.
    """
    arrays = begun(instance, iterations=iterations, seed=seed)
    _search(arrays, strings)
    return listed_routes(arrays.kept[RECORD])


@njit(cache=True, nogil=True)
def _search(arrays: SearchArrays, strings: bool) -> None:
    table, kept, lengths, distances, reverse, near, terms, source = arrays
    while table[COUNTS, BACK] < table[COUNTS, WANTED]:
        lot = rank_routes(table, distances, near, source)
        key = noise_key(source)
        if strings:
            _choose_strings(table, near.shape[1], lot, key)
        else:
            _choose_at_random(table, near.shape[1], lot, key)
        remove_leaving(table)
        put_in_order(table, distances[0], source)
        while table[COUNTS, PLACED] < table[COUNTS, LEFT]:
            _insert_cheapest(table, distances, reverse, terms, noise_key(source), _BLINK if strings else 0.0)
        keep_or_go_back(table, kept, lengths, distances, terms)


@njit(cache=True, nogil=True)
def _choose_strings(table: NDArray[np.int64], count: int, lot: float, key: np.uint64) -> None:
    # On the routes nearest to the seed, as many customers in a row as are drawn, among them the one nearest to the seed; from the last
    # customer of a route a string goes on with the first.
    marked = np.zeros(count + 1, dtype=np.bool_)
    longest = min(float(_LONGEST_STRING), count / table[COUNTS, USED_ROUTES])
    further = lot * (4.0 * _AVERAGE_REMOVED / (1.0 + longest) - 1.0)
    for rank in range(min(table[COUNTS, USED_ROUTES], 1 + int(further))):
        route = table[USED, rank]
        node = table[ANCHOR, route]
        length = 1 + int(noise(key, count + 1 + rank) * min(float(table[SIZE, route]), longest))
        for _ in range(int(noise(key, 2 * count + 1 + rank) * length)):
            node = table[PREVIOUS, node] or table[LAST, route]
        for _ in range(length):
            marked[node] = True
            node = table[NEXT, node] or table[FIRST, route]
    left = 0
    for node in range(1, count + 1):
        if marked[node]:
            table[LEAVING, left] = node
            left += 1
    table[COUNTS, LEFT] = left


@njit(cache=True, nogil=True)
def _choose_at_random(table: NDArray[np.int64], count: int, lot: float, key: np.uint64) -> None:
    # Each customer with the same probability: up to 20 on average, as the lot has it; one at least.
    chances = np.empty(count)
    for place in range(count):
        chances[place] = 20.0 * lot / count - noise(key, place + 1)
    order, left = np.argsort(-chances, kind="mergesort"), 0
    while left < min(MOST_LEAVING, count) and (left == 0 or chances[order[left]] > 0.0):
        left += 1
    table[LEAVING, :left] = np.sort(order[:left]) + 1
    table[COUNTS, LEFT] = left


@njit(cache=True, nogil=True)
def _insert_cheapest(
    table: NDArray[np.int64],
    distances: NDArray[np.float64],
    reverse: NDArray[np.float64],
    terms: Terms,
    key: np.uint64,
    blink: float,
) -> None:
    capacity, durations, longest, vehicles, extra, _ = terms
    node, place, in_use = table[LEAVING, table[COUNTS, PLACED]], 0, 0
    best, best_before, best_route = np.inf, 0, 0
    for used in range(table[COUNTS, USED_ROUTES]):
        route = table[USED, used]
        before, after = 0, table[FIRST, route]
        in_use += after != 0
        if after == 0 or table[LOAD, route] + table[DEMAND, node] > capacity:
            continue
        time_left = longest - time_of(table, durations, after)
        while before or after:
            detour = durations[before, node] + durations[node, after] - durations[before, after]
            if longest == np.inf or detour <= time_left:
                added = at_least_zero(reverse[node, before] + distances[node, after] - distances[before, after])
                if added < best and noise(key, place) >= blink:
                    best, best_before, best_route = added, before, route
                place += 1
            if after == 0:
                break
            before, after = after, table[NEXT, after]
    alone = reverse[node, 0] + distances[node, 0]
    if (alone + extra if in_use >= vehicles else alone) < best:
        best_before, best_route = 0, 0
    insert(table, best_before, best_route)
