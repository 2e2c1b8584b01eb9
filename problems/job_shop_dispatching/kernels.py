"""A shop in compiled code: who waits for a machine, what is shown of them, and plans by formulas.

Textbook rules are weighted sums of what is shown.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import Machine, run_steps

__all__ = [
    "BEGUN",
    "CLOCK",
    "JOBS",
    "SCALARS",
    "VIEWS",
    "WORK",
    "Shop",
    "begin",
    "commit",
    "find_conflict",
    "plan_by_formula",
    "plan_by_rule",
    "show_waiting",
]

SCALARS, VIEWS = 3, 10
"""How many numbers and vectors a rule is shown."""

JOBS, WORK, BEGUN, CLOCK = range(4)  # entries of `Shop.numbers`
_TIME, _REMAINING, _OPERATIONS, _DONE, _WAITED, _AGE, _NEXT_TIME, _NEXT_QUEUE, _NEXT_BUSY, _NEXT_LOAD = range(
    SCALARS, SCALARS + VIEWS
)


class Shop(NamedTuple):
    """What is known of a shop, and what has begun.

    Attributes:
        routes: As in `JobShopInstance`, of the jobs that have come, like the next two.
        times: Likewise.
        releases: Likewise.
        starts: When operations that have begun did so, shape (jobs, operations).
        step: How many operations of each job have begun, shape (jobs,).
        ready: When each job's last one ends, shape (jobs,).
        rest: Work of each job that has not begun, shape (jobs,).
        free: When each machine is free, shape (machines,).
        loads: Work on each machine that has not begun, shape (machines,).
        numbers: Jobs that have come, their work, operations that have begun, and the time of the last arrival.
    """

    routes: NDArray[np.int64]
    times: NDArray[np.int64]
    releases: NDArray[np.int64]
    starts: NDArray[np.int64]
    step: NDArray[np.int64]
    ready: NDArray[np.int64]
    rest: NDArray[np.int64]
    free: NDArray[np.int64]
    loads: NDArray[np.int64]
    numbers: NDArray[np.int64]


@njit(cache=True, nogil=True)
def begin(shop: Shop, job: int) -> int:
    """Begin a job's next operation as early as can be, and return when."""
    operation = shop.step[job]
    machine, time = shop.routes[job, operation], shop.times[job, operation]
    start = max(shop.ready[job], shop.free[machine], shop.numbers[CLOCK])
    shop.starts[job, operation] = start
    shop.ready[job] = start + time
    shop.free[machine] = start + time
    shop.step[job] += 1
    shop.rest[job] -= time
    shop.loads[machine] -= time
    shop.numbers[BEGUN] += 1
    return int(start)


@njit(cache=True, nogil=True)
def commit(shop: Shop, tried: Shop, plan: NDArray[np.int64], until: int) -> None:
    """Begin what a plan begins before a moment.

    Args:
        shop: Where it begins.
        tried: A copy of it, which the whole plan overwrites.
        plan: Jobs, each as often as operations of it are left.
        until: The moment.
    """
    for job in plan:
        if begin(tried, job) < until:
            begin(shop, job)


@njit(cache=True, nogil=True)
def find_conflict(shop: Shop, active: bool, waiting: NDArray[np.int64]) -> tuple[int, int]:
    """Find the next machine to decide about, and the jobs that compete for it.

    Args:
        shop: The shop.
        active: By Giffler & Thompson (1960, doi:10.1287/opre.8.4.487), else by the machine that can begin first, with jobs that can.
        waiting: Written: the jobs, by rising number.

    Returns:
        How many jobs, 0 if all is done; when the first of them can begin.
    """
    best, at = -1, -1
    for job in range(shop.numbers[JOBS]):
        operation = shop.step[job]
        if operation < shop.times.shape[1]:
            machine = shop.routes[job, operation]
            moment = max(shop.ready[job], shop.free[machine], shop.numbers[CLOCK])
            if active:
                moment += shop.times[job, operation]
            if best < 0 or moment < best or (moment == best and machine < at):
                best, at = moment, machine
    count, earliest = 0, -1
    for job in range(shop.numbers[JOBS]):
        operation = shop.step[job]
        if operation < shop.times.shape[1] and shop.routes[job, operation] == at:
            start = max(shop.ready[job], shop.free[at], shop.numbers[CLOCK])
            ends = start + shop.times[job, operation]
            # An operation that takes no time ends at the moment at which it can begin.
            if (start < best or ends == best) if active else start == best:
                waiting[count] = job
                count += 1
                earliest = start if earliest < 0 else min(earliest, start)
    return count, int(earliest)


