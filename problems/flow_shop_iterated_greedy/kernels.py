"""The compiled step of iterated greedy search: views of every job, then removal, insertion and descent.

What a search remembers is arrays of whole numbers. `orders`, shape (2, jobs): the order that the search stands at, and the best so far.
`memory`, shape (2, jobs): by job how often it was removed, and the number of the last step that removed it and was kept. `counts`, shape
(4,): makespans of both orders, the number of steps so far, and of those when the best order was last improved.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flow_shop.kernels import insert, remove, span_at, update_heads_and_tails

__all__ = ["VIEWS", "look", "take_step"]

VIEWS = 5
"""Rows of `shown`: saved, slack, waited, tried, age."""

CURRENT, BEST = range(2)  # rows of `orders`, and places of `counts`
STEPS, IMPROVED = 2, 3  # places of `counts`
TRIED, KEPT = range(2)  # rows of `memory`


@njit(cache=True, nogil=True)
def look(
    times: NDArray[np.int64],
    order: NDArray[np.int64],
    heads: NDArray[np.int64],
    tails: NDArray[np.int64],
    memory: NDArray[np.int64],
    counts: NDArray[np.int64],
    shown: NDArray[np.int64],
) -> None:
    """Fill the views of all jobs, in the instance's unit.

    Args:
        times: Shape (jobs, machines).
        order: That the search stands at.
        heads: Room, shape (jobs + 1, machines).
        tails: Likewise.
        memory: See the module.
        counts: See the module.
        shown: Filled, shape (5, jobs).
    """
    n, machines = times.shape
    update_heads_and_tails(times, order, n, heads, tails)
    span = heads[n, machines - 1]
    for place in range(n):
        job, without, through, waited = order[place], 0, 0, 0
        for machine in range(machines):
            without = max(without, heads[place, machine] + tails[place + 1, machine])
            through = max(through, heads[place + 1, machine] + tails[place, machine] - times[job, machine])
            waited += heads[place + 1, machine] - times[job, machine] - heads[place, machine]
        shown[0, job], shown[1, job] = span - without, span - through
        shown[2, job] = waited if place > 0 else 0
        shown[3, job] = memory[TRIED, job]
        shown[4, job] = counts[STEPS] - memory[KEPT, job]


@njit(cache=True, nogil=True)
def _best_place(
    times: NDArray[np.int64], order: NDArray[np.int64], count: int, job: int, heads: NDArray[np.int64], tails: NDArray[np.int64]
) -> tuple[int, int]:
    # The first of the places where the makespan is least with a job put in, and that makespan.
    update_heads_and_tails(times, order, count, heads, tails)
    best, least = 0, span_at(times, job, heads, tails, 0)
    for place in range(1, count + 1):
        span = span_at(times, job, heads, tails, place)
        if span < least:
            best, least = place, span
    return best, least


@njit(cache=True, nogil=True)
def take_step(
    times: NDArray[np.int64],
    orders: NDArray[np.int64],
    memory: NDArray[np.int64],
    counts: NDArray[np.int64],
    chosen: NDArray[np.int64],
    turns: NDArray[np.int64],
    allowed: float,
    heads: NDArray[np.int64],
    tails: NDArray[np.int64],
) -> None:
    """Remove jobs, put them back one after the other, descend, and keep the order or go back.

    Each job goes where the makespan of those that are in grows least, to the first such place. The descent does the same with every job,
    turn after turn, as long as one of them shortens the makespan.

    Args:
        times: Shape (jobs, machines).
        orders: See the module; goes on.
        memory: See the module; goes on.
        counts: See the module; goes on.
        chosen: Jobs that are removed, in the order in which they come back; fewer than there are.
        turns: All jobs, in the order in which the descent tries them.
        allowed: By how much the makespan may grow, in the instance's unit; no NaN.
        heads: Room, shape (jobs + 1, machines).
        tails: Likewise.
    """
    n = len(times)
    trial, count, span = orders[CURRENT].copy(), n, 0
    counts[STEPS] += 1
    for job in chosen:
        remove(trial, count, _place_of(trial, job))
        count -= 1
        memory[TRIED, job] += 1
    for job in chosen:
        place, span = _best_place(times, trial, count, job, heads, tails)
        insert(trial, count, job, place)
        count += 1
    improved = True
    while improved:
        improved = False
        for job in turns:
            before = _place_of(trial, job)
            remove(trial, n, before)
            place, found = _best_place(times, trial, n - 1, job, heads, tails)
            if found < span:
                span, improved = found, True
                insert(trial, n - 1, job, place)
            else:
                insert(trial, n - 1, job, before)
    if span < counts[BEST]:
        orders[BEST], counts[BEST], counts[IMPROVED] = trial, span, counts[STEPS]
    if span - counts[CURRENT] <= allowed:
        orders[CURRENT], counts[CURRENT] = trial, span
        for job in chosen:
            memory[KEPT, job] = counts[STEPS]


@njit(cache=True, nogil=True)
def _place_of(order: NDArray[np.int64], job: int) -> int:
    place = 0
    while order[place] != job:
        place += 1
    return place
