"""Compiled steps of insertion, with the best and second best place of every waiting city.

The state of a construction over n cities is two arrays. `numbers`, float64, shape (6, n), and `links`, int64, shape (4, n), hold one
column per waiting city in rising order of the cities, but for `NEXT`, which is by city; columns beyond the waiting cities mean nothing.
A place is an edge of the tour, called by the city that it starts from. Places are compared by cost, then by that city's number, so that
what is kept per city does not depend on when it was found.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.routing.planar_lengths import Lengths, between, places_in

__all__ = ["VIEWS", "insert", "insert_by", "start"]

VIEWS = 7
"""Rows of `shown`: nearest, cheapest, regret, mean, lonely, mean_tour, edge."""

NEAREST, CHEAPEST, SECOND, MEAN, LONELY, TO_TOUR = range(6)  # rows of `numbers`
CITY, BEST, SECOND_BEST, NEXT = range(4)  # rows of `links`


@njit(cache=True, nogil=True)
def start(
    distances: Lengths, first: int, numbers: NDArray[np.float64], links: NDArray[np.int64], shown: NDArray[np.float64]
) -> float:
    """Begin with a tour of one city.

    Args:
        distances: Symmetric, of at least 2 cities: shape (n, n), or what they are computed from.
        first: The city.
        numbers: Filled, shape (6, n).
        links: Filled, shape (4, n).
        shown: Filled with the views of the waiting cities, shape (7, n).

    Returns:
        The largest distance of a waiting city to the tour.
    """
    n = places_in(distances)
    links[NEXT, first] = first
    farthest, place = 0.0, 0
    for city in range(n):
        if city == first:
            continue
        total, lonely = 0.0, np.inf
        for other in range(n):
            if other != city:
                total += between(distances, city, other)
                lonely = min(lonely, between(distances, city, other))
        away = between(distances, city, first)
        numbers[NEAREST, place] = numbers[TO_TOUR, place] = away
        numbers[CHEAPEST, place] = numbers[SECOND, place] = away + away - between(distances, first, first)
        numbers[MEAN, place] = total / (n - 1)
        numbers[LONELY, place] = lonely
        links[CITY, place] = city
        links[BEST, place] = links[SECOND_BEST, place] = first
        farthest = max(farthest, away)
        _show(distances, numbers, links, shown, place, 1)
        place += 1
    return farthest


@njit(cache=True, nogil=True)
def insert(
    distances: Lengths,
    numbers: NDArray[np.float64],
    links: NDArray[np.int64],
    shown: NDArray[np.float64],
    waiting: int,
    chosen: int,
) -> float:
    """Insert a waiting city at its best place.

    Args:
        distances: As for `start`.
        numbers: Of the state before; becomes that of the state after.
        links: Likewise.
        shown: Filled with the views of the cities that still wait.
        waiting: How many wait before.
        chosen: The column of the city.

    Returns:
        The largest distance of a waiting city to the tour, 0 if none waits.
    """
    city, at = links[CITY, chosen], links[BEST, chosen]
    links[NEXT, city] = links[NEXT, at]
    links[NEXT, at] = city
    on_tour = places_in(distances) - waiting + 1
    farthest = 0.0
    for old in range(waiting):
        if old == chosen:
            continue
        place = old - 1 if old > chosen else old
        other = links[CITY, old]
        away = between(distances, other, city)
        numbers[NEAREST, place] = min(numbers[NEAREST, old], away)
        numbers[TO_TOUR, place] = numbers[TO_TOUR, old] + away
        numbers[MEAN, place], numbers[LONELY, place] = numbers[MEAN, old], numbers[LONELY, old]
        links[CITY, place] = other
        _update_places(distances, numbers, links, old, place, at, on_tour)
        farthest = max(farthest, numbers[NEAREST, place])
        _show(distances, numbers, links, shown, place, on_tour)
    return farthest


@njit(cache=True, nogil=True)
def insert_by(distances: Lengths, first: int, view: int, sign: float) -> NDArray[np.int64]:
    """Build a tour by one of the views.

    Args:
        distances: As for `start`.
        first: The city that the tour begins with.
        view: Row of `shown`.
        sign: 1 to insert the city with the largest entry first, -1 for the smallest; the lower number on ties.

    Returns:
        Cities in the order of visiting, shape (n,).
    """
    n = places_in(distances)
    numbers, links, shown = np.empty((6, n)), np.empty((4, n), dtype=np.int64), np.empty((VIEWS, n))
    start(distances, first, numbers, links, shown)
    for waiting in range(n - 1, 0, -1):
        chosen = 0
        for place in range(1, waiting):
            if sign * shown[view, place] > sign * shown[view, chosen]:
                chosen = place
        insert(distances, numbers, links, shown, waiting, chosen)
    tour = np.empty(n, dtype=np.int64)
    city = first
    for place in range(n):
        tour[place] = city
        city = links[NEXT, city]
    return tour


@njit(cache=True, nogil=True)
def _show(
    distances: Lengths,
    numbers: NDArray[np.float64],
    links: NDArray[np.int64],
    shown: NDArray[np.float64],
    place: int,
    on_tour: int,
) -> None:
    # Written anew at every step, so that a rule may do with its arrays what it likes.
    best = links[BEST, place]
    shown[0, place] = numbers[NEAREST, place]
    shown[1, place] = numbers[CHEAPEST, place]
    shown[2, place] = numbers[SECOND, place] - numbers[CHEAPEST, place]
    shown[3, place] = numbers[MEAN, place]
    shown[4, place] = numbers[LONELY, place]
    shown[5, place] = numbers[TO_TOUR, place] / on_tour
    shown[6, place] = between(distances, best, links[NEXT, best])


@njit(cache=True, nogil=True)
def _update_places(
    distances: Lengths,
    numbers: NDArray[np.float64],
    links: NDArray[np.int64],
    old: int,
    place: int,
    at: int,
    on_tour: int,
) -> None:
    # The edge that started from `at` is gone, and two are new: from `at`, and from the city behind it. What is known of the others is
    # that they cost more than the second best place; where that does not tell which are the two best now, the tour is walked.
    city = links[CITY, place]
    best, second = links[BEST, old], links[SECOND_BEST, old]
    best_cost, second_cost = numbers[CHEAPEST, old], numbers[SECOND, old]
    bound_cost, bound = second_cost, second
    if best == at:
        best_cost, best = second_cost, second
        second_cost = np.inf
    elif second == at:
        second_cost = np.inf
    known = second_cost < np.inf
    for start_city in (at, links[NEXT, at]):
        cost = _cost(distances, links, start_city, city)
        if on_tour > 2 and (cost < bound_cost or (cost == bound_cost and start_city < bound)):
            known = True
        if cost < best_cost or (cost == best_cost and start_city < best):
            second_cost, second = best_cost, best
            best_cost, best = cost, start_city
        elif cost < second_cost or (cost == second_cost and start_city < second):
            second_cost, second = cost, start_city
    if known and on_tour > 2:
        numbers[CHEAPEST, place], links[BEST, place] = best_cost, best
        numbers[SECOND, place], links[SECOND_BEST, place] = second_cost, second
    else:
        _find_places(distances, numbers, links, place, at)


@njit(cache=True, nogil=True)
def _find_places(distances: Lengths, numbers: NDArray[np.float64], links: NDArray[np.int64], place: int, at: int) -> None:
    city = links[CITY, place]
    best_cost, second_cost, best, second = np.inf, np.inf, at, at
    on_tour = at
    while True:
        cost = _cost(distances, links, on_tour, city)
        if cost < best_cost or (cost == best_cost and on_tour < best):
            second_cost, second = best_cost, best
            best_cost, best = cost, on_tour
        elif cost < second_cost or (cost == second_cost and on_tour < second):
            second_cost, second = cost, on_tour
        on_tour = links[NEXT, on_tour]
        if on_tour == at:
            break
    numbers[CHEAPEST, place], links[BEST, place] = best_cost, best
    numbers[SECOND, place], links[SECOND_BEST, place] = second_cost, second


@njit(cache=True, nogil=True)
def _cost(distances: NDArray[np.float64], links: NDArray[np.int64], before: int, city: int) -> float:
    after = links[NEXT, before]
    return float(between(distances, before, city) + between(distances, city, after) - between(distances, before, after))
