"""The compiled round of simulated annealing on a tour: moves of three kinds, drawn at neighbours.

What a round leaves behind is two arrays of numbers. `kinds`, shape (3, 4), has by kind of move (2-opt, Or-opt, exchange of pieces) how many
were tried, how many were made, what those that shortened the tour took away, and how many led to the best tour so far. `walk`, shape (6,),
has of all moves how many would have lengthened the tour and by how much in sum, the sum and the sum of squares of the tour's lengths after
each move less the length that the round began with, the number of the move that led to the best tour (0 if none did), and that of moves.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.tsp.local_search.kernels import (
    LONGEST_PIECE,
    LONGEST_SEGMENT,
    Search,
    carry_over,
    exchange_edges,
    kick,
)

__all__ = ["DRAWS", "KINDS", "anneal", "measured_anew"]

KINDS = 3
"""2-opt, Or-opt, exchange of pieces."""

DRAWS = 5
"""Random numbers for a move: its kind, its city, a neighbour of that, how it is made, and luck."""

TRIED, MADE, GAINED, RECORDS = range(4)  # columns of `kinds`
RISES, RISEN, SUM, SQUARES, LATEST, MOVES = range(6)  # places of `walk`

_RECORD = 1e-9  # by how much a tour must be shorter to be the best; less is rounding
_NOWHERE = 0  # as a reach or a step: no such move


@njit(cache=True, nogil=True)
def anneal(
    search: Search,
    draws: NDArray[np.float64],
    bounds: NDArray[np.float64],
    temperature: float,
    kinds: NDArray[np.float64],
    walk: NDArray[np.float64],
) -> None:
    """Try a move for each draw; make those that shorten the tour, and others by Metropolis's criterion.

    A draw that names no move, such as the exchange of an edge for itself, counts as one that was not tried.

    Args:
        search: A plain search over at least 5 cities; its queue is of no importance.
        draws: Uniform in [0, 1), shape (moves, DRAWS).
        bounds: Draws below the first are of the first kind, other draws below the second of the second. Shape (2,).
        temperature: In the unit of the distances, finite; below 0 to measure moves and make none.
        kinds: See the module; overwritten.
        walk: See the module; overwritten.
    """
    kinds[:] = 0.0
    walk[:] = 0.0
    walk[MOVES] = len(draws)
    start = search.lengths[0]
    for number in range(len(draws)):
        draw = draws[number]
        kind = 0 if draw[0] < bounds[0] else 1 if draw[0] < bounds[1] else 2
        city = int(draw[1] * len(search.tour))
        other = search.neighbours[city, int(draw[2] * search.neighbours.shape[1])]
        first, second, change = _proposed(search, kind, city, other, draw[3])
        if first != _NOWHERE:
            kinds[kind, TRIED] += 1
            if change > 0.0:
                walk[RISES] += 1
                walk[RISEN] += change
            if temperature >= 0.0 and change <= -temperature * np.log(1.0 - draw[4]):
                _make(search, kind, city, other, first, second)
                kinds[kind, MADE] += 1
                kinds[kind, GAINED] += max(0.0, -change)
                if search.lengths[0] < search.lengths[1] - _RECORD:
                    search.lengths[1] = search.lengths[0]
                    search.best[:] = search.tour
                    kinds[kind, RECORDS] += 1
                    walk[LATEST] = number + 1
        away = search.lengths[0] - start
        walk[SUM] += away
        walk[SQUARES] += away * away


@njit(cache=True, nogil=True)
def measured_anew(search: Search) -> None:
    """Sum the tour's length again, so that what moves added and took away leaves no error behind."""
    length = 0.0
    for place, city in enumerate(search.tour):
        length += search.distances[search.tour[place - 1], city]
    search.lengths[0] = length


@njit(cache=True, nogil=True)
def _proposed(search: Search, kind: int, city: int, other: int, draw: float) -> tuple[int, int, float]:
    # Two numbers that say how the move is made, the first 0 if there is none, and by how much it would lengthen the tour.
    if kind == 0:
        return _edges(search, city, other, draw)
    if kind == 1:
        return _segment(search, city, other, draw)
    return _pieces(search, city, other, draw)


@njit(cache=True, nogil=True)
def _at(search: Search, place: int) -> int:
    city: int = search.tour[place % len(search.tour)]
    return city


@njit(cache=True, nogil=True)
def _edges(search: Search, city: int, other: int, draw: float) -> tuple[int, int, float]:
    # 2-opt: the side on which both cities lose an edge.
    distances, step = search.distances, 1 if draw < 0.5 else -1
    beside, far = _at(search, search.place[city] + step), _at(search, search.place[other] + step)
    if beside == other or far == city:
        return _NOWHERE, 0, 0.0
    new = distances[city, other] + distances[beside, far]
    return step, 0, new - distances[city, beside] - distances[other, far]


@njit(cache=True, nogil=True)
def _segment(search: Search, city: int, other: int, draw: float) -> tuple[int, int, float]:
    # Or-opt: the cities that move, by sign after or before the city, and the side of the other one that they come to.
    distances, n = search.distances, len(search.tour)
    form = int(draw * 4 * LONGEST_SEGMENT)
    step, side, length = 1 - 2 * (form % 2), 1 - 2 * (form // 2 % 2), min(1 + form // 4, n - 3)
    place = search.place[city]
    if (search.place[other] - place) * step % n < length:
        return _NOWHERE, 0, 0.0  # in the segment itself
    end, before = _at(search, place + step * (length - 1)), _at(search, place - step)
    after, far = _at(search, place + step * length), _at(search, search.place[other] + side)
    if far in (city, end):
        return _NOWHERE, 0, 0.0  # the gap that the segment leaves
    new = distances[before, after] + distances[other, city] + distances[end, far]
    return step * length, side, new - distances[before, city] - distances[end, after] - distances[other, far]


@njit(cache=True, nogil=True)
def _pieces(search: Search, city: int, other: int, draw: float) -> tuple[int, int, float]:
    # The pieces behind the city change places, the second beginning with the other one: cities in both, and in the first.
    distances, n = search.distances, len(search.tour)
    place = search.place[city]
    cut, most = (search.place[other] - place) % n - 1, min(LONGEST_PIECE, n - 2)
    if cut < 1 or cut >= most:
        return _NOWHERE, 0, 0.0
    length = cut + 1 + int(draw * (most - cut))
    one, two = _at(search, place + 1), _at(search, place + cut)
    last, after = _at(search, place + length), _at(search, place + length + 1)
    new = distances[city, other] + distances[last, one] + distances[two, after]
    return length, cut, new - distances[city, one] - distances[two, other] - distances[last, after]


@njit(cache=True, nogil=True)
def _make(search: Search, kind: int, city: int, other: int, first: int, second: int) -> None:
    if kind == 0:
        exchange_edges(search, city, first, other)
    elif kind == 1:
        carry_over(search, city, first, other, second)
    else:
        kick(search, (search.place[city] + 1) % len(search.tour), first, second)
