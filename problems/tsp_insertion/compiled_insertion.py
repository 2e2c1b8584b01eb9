"""The compiled loop that builds a tour by a flat heuristic.

Cities that wait stand in rising order without gaps, and what is shown of them is written where the formula reads it. The two best places of
a city change where one of them is gone or a new one is as good; all others are passed over together. What is shown is what `kernels` shows,
to the last bit.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import Machine, run_steps

__all__ = ["CityMap", "city_map", "insert_all"]

_SHARE, _FARTHEST, _NEAREST, _CHEAPEST, _REGRET, _MEAN, _LONELY, _MEAN_TOUR, _EDGE = range(9)

# Rows of floats. Of waiting cities: cost of the second best place, distances to the tour summed, distance to the city that came last, costs
# of the places before and behind that city. Of edges of the tour: length, and room for the cost of putting a city into it.
_SECOND, _TO_TOUR, _AWAY, _BEFORE, _BEHIND, _LENGTH, _COST = range(7)

# Rows of whole numbers. Of waiting cities: number, the cities that the two best places start from. Of edges, in the order in which the
# cities came that they start from: both ends. By city: where its edge is. Waiting cities whose best places may be others now.
_CITY, _BEST, _SECOND_BEST, _START, _END, _EDGE_OF, _CHANGED = range(7)


class CityMap(NamedTuple):
    """The distances of an instance, and what every construction needs of them.

    Attributes:
        distances: Symmetric to the last bit, shape (cities, cities).
        means: Mean distance of each city to all others, shape (cities,).
        lonely: Distance of each city to the nearest of all others, shape (cities,).
    """

    distances: NDArray[np.float64]
    means: NDArray[np.float64]
    lonely: NDArray[np.float64]


@njit(cache=True, nogil=True, error_model="numpy")
def city_map(distances: NDArray[np.float64]) -> CityMap:
    """Look at the distances once, for all constructions.

    Args:
        distances: Symmetric, of at least 2 cities, shape (cities, cities).
    """
    n = len(distances)
    means, lonely = np.empty(n), np.empty(n)
    for city in range(n):
        total, least = 0.0, np.inf
        for other in range(n):
            if other != city:
                total += distances[city, other]
                least = min(least, distances[city, other])
        means[city], lonely[city] = total / (n - 1), least
    return CityMap(distances, means, lonely)


@njit(cache=True, nogil=True, error_model="numpy")
def insert_all(cities: CityMap, first: int, machine: Machine, read: NDArray[np.bool_], tour: NDArray[np.int64]) -> bool:
    """Build a tour by a flat heuristic.

    Args:
        cities: At least two.
        first: The city that the tour begins with.
        machine: The heuristic, with a column for every city but one.
        read: Which of its arguments some step reads, shape (9,).
        tour: Written: cities in the order of visiting, shape (cities,).

    Returns:
        Whether all scores were numbers; if not, what is written means nothing.
    """
    distances, n = cities.distances, len(tour)
    steps, registers, loops, scratch = machine
    real, whole = np.empty((7, n)), np.empty((7, n), dtype=np.int64)
    farthest = _first_waiting(cities, first, registers, real, whole)
    for waiting in range(n - 1, 0, -1):
        chosen = 0
        if waiting > 1:  # the last city is not asked for
            _show(registers, read, real, whole, (waiting, n, farthest))
            run_steps(steps, registers, loops, scratch, waiting)
            chosen = _highest(registers, waiting)
            if chosen < 0:
                return False
        on_tour = n - waiting + 1
        at, city, after = _insert(distances, real, whole, chosen, on_tour)
        _remove(registers, read, real, whole, (chosen, waiting))
        count = _come_nearer(distances, registers, real, whole, (at, city, after, waiting - 1, on_tour))
        if read[_FARTHEST]:
            farthest = _largest(registers, _NEAREST, waiting - 1)
        if read[_MEAN_TOUR]:
            for place in range(waiting - 1):
                real[_TO_TOUR, place] += real[_AWAY, place]
        _update_places(distances, registers, real, whole, (count, at, city, on_tour))
    city = first
    for place in range(n):
        tour[place] = city
        city = whole[_END, whole[_EDGE_OF, city]]
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _first_waiting(
    cities: CityMap, first: int, registers: NDArray[np.float64], real: NDArray[np.float64], whole: NDArray[np.int64]
) -> float:
    # Returns the largest distance to the tour of one city.
    distances, means, lonely = cities
    farthest, place = 0.0, 0
    for city in range(len(distances)):
        if city == first:
            continue
        away = distances[city, first]
        registers[_NEAREST, place] = real[_TO_TOUR, place] = away
        registers[_CHEAPEST, place] = real[_SECOND, place] = away + away - distances[first, first]
        registers[_MEAN, place], registers[_LONELY, place] = means[city], lonely[city]
        whole[_CITY, place] = city
        whole[_BEST, place] = whole[_SECOND_BEST, place] = first
        farthest = max(farthest, away)
        place += 1
    whole[_START, 0], whole[_END, 0], real[_LENGTH, 0], whole[_EDGE_OF, first] = first, first, distances[first, first], 0
    return farthest


@njit(cache=True, nogil=True, error_model="numpy")
def _show(
    registers: NDArray[np.float64],
    read: NDArray[np.bool_],
    real: NDArray[np.float64],
    whole: NDArray[np.int64],
    state: tuple[int, int, float],
) -> None:
    waiting, n, farthest = state
    on_tour = n - waiting
    if read[_SHARE]:
        share = on_tour / n
        for place in range(waiting):
            registers[_SHARE, place] = share
    if read[_FARTHEST]:
        for place in range(waiting):
            registers[_FARTHEST, place] = farthest
    if read[_REGRET]:
        for place in range(waiting):
            registers[_REGRET, place] = real[_SECOND, place] - registers[_CHEAPEST, place]
    if read[_MEAN_TOUR]:
        for place in range(waiting):
            registers[_MEAN_TOUR, place] = real[_TO_TOUR, place] / on_tour
    if read[_EDGE]:
        for place in range(waiting):
            registers[_EDGE, place] = real[_LENGTH, whole[_EDGE_OF, whole[_BEST, place]]]


@njit(cache=True, nogil=True, error_model="numpy")
def _highest(registers: NDArray[np.float64], waiting: int) -> int:
    # The first of the highest scores; -1 where one is NaN.
    scores = registers.shape[0] - 1
    best, highest = 0, registers[scores, 0]
    for place in range(waiting):
        if not registers[scores, place] <= highest:
            if np.isnan(registers[scores, place]) or np.isnan(highest):
                return -1
            best, highest = place, registers[scores, place]
    return best


@njit(cache=True, nogil=True, error_model="numpy")
def _largest(registers: NDArray[np.float64], row: int, count: int) -> float:
    largest = 0.0
    for place in range(count):
        largest = max(largest, registers[row, place])
    return largest


@njit(cache=True, nogil=True, error_model="numpy")
def _insert(
    distances: NDArray[np.float64], real: NDArray[np.float64], whole: NDArray[np.int64], chosen: int, on_tour: int
) -> tuple[int, int, int]:
    # Returns the cities before, in and behind the place.
    city, at, edge = whole[_CITY, chosen], whole[_BEST, chosen], on_tour - 1
    old = whole[_EDGE_OF, at]
    after = whole[_END, old]
    whole[_END, old], real[_LENGTH, old] = city, distances[at, city]
    whole[_START, edge], whole[_END, edge], real[_LENGTH, edge] = city, after, distances[city, after]
    whole[_EDGE_OF, city] = edge
    return at, city, after


@njit(cache=True, nogil=True, error_model="numpy")
def _remove(
    registers: NDArray[np.float64],
    read: NDArray[np.bool_],
    real: NDArray[np.float64],
    whole: NDArray[np.int64],
    state: tuple[int, int],
) -> None:
    chosen, waiting = state
    for row in (_NEAREST, _CHEAPEST, _MEAN, _LONELY):
        if read[row] or row == _CHEAPEST or (row == _NEAREST and read[_FARTHEST]):
            for place in range(chosen, waiting - 1):
                registers[row, place] = registers[row, place + 1]
    for row in (_SECOND, _TO_TOUR):
        if read[_MEAN_TOUR] or row == _SECOND:
            for place in range(chosen, waiting - 1):
                real[row, place] = real[row, place + 1]
    for row in (_CITY, _BEST, _SECOND_BEST):
        for place in range(chosen, waiting - 1):
            whole[row, place] = whole[row, place + 1]


@njit(cache=True, nogil=True, error_model="numpy")
def _come_nearer(
    distances: NDArray[np.float64],
    registers: NDArray[np.float64],
    real: NDArray[np.float64],
    whole: NDArray[np.int64],
    state: tuple[int, int, int, int, int],
) -> int:
    # Returns how many cities may have other best places now.
    at, city, after, waiting, on_tour = state
    to_at, to_after, count = distances[at, city], distances[city, after], 0
    for place in range(waiting):
        other, second = whole[_CITY, place], real[_SECOND, place]
        away = distances[city, other]
        before, behind = distances[at, other] + away - to_at, away + distances[after, other] - to_after
        real[_AWAY, place], real[_BEFORE, place], real[_BEHIND, place] = away, before, behind
        registers[_NEAREST, place] = min(registers[_NEAREST, place], away)
        whole[_CHANGED, count] = place
        count += (
            (before <= second)
            | (behind <= second)
            | (whole[_BEST, place] == at)
            | (whole[_SECOND_BEST, place] == at)
            | (second == np.inf)
            | (on_tour <= 2)
        )
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _update_places(
    distances: NDArray[np.float64],
    registers: NDArray[np.float64],
    real: NDArray[np.float64],
    whole: NDArray[np.int64],
    state: tuple[int, int, int, int],
) -> None:
    # The edge that started from `at` is gone, and two are new: from `at`, and from the city behind it. What is known of the others is
    # that they cost more than the second best place; where that does not tell which are the two best now, all edges are looked at.
    count, at, city, on_tour = state
    for number in range(count):
        place = whole[_CHANGED, number]
        best, second = whole[_BEST, place], whole[_SECOND_BEST, place]
        best_cost, second_cost = registers[_CHEAPEST, place], real[_SECOND, place]
        bound_cost, bound = second_cost, second
        if best == at:
            best_cost, best = second_cost, second
            second_cost = np.inf
        elif second == at:
            second_cost = np.inf
        known = second_cost < np.inf
        for start, cost in ((at, real[_BEFORE, place]), (city, real[_BEHIND, place])):
            known |= cost < bound_cost or (cost == bound_cost and start < bound)
            if cost < best_cost or (cost == best_cost and start < best):
                second_cost, second = best_cost, best
                best_cost, best = cost, start
            elif cost < second_cost or (cost == second_cost and start < second):
                second_cost, second = cost, start
        if not known or on_tour <= 2:
            _find_places(distances, registers, real, whole, (place, at, on_tour))
            continue
        registers[_CHEAPEST, place], whole[_BEST, place] = best_cost, best
        real[_SECOND, place], whole[_SECOND_BEST, place] = second_cost, second


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def _find_places(
    distances: NDArray[np.float64],
    registers: NDArray[np.float64],
    real: NDArray[np.float64],
    whole: NDArray[np.int64],
    state: tuple[int, int, int],
) -> None:
    # The two best places of a city among all edges of the tour.
    place, at, on_tour = state
    other = whole[_CITY, place]
    for edge in range(on_tour):
        real[_COST, edge] = distances[other, whole[_START, edge]] + distances[other, whole[_END, edge]] - real[_LENGTH, edge]
    best_cost, second_cost, best, second = np.inf, np.inf, at, at
    for edge in range(on_tour):
        cost, start = real[_COST, edge], whole[_START, edge]
        if cost > second_cost:
            continue
        if cost < best_cost or (cost == best_cost and start < best):
            second_cost, second = best_cost, best
            best_cost, best = cost, start
        elif cost < second_cost or (cost == second_cost and start < second):
            second_cost, second = cost, start
    registers[_CHEAPEST, place], whole[_BEST, place] = best_cost, best
    real[_SECOND, place], whole[_SECOND_BEST, place] = second_cost, second
