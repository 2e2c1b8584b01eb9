"""Compiled local search with 2-opt and Or-opt.

2-opt (Croes 1958) and Or-opt (Or 1976) over neighbour lists with a queue of cities (Bentley 1992).

Moves are judged by one matrix (`guided`) and followed in a second one (`distances`): guided local search adds penalties to the first and
wants tours that are short by the second. For a plain search the two are one. No entry of `guided` may be below that of `distances`.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.routing.planar_lengths import Lengths, between, places_in

__all__ = [
    "LONGEST_PIECE",
    "LONGEST_SEGMENT",
    "Search",
    "carry_over",
    "exchange_edges",
    "improve",
    "improve_at",
    "iterated",
    "kick",
    "neighbour_lists",
    "started",
    "wake",
]

LONGEST_PIECE = 50
"""Cities in the piece of a tour that a kick takes apart; longer ones make kicks that no descent repairs in little time."""

LONGEST_SEGMENT = 3
"""Cities that one move of Or's carries elsewhere, at most."""

_TOLERANCE = 1e-10  # of the edges removed: a smaller gain is rounding, and following it could go round in circles


class Search(NamedTuple):
    """The state of a local search over n cities.

    `started` makes it; its arrays change in place, but for the matrices and the lists.

    Attributes:
        tour: The current order of cities, shape (n,).
        place: Place of every city in `tour`, shape (n,).
        best: The shortest tour seen, by `distances`, shape (n,).
        lengths: Of `tour` and of `best` by `distances`, shape (2,).
        guided: What moves are judged by, shape (n, n); or what is computed, as `planar_lengths` makes it.
        distances: What tours are measured by, likewise.
        neighbours: Cities that new edges may lead to, nearest first, shape (n, count).
        queue: Cities whose moves are to be tried, as a ring, shape (n,).
        waiting: Which cities are in `queue`, shape (n,).
        ring: Where `queue` begins and how many it holds, shape (2,).
        moved: Cities that have got another city beside them; whoever reads the marks takes them off. Shape (n,).
    """

    tour: NDArray[np.int64]
    place: NDArray[np.int64]
    best: NDArray[np.int64]
    lengths: NDArray[np.float64]
    guided: Lengths
    distances: Lengths
    neighbours: NDArray[np.int64]
    queue: NDArray[np.int64]
    waiting: NDArray[np.bool_]
    ring: NDArray[np.int64]
    moved: NDArray[np.bool_]


@njit(cache=True, nogil=True)
def neighbour_lists(distances: Lengths, count: int) -> NDArray[np.int64]:
    """The nearest other cities of every city, nearest first.

    The lower number on ties; shape (cities, min(count, cities - 1)).
    """
    n = places_in(distances)
    lists = np.empty((n, min(count, n - 1)), dtype=np.int64)
    for city in range(n):
        found = 0
        for other in range(n):
            distance = between(distances, city, other)
            if other == city or (found == lists.shape[1] and distance >= between(distances, city, lists[city, found - 1])):
                continue
            found = min(found + 1, lists.shape[1])
            place = found - 1  # by insertion: the lists are short
            while place > 0 and between(distances, city, lists[city, place - 1]) > distance:
                lists[city, place] = lists[city, place - 1]
                place -= 1
            lists[city, place] = other
    return lists


@njit(cache=True, nogil=True)
def started(tour: NDArray[np.int64], guided: Lengths, distances: Lengths, neighbours: NDArray[np.int64]) -> Search:
    """A search that begins at a tour.

    The tour is copied, and every city is to be tried in the order of the tour.
    """
    n = len(tour)
    search = Search(
        tour.copy(),
        np.empty(n, dtype=np.int64),
        tour.copy(),
        np.empty(2, dtype=np.float64),
        guided,
        distances,
        neighbours,
        np.empty(n, dtype=np.int64),
        np.zeros(n, dtype=np.bool_),
        np.zeros(2, dtype=np.int64),
        np.zeros(n, dtype=np.bool_),
    )
    _go_back(search)
    search.lengths[1] = search.lengths[0]
    for city in tour:
        wake(search, city)
    return search


@njit(cache=True, nogil=True)
def wake(search: Search, city: int) -> None:
    """Have a city's moves tried (again)."""
    if not search.waiting[city]:
        search.waiting[city] = True
        search.queue[(search.ring[0] + search.ring[1]) % len(search.queue)] = city
        search.ring[1] += 1


@njit(cache=True, nogil=True)
def improve(search: Search, or_opt: bool) -> None:
    """Make improving moves until there are none.

    No city in the queue has one then; `best` and `lengths` follow every move.

    Args:
        search: Its tour is changed.
        or_opt: False to make 2-opt moves only.
    """
    while search.ring[1] > 0:
        city = search.queue[search.ring[0]]
        search.ring[0] = (search.ring[0] + 1) % len(search.queue)
        search.ring[1] -= 1
        search.waiting[city] = False
        while _two_opt(search, city) or (or_opt and _or_opt(search, city)):
            if search.lengths[0] < search.lengths[1]:
                search.lengths[1] = search.lengths[0]
                search.best[:] = search.tour