@njit(cache=True, nogil=True)
def show_waiting(shop: Shop, waiting: NDArray[np.int64], now: int, views: NDArray[np.float64]) -> None:
    """Write what a rule sees of the jobs that compete for a machine.

    Times are in units of the mean operation of the jobs that have come: quotients of whole numbers, the same in any unit.

    Args:
        shop: The shop.
        waiting: The jobs, at least one.
        now: When the first of them can begin.
        views: Written, the numbers and then the vectors of `priority`, shape (13 or more, waiting or more).
    """
    operations = shop.times.shape[1]
    count, work = shop.numbers[JOBS] * operations, max(1, shop.numbers[WORK])
    queues = np.zeros(shop.free.size, dtype=np.int64)
    for job in range(shop.numbers[JOBS]):
        if shop.step[job] < operations and shop.ready[job] <= now:
            queues[shop.routes[job, shop.step[job]]] += shop.times[job, shop.step[job]]
    machine = shop.routes[waiting[0], shop.step[waiting[0]]]
    views[0, : waiting.size] = shop.numbers[BEGUN] / count
    views[1, : waiting.size] = shop.loads[machine] * count / work
    views[2, : waiting.size] = shop.loads.max() * count / work
    for place in range(waiting.size):
        job = waiting[place]
        step = shop.step[job]
        total = shop.times[job].sum()
        views[_TIME, place] = shop.times[job, step] * count / work
        views[_REMAINING, place] = shop.rest[job] * count / work
        views[_OPERATIONS, place] = operations - step
        views[_DONE, place] = (total - shop.rest[job]) * count / work
        views[_WAITED, place] = (now - shop.ready[job]) * count / work
        views[_AGE, place] = (now - shop.releases[job]) * count / work
        views[_NEXT_TIME : _NEXT_LOAD + 1, place] = 0.0
        if step + 1 < operations:
            following = shop.routes[job, step + 1]
            views[_NEXT_TIME, place] = shop.times[job, step + 1] * count / work
            views[_NEXT_QUEUE, place] = queues[following] * count / work
            views[_NEXT_BUSY, place] = max(0, shop.free[following] - now) * count / work
            views[_NEXT_LOAD, place] = shop.loads[following] * count / work


@njit(cache=True, nogil=True)
def plan_by_formula(shop: Shop, active: bool, machine: Machine, plan: NDArray[np.int64]) -> int:
    """Begin all operations by a flat heuristic, as `shop_floor.plan_by_scores` does by any.

    Args:
        shop: Overwritten: all has begun.
        active: As for `find_conflict`.
        machine: With a column for every job.
        plan: Written: the jobs in their order.

    Returns:
        How many there are; -1 where a score is NaN, and what is written means nothing.
    """
    steps, registers, loops, scratch = machine
    waiting = np.empty(shop.step.size, dtype=np.int64)
    planned = 0
    while True:
        count, now = find_conflict(shop, active, waiting)
        if count == 0:
            return planned
        place = 0
        if count > 1:
            show_waiting(shop, waiting[:count], now, registers)
            run_steps(steps, registers, loops, scratch, count)
            scores = registers[registers.shape[0] - 1, :count]
            place = int(np.argmax(scores))
            if np.isnan(scores[place]):
                return -1
        begin(shop, waiting[place])
        plan[planned] = waiting[place]
        planned += 1


@njit(cache=True, nogil=True)
def plan_by_rule(shop: Shop, active: bool, weights: NDArray[np.float64], quotient: bool, plan: NDArray[np.int64]) -> None:
    """Begin all operations by a textbook rule.

    Args:
        shop: Overwritten: all has begun.
        active: As for `find_conflict`.
        weights: Of the vectors that are shown, whose sum is the priority, shape (10,).
        quotient: Whether it is divided by the work that remains.
        plan: Written: the jobs in their order.
    """
    views = np.empty((SCALARS + VIEWS, shop.step.size))
    waiting = np.empty(shop.step.size, dtype=np.int64)
    for planned in range(plan.size):
        count, now = find_conflict(shop, active, waiting)
        show_waiting(shop, waiting[:count], now, views)
        best, at = 0.0, 0
        for place in range(count):
            key = 0.0
            for view in range(VIEWS):
                key += weights[view] * views[SCALARS + view, place]
            if quotient:  # 0 where nothing of the job takes any time
                key = key / views[_REMAINING, place] if views[_REMAINING, place] > 0.0 else 0.0
            if place == 0 or key > best:
                best, at = key, place
        begin(shop, waiting[at])
        plan[planned] = waiting[at]
