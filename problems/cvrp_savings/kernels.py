"""Compiled loops that join routes at their ends, by scores that are given anew as routes grow.

Nodes are numbered from 0, the depot. What is known of a route is kept at both of its ends. Where distances depend on the direction, a pair
is the last customer of a route and the first one of another; else both are ends of any kind.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import RouteLimits
from evoheur.problems.flat_heuristics.kernels import Machine, evaluate

from .landscape import Landscape

__all__ = [
    "PROGRESS",
    "SCALARS",
    "VIEWS",
    "RouteEnds",
    "begin",
    "best_pair",
    "join",
    "join_by_flat_heuristic",
    "rank_all_pairs",
    "rank_changed_pairs",
    "record_scores",
    "show_changed_pairs",
    "show_first_pairs",
]

SCALARS = 4  # variant, spacing, per_route, progress
VIEWS = 9  # distance, home_near, home_far, load_small, load_large, free, angle, rank, size
PROGRESS = 3


class RouteEnds(NamedTuple):
    """Routes as they grow, and the scores of the pairs of their ends.

    Attributes:
        other: Of an end, the other end of its route; itself where it is alone; shape (customers + 1,).
        beside: Two neighbours of every node, 0 for none: the one before and the one after where distances depend on the direction, in the
            order of joining elsewhere; shape (customers + 1, 2).
        loads: Of an end, the load of its route.
        sizes: Of an end, the customers of its route.
        spent: Of an end, how long its route takes.
        leaves: Whether another route can follow this customer.
        enters: Whether this customer can follow another route.
        scores: Row first and column second of a pair; NaN where the pair cannot be joined; shape (customers + 1, customers + 1).
        best: Second of the best pair of each first, the lowest on ties; 0 for none.
        routes: How many there are, shape (1,).
        pairs: First and second of the pairs that are shown, shape (2, columns).
        views: Of the pairs that are shown, shape (VIEWS, columns).
        scalars: What else a rule is shown, shape (SCALARS,).
    """

    other: NDArray[np.int64]
    beside: NDArray[np.int64]
    loads: NDArray[np.int64]
    sizes: NDArray[np.int64]
    spent: NDArray[np.float64]
    leaves: NDArray[np.bool_]
    enters: NDArray[np.bool_]
    scores: NDArray[np.float64]
    best: NDArray[np.int64]
    routes: NDArray[np.int64]
    pairs: NDArray[np.int64]
    views: NDArray[np.float64]
    scalars: NDArray[np.float64]


@njit(cache=True, nogil=True)
def begin(ends: RouteEnds, demands: NDArray[np.int64], limits: RouteLimits) -> None:
    """Give every customer a route of its own."""
    for node in range(demands.size):
        ends.other[node] = node
        ends.loads[node] = demands[node]
        ends.sizes[node] = 1
        ends.spent[node] = limits.durations[0, node] + limits.durations[node, 0]
    ends.beside[:] = 0
    ends.leaves[:] = ends.enters[:] = True
    ends.leaves[0] = ends.enters[0] = False
    ends.scores[:] = np.nan
    ends.routes[0] = demands.size - 1
    ends.scalars[PROGRESS] = 0.0


@njit(cache=True, nogil=True)
def show_first_pairs(ends: RouteEnds, landscape: Landscape, limits: RouteLimits, row: int) -> tuple[int, int]:
    """Show pairs of customers before any are joined, as many as there is room for.

    Args:
        ends: At the beginning; their pairs and views are written.
        landscape: Of the same instance.
        limits: Of vehicles.
        row: The customer to go on with.

    Returns:
        How many pairs are shown, and the customer to go on with afterwards: their number and one more when all were shown.
    """
    nodes, columns = ends.other.size, 0
    while row < nodes and columns + nodes <= ends.pairs.shape[1]:
        for second in range(1 if limits.one_way else row + 1, nodes):
            if second != row:
                ends.pairs[0, columns], ends.pairs[1, columns] = row, second
                columns += 1
        row += 1
    return _show(ends, landscape, limits, columns), row


@njit(cache=True, nogil=True)
def show_changed_pairs(ends: RouteEnds, landscape: Landscape, limits: RouteLimits, first: int, last: int) -> int:
    """Show the pairs of a route that has just grown with all others.

    Args:
        ends: After joining; their pairs and views are written.
        landscape: Of the same instance.
        limits: Of vehicles.
        first: The first customer of the route, in the direction in which it was joined.
        last: The last one.

    Returns:
        How many pairs are shown.
    """
    columns = 0
    pairs, enters, leaves = ends.pairs, ends.enters, ends.leaves
    for node in range(1, enters.size):
        if enters[node] and node not in (first, last):
            swapped = node < last and not limits.one_way
            pairs[0, columns], pairs[1, columns] = (node, last) if swapped else (last, node)
            columns += 1
    for node in range(1, enters.size):
        if leaves[node] and node not in (first, last):
            swapped = first < node and not limits.one_way
            pairs[0, columns], pairs[1, columns] = (first, node) if swapped else (node, first)
            columns += 1
    return _show(ends, landscape, limits, columns)


@njit(cache=True, nogil=True)
def _show(ends: RouteEnds, landscape: Landscape, limits: RouteLimits, asked: int) -> int:
    # Writes the views of the pairs that one vehicle can serve, leaves the others out, and returns how many there are. One call for all
    # pairs: handing over so many arrays costs more than a pair does.
    pairs, views, loads, sizes, spent = ends.pairs, ends.views, ends.loads, ends.sizes, ends.spent
    distances, durations, capacity = landscape.distances, limits.durations, limits.capacity
    limited, columns = limits.duration < np.inf, 0
    for place in range(asked):
        one, two = pairs[0, place], pairs[1, place]
        load = loads[one] + loads[two]
        fits = load <= capacity
        if fits and limited:
            time = spent[one] + spent[two] + durations[one, two] - durations[one, 0] - durations[0, two]
            fits = time <= limits.duration
        if not fits:
            ends.scores[one, two] = np.nan
            if not limits.one_way:
                ends.scores[two, one] = np.nan
            continue
        pairs[0, columns], pairs[1, columns] = one, two
        home, out = distances[one, 0], distances[0, two]
        views[0, columns] = distances[one, two]
        views[1, columns], views[2, columns] = min(home, out), max(home, out)
        views[3, columns] = min(loads[one], loads[two]) / capacity
        views[4, columns] = max(loads[one], loads[two]) / capacity
        views[5, columns] = (capacity - load) / capacity
        views[6, columns] = landscape.angles[one, two]
        views[7, columns] = landscape.ranks[one, two]
        views[8, columns] = sizes[one] + sizes[two]
        columns += 1
    return columns


@njit(cache=True, nogil=True)
def record_scores(ends: RouteEnds, scores: NDArray[np.float64], one_way: bool) -> bool:
    """Write down the scores of the pairs that were shown.

    Returns:
        Whether all of them are numbers.
    """
    for column in range(scores.size):
        if np.isnan(scores[column]):
            return False
        one, two = ends.pairs[0, column], ends.pairs[1, column]
        ends.scores[one, two] = scores[column]
        if not one_way:
            ends.scores[two, one] = scores[column]
    return True


@njit(cache=True, nogil=True)
def rank_all_pairs(ends: RouteEnds) -> None:
    """Find the best pair of each customer."""
    for node in range(1, ends.other.size):
        ends.best[node] = _highest(ends.scores[node], ends.enters)


@njit(cache=True, nogil=True)
def rank_changed_pairs(ends: RouteEnds, first: int, last: int, one_way: bool) -> None:
    """Find the best pairs again, where the scores of a route that has grown may change them.

    Args:
        ends: With the new scores.
        first: The first customer of the route.
        last: The last one.
        one_way: Whether distances depend on the direction.
    """
    best, enters = ends.best, ends.enters
    for node in range(1, best.size):
        if not ends.leaves[node]:
            continue
        scores, old = ends.scores[node], best[node]
        if node == last or (node == first and not one_way) or (old != 0 and not enters[old]) or old in (first, last):
            best[node] = _highest(scores, enters)
            continue
        for changed in (first, last):
            if not enters[changed] or np.isnan(scores[changed]):
                continue
            value = scores[best[node]]
            if best[node] == 0 or scores[changed] > value or (scores[changed] == value and changed < best[node]):
                best[node] = changed


@njit(cache=True, nogil=True)
def _highest(scores: NDArray[np.float64], enters: NDArray[np.bool_]) -> int:
    best, value = 0, -np.inf
    for other in range(1, scores.size):
        if enters[other] and (scores[other] > value or (best == 0 and scores[other] == value)):
            best, value = other, scores[other]
    return best


@njit(cache=True, nogil=True)
def best_pair(ends: RouteEnds, vehicles: int) -> tuple[int, int]:
    """The pair with the highest score, the one with the lowest numbers on ties.

    (0, 0) where no two routes can be joined, or where no score is above 0 and there are enough vehicles.
    """
    scores, best, one = ends.scores, ends.best, 0
    for node in range(1, best.size):
        if ends.leaves[node] and best[node] != 0 and (one == 0 or scores[node, best[node]] > scores[one, best[one]]):
            one = node
    if one == 0 or (scores[one, best[one]] <= 0.0 and ends.routes[0] <= vehicles):
        return 0, 0
    return one, best[one]


@njit(cache=True, nogil=True)
def join(ends: RouteEnds, limits: RouteLimits, one: int, two: int) -> tuple[int, int]:
    """Join the routes of two customers, the second after the first.

    Args:
        ends: Changed.
        limits: Of vehicles.
        one: An end that another route can follow.
        two: An end of another route that can follow.

    Returns:
        The two ends of the new route: its first customer and its last one.
    """
    first, last = ends.other[one], ends.other[two]
    load, size = ends.loads[one] + ends.loads[two], ends.sizes[one] + ends.sizes[two]
    spent = _time_of_joined(ends, limits, one, two)
    if limits.one_way:
        ends.beside[one, 1], ends.beside[two, 0] = two, one
        ends.leaves[one] = ends.enters[two] = False
    else:
        ends.beside[one, 1 if ends.beside[one, 0] else 0] = two
        ends.beside[two, 1 if ends.beside[two, 0] else 0] = one
        ends.leaves[one] = ends.enters[one] = first == one
        ends.leaves[two] = ends.enters[two] = last == two
    for end in (first, last):
        ends.loads[end], ends.sizes[end], ends.spent[end] = load, size, spent
    ends.other[first], ends.other[last] = last, first
    ends.scores[first, last] = ends.scores[last, first] = np.nan
    ends.routes[0] -= 1
    customers = ends.other.size - 1
    ends.scalars[PROGRESS] = (customers - ends.routes[0]) / customers
    return first, last


@njit(cache=True, nogil=True)
def _time_of_joined(ends: RouteEnds, limits: RouteLimits, one: int, two: int) -> float:
    # What two routes take together once the second follows the first without a stop at the depot.
    apart = ends.spent[one] + ends.spent[two]
    return float(apart + limits.durations[one, two] - limits.durations[one, 0] - limits.durations[0, two])


@njit(cache=True, nogil=True)
def join_by_flat_heuristic(
    ends: RouteEnds, landscape: Landscape, demands: NDArray[np.int64], limits: RouteLimits, machine: Machine
) -> bool:
    """Join routes by a flat heuristic, from the beginning to the end.

    Args:
        ends: With the scalars of this pass; their views are the rows of the machine's registers behind those of the scalars.
        landscape: Of the same instance.
        demands: Of the nodes.
        limits: Of vehicles and fleet.
        machine: The rule of SCALARS + VIEWS inputs.

    Returns:
        Whether all scores are numbers; if not, routes are left as they were then.
    """
    begin(ends, demands, limits)
    for place in range(SCALARS):
        machine.registers[place, :] = ends.scalars[place]
    row = 1
    while row < demands.size:
        columns, row = show_first_pairs(ends, landscape, limits, row)
        if columns > 0 and not record_scores(ends, evaluate(machine, columns), limits.one_way):
            return False
    rank_all_pairs(ends)
    while True:
        one, two = best_pair(ends, limits.vehicles)
        if one == 0:
            return True
        first, last = join(ends, limits, one, two)
        columns = show_changed_pairs(ends, landscape, limits, first, last)
        if columns > 0:
            machine.registers[PROGRESS, :columns] = ends.scalars[PROGRESS]
            if not record_scores(ends, evaluate(machine, columns), limits.one_way):
                return False
        rank_changed_pairs(ends, first, last, limits.one_way)