@njit(cache=True, nogil=True)
def improve_at(search: Search, city: int) -> bool:
    """Make one improving move at a city, if there is one.

    The cities that it touches are in the queue then; `best` and `lengths` follow.
    """
    if not (_two_opt(search, city) or _or_opt(search, city)):
        return False
    if search.lengths[0] < search.lengths[1]:
        search.lengths[1] = search.lengths[0]
        search.best[:] = search.tour
    return True


@njit(cache=True, nogil=True)
def iterated(search: Search, draws: NDArray[np.float64]) -> None:
    """Iterated local search: improve, kick, improve again.

    There are as many kicks as draws; the search goes back whenever the tour became longer. A kick exchanges the two parts of a random
    piece of the tour, which is a double bridge (Martin, Otto & Felten 1991) that stays local.

    Args:
        search: A plain search over at least 5 cities, whose `guided` is its `distances`; its `best` is the result.
        draws: Uniform in [0, 1): where the piece begins, its length, and where it is cut. Shape (kicks, 3).
    """
    n = len(search.tour)
    improve(search, True)
    for attempt in range(len(draws)):
        length = 2 + int(draws[attempt, 1] * (min(LONGEST_PIECE, n - 2) - 1))
        kick(search, int(draws[attempt, 0] * n), length, 1 + int(draws[attempt, 2] * (length - 1)))
        improve(search, True)
        if search.lengths[0] <= search.lengths[1]:
            search.best[:] = search.tour
            search.lengths[1] = search.lengths[0]
        else:
            _go_back(search)


@njit(cache=True, nogil=True)
def _go_back(search: Search) -> None:
    search.tour[:] = search.best
    length = 0.0
    for place, city in enumerate(search.tour):
        search.place[city] = place
        length += between(search.distances, search.tour[place - 1], city)
    search.lengths[0] = length  # summed anew, so that what moves added and took away leaves no error behind


@njit(cache=True, nogil=True)
def kick(search: Search, first: int, length: int, cut: int) -> None:
    """Exchange the two parts of a piece of the tour, which is a double bridge.

    Args:
        search: Its tour is changed, and the cities at the new edges are to be tried.
        first: Place where the piece begins.
        length: Cities in the piece, from 2 to all but two.
        cut: Cities in its first part, at least 1 and fewer than `length`.
    """
    n = len(search.tour)
    piece = np.empty(length, dtype=np.int64)
    for index in range(length):
        piece[index] = search.tour[(first + index) % n]
    before, after = search.tour[first - 1], search.tour[(first + length) % n]
    _exchanged(search, before, piece[0], before, piece[cut])
    _exchanged(search, piece[cut - 1], piece[cut], piece[-1], piece[0])
    _exchanged(search, piece[-1], after, piece[cut - 1], after)
    for index in range(length):
        _put(search, first + index, piece[(index + cut) % length])


@njit(cache=True, nogil=True)
def _put(search: Search, place: int, city: int) -> None:
    place %= len(search.tour)
    search.tour[place] = city
    search.place[city] = place


@njit(cache=True, nogil=True)
def _beside(search: Search, city: int, step: int) -> int:
    # The city after (step 1) or before (step -1) another.
    place = search.place[city] + step
    beside: int = search.tour[0 if place == len(search.tour) else place]  # place -1 is the last, as NumPy has it
    return beside


@njit(cache=True, nogil=True)
def _exchanged(search: Search, one: int, other: int, three: int, four: int) -> None:
    # Follows the edge one-other being replaced by three-four; both ends of both are to be tried again.
    search.lengths[0] += between(search.distances, three, four) - between(search.distances, one, other)
    for city in (one, other, three, four):
        search.moved[city] = True
        wake(search, city)


@njit(cache=True, nogil=True)
def _two_opt(search: Search, city: int) -> bool:
    # Makes the best exchange that replaces an edge at the city by one to a neighbour; False if none is an improvement.
    guided = search.guided
    most, best_step, best_other = 0.0, 0, -1
    for step in (1, -1):
        beside = _beside(search, city, step)
        for other in search.neighbours[city]:
            if between(guided, city, beside) <= between(search.distances, city, other):
                break  # the exchange gains at neither end, or is found from its other end
            far = _beside(search, other, step)
            removed = between(guided, city, beside) + between(guided, other, far)
            gain = removed - between(guided, city, other) - between(guided, beside, far)
            if gain > most and gain > _TOLERANCE * removed:
                most, best_step, best_other = gain, step, other
    if best_other < 0:
        return False
    exchange_edges(search, city, best_step, best_other)
    return True


