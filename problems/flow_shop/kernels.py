"""Insertion of jobs into a partial order, by Taillard's acceleration (1990, doi:10.1016/0377-2217(90)90090-X).

A partial order is an array of jobs of which the first `count` entries count. What all its insertions share is kept in two arrays:
`heads[k]` has the times at which the machines have done the first k jobs, shape (jobs + 1, machines); `tails[k]` how long it takes from
when the job at place k begins on a machine until the end, likewise, with zeros behind the last. So one place is tried in time of the
machines.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["idle_growth", "insert", "insert_in_order", "measure", "remove", "span_at", "spare_time", "update_heads_and_tails"]


@njit(cache=True, nogil=True)
def update_heads_and_tails(
    times: NDArray[np.int64], order: NDArray[np.int64], count: int, heads: NDArray[np.int64], tails: NDArray[np.int64]
) -> None:
    """Write heads and tails of a partial order.

    Args:
        times: Shape (jobs, machines).
        order: Jobs, of which the first `count` count.
        count: How many jobs are placed.
        heads: Written, see the module.
        tails: Written, see the module.
    """
    machines = times.shape[1]
    heads[0] = 0
    for place in range(count):
        ready, job = 0, order[place]
        for machine in range(machines):
            ready = max(ready, heads[place, machine]) + times[job, machine]
            heads[place + 1, machine] = ready
    tails[count] = 0
    for place in range(count - 1, -1, -1):
        left, job = 0, order[place]
        for machine in range(machines - 1, -1, -1):
            left = max(left, tails[place + 1, machine]) + times[job, machine]
            tails[place, machine] = left


@njit(cache=True, nogil=True)
def span_at(times: NDArray[np.int64], job: int, heads: NDArray[np.int64], tails: NDArray[np.int64], place: int) -> int:
    """Makespan of the partial order with a job put in at a place, from 0 (before all) to `count`."""
    ready, span = 0, 0
    for machine in range(times.shape[1]):
        ready = max(ready, heads[place, machine]) + times[job, machine]
        span = max(span, ready + tails[place, machine])
    return span


@njit(cache=True, nogil=True)
def measure(
    times: NDArray[np.int64],
    waiting: NDArray[np.int64],
    heads: NDArray[np.int64],
    tails: NDArray[np.int64],
    spans: NDArray[np.int64],
) -> None:
    """Try all places for jobs that wait.

    Args:
        times: Shape (jobs, machines).
        waiting: The jobs; at least one fewer than all are placed for each.
        heads: Of the partial order.
        tails: Likewise.
        spans: Written: the least and the second least makespan for each, which may be equal; the same where there is one place. Shape
            (2, waiting).
    """
    count = len(times) - len(waiting)
    for number, job in enumerate(waiting):
        least = span_at(times, job, heads, tails, 0)
        second = -1
        for place in range(1, count + 1):
            span = span_at(times, job, heads, tails, place)
            if span < least:
                least, second = span, least
            elif second < 0 or span < second:
                second = span
        spans[0, number] = least
        spans[1, number] = least if second < 0 else second


@njit(cache=True, nogil=True)
def idle_growth(
    times: NDArray[np.int64], order: NDArray[np.int64], count: int, heads: NDArray[np.int64], job: int, place: int
) -> int:
    """By how much longer machines stand idle, up to the job behind the place, with a job put in.

    The measure of Fernandez-Viagas & Framinan (2014, doi:10.1016/j.cor.2013.12.012): of all machines but the first, how long each waits
    for the job, and then for the one behind it, less how long it waited for that one before.
    """
    idle, ready, after = 0, 0, 0
    for machine in range(times.shape[1]):
        begin = max(ready, heads[place, machine])
        ready = begin + times[job, machine]
        if machine > 0:
            idle += begin - heads[place, machine]
        if place < count:
            following = order[place]
            start = max(after, ready)
            if machine > 0:
                idle += start - ready - (heads[place + 1, machine] - times[following, machine] - heads[place, machine])
            after = start + times[following, machine]
    return idle


@njit(cache=True, nogil=True)
def spare_time(times: NDArray[np.int64], job: int, heads: NDArray[np.int64], tails: NDArray[np.int64], place: int) -> int:
    """By how much the longest paths through a job at a place fall short of the makespan, summed.

    Of every machine that on which the job leaves it to the jobs behind.
    """
    ready, total = 0, 0
    for machine in range(times.shape[1]):
        ready = max(ready, heads[place, machine]) + times[job, machine]
        total += ready + tails[place, machine]
    span: int = span_at(times, job, heads, tails, place)
    return span * int(times.shape[1]) - int(total)


@njit(cache=True, nogil=True)
def insert(order: NDArray[np.int64], count: int, job: int, place: int) -> None:
    """Put a job in at a place; there are `count` jobs before."""
    for behind in range(count, place, -1):
        order[behind] = order[behind - 1]
    order[place] = job


@njit(cache=True, nogil=True)
def remove(order: NDArray[np.int64], count: int, place: int) -> int:
    """Take the job at a place out and return it; there are `count` jobs before."""
    job = order[place]
    for behind in range(place, count - 1):
        order[behind] = order[behind + 1]
    return int(job)


FIRST, LAST, LEAST_IDLE = range(3)  # how ties between places are broken


@njit(cache=True, nogil=True)
def insert_in_order(times: NDArray[np.int64], jobs: NDArray[np.int64], ties: NDArray[np.int64]) -> NDArray[np.int64]:
    """Insert jobs in an order that is given, each where the makespan grows least.

    Args:
        times: Shape (jobs, machines).
        jobs: All jobs, shape (jobs,).
        ties: By job, which of the best places it takes: 0 the first, 1 the last, 2 the first of those where machines idle least.

    Returns:
        The order in which they are processed, shape (jobs,).
    """
    n, machines = times.shape
    order = np.empty(n, dtype=np.int64)
    heads, tails = np.zeros((n + 1, machines), dtype=np.int64), np.zeros((n + 1, machines), dtype=np.int64)
    for count in range(n):
        job = jobs[count]
        update_heads_and_tails(times, order, count, heads, tails)
        best, at, idle = -1, 0, 0
        for place in range(count + 1):
            span = span_at(times, job, heads, tails, place)
            if best >= 0 and (span > best or (span == best and ties[job] == FIRST)):
                continue
            waits = idle_growth(times, order, count, heads, job, place) if ties[job] == LEAST_IDLE else 0
            if span == best and ties[job] == LEAST_IDLE and waits >= idle:
                continue
            best, at, idle = span, place, waits
        insert(order, count, job, at)
    return order