@njit(cache=True, nogil=True)
def exchange_edges(search: Search, city: int, step: int, other: int) -> None:
    """Make a move of 2-opt: two cities come to lie beside each other, and so do those beside them.

    Args:
        search: Its tour is changed.
        city: One of the two.
        step: The side on which either loses an edge: 1 for the one after, -1 for the one before.
        other: The other of the two, not beside the first on that side, nor the first beside it.
    """
    beside, far = _beside(search, city, step), _beside(search, other, step)
    _exchanged(search, city, beside, city, other)
    _exchanged(search, other, far, beside, far)
    if step == 1:
        _reverse(search, search.place[beside], search.place[other])
    else:
        _reverse(search, search.place[city], search.place[far])


@njit(cache=True, nogil=True)
def _reverse(search: Search, first: int, last: int) -> None:
    # Reverses what lies between two places, or all the rest, which gives the same round trip with less work.
    n = len(search.tour)
    length = (last - first) % n + 1
    if 2 * length > n:
        first, last, length = last + 1, first - 1, n - length
    for _ in range(length // 2):
        one, other = search.tour[first % n], search.tour[last % n]
        _put(search, first, other)
        _put(search, last, one)
        first += 1
        last -= 1


@njit(cache=True, nogil=True)
def _or_opt(search: Search, city: int) -> bool:
    # Makes the best move of one to three cities, of which this one is an end, to beside one of its neighbours; False if none improves.
    most, best_reach, best_other, best_side = 0.0, 0, -1, 0
    for step in (1, -1):  # the side of the city on which the others lie
        end = city
        for length in range(1, min(LONGEST_SEGMENT, len(search.tour) - 3) + 1):
            if length > 1:
                end = _beside(search, end, step)
            gain, other, side = _best_gap(search, city, end, step * length)
            if gain > most:
                most, best_reach, best_other, best_side = gain, step * length, other, side
    if best_other < 0:
        return False
    carry_over(search, city, best_reach, best_other, best_side)
    return True


@njit(cache=True, nogil=True)
def _best_gap(search: Search, city: int, end: int, reach: int) -> tuple[float, int, int]:
    # Where the segment of |reach| cities from `city` to `end` is best put: gain, the neighbour that `city` comes to lie next to, and on
    # which side of it. A gain of 0 if nowhere is better than where it is.
    guided = search.guided
    n = len(search.tour)
    length, step = abs(reach), 1 if reach > 0 else -1
    before, after = _beside(search, city, -step), _beside(search, end, step)
    removed = between(guided, before, city) + between(guided, end, after)
    freed = removed - between(guided, before, after)
    most, best_other, best_side = 0.0, -1, 0
    for other in search.neighbours[city]:
        ahead = (
            search.place[other] - search.place[city]
        ) * step  # modulo n without a division, which took half of a search's time
        if (ahead if ahead >= 0 else ahead + n) < length:
            continue  # in the segment itself
        for side in (1, -1):
            far = _beside(search, other, side)
            if far in (city, end):
                continue  # the gap that the segment leaves
            gain = freed + between(guided, other, far) - between(guided, city, other) - between(guided, end, far)
            if gain > most and gain > _TOLERANCE * (removed + between(guided, other, far)):
                most, best_other, best_side = gain, other, side
    return most, best_other, best_side


@njit(cache=True, nogil=True)
def carry_over(search: Search, city: int, reach: int, other: int, side: int) -> None:
    """Make a move of Or-opt.

    Args:
        search: Its tour is changed.
        city: Where the segment begins; it comes to lie beside `other`.
        reach: Cities in the segment, by its sign after the first (above 0) or before it.
        other: A city outside of it.
        side: On which side of that one: 1 after, -1 before. Not the gap that the segment leaves.
    """
    n = len(search.tour)
    length, step = abs(reach), 1 if reach > 0 else -1
    segment = np.empty(length, dtype=np.int64)
    for index in range(length):
        segment[index] = search.tour[(search.place[city] + index * step) % n]
    end = segment[-1]
    before, after, far = _beside(search, city, -step), _beside(search, end, step), _beside(search, other, side)
    _exchanged(search, before, city, before, after)
    _exchanged(search, end, after, end, far)
    _exchanged(search, other, far, city, other)
    first = search.place[city] if step == 1 else search.place[end]
    gap = search.place[other] if side == 1 else search.place[far]  # the segment goes in behind this place
    ahead = (gap - first - length + 1) % n
    if 2 * ahead <= n - length:
        for index in range(ahead):
            _put(search, first + index, search.tour[(first + length + index) % n])
        start = first + ahead
    else:
        for index in range(n - length - ahead):
            _put(search, first + length - 1 - index, search.tour[(first - 1 - index) % n])
        start = first - (n - length - ahead)
    for index in range(length):
        # The city lies next to the other one: first in the new place if that is before it.
        _put(search, start + (index if side == 1 else length - 1 - index), segment[index])
