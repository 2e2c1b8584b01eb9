"""A shop as jobs arrive: what has begun stays so, and the rest is planned anew.

A decision is a plan: jobs in the order in which their operations would begin if nothing more were to come. What it begins before the next
arrival is done.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Json
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.returned_numbers import BadAnswer, highest

from .instance import JobShopInstance
from .kernels import BEGUN, CLOCK, JOBS, SCALARS, VIEWS, WORK, Shop, begin, commit, find_conflict, plan_by_formula, show_waiting

__all__ = ["Planner", "ShopFloor", "decisions", "plan_by_scores", "planner_of_formula"]

Planner: TypeAlias = Callable[[Shop], NDArray[np.int64] | None]
"""Begins all that is left, and gives the jobs in their order; None where it cannot tell them."""

_NEVER = 2**62


class ShopFloor:
    """A shop in which jobs arrive.

    Args:
        machines: How many.
    """

    def __init__(self, machines: int) -> None:
        whole = np.zeros(0, dtype=np.int64)
        idle = np.zeros(machines, dtype=np.int64)
        nothing = np.zeros((0, 0), dtype=np.int64)
        self._plan = whole
        self.shop = Shop(nothing, nothing, whole, nothing, whole, whole, whole, idle, idle.copy(), np.zeros(4, dtype=np.int64))

    def arrive(self, arrival: Json) -> Shop:
        """Let time pass until the next arrival.

        Args:
            arrival: As in `JobShopInstance.arrivals`.

        Returns:
            A copy of the shop, for planning.
        """
        after, routes, times = arrival[0], np.array(arrival[1], dtype=np.int64), np.array(arrival[2], dtype=np.int64)
        now = int(self.shop.numbers[CLOCK]) + after
        self.pass_time(now)
        old, jobs = self.shop, len(times)
        loads = old.loads.copy()
        np.add.at(loads, routes, times)
        self.shop = Shop(
            routes=_below(old.routes, routes),
            times=_below(old.times, times),
            releases=np.concatenate([old.releases, np.full(jobs, now)]),
            starts=_below(old.starts, np.zeros_like(times)),
            step=np.concatenate([old.step, np.zeros(jobs, dtype=np.int64)]),
            ready=np.concatenate([old.ready, np.full(jobs, now)]),
            rest=np.concatenate([old.rest, times.sum(axis=1)]),
            free=old.free,
            loads=loads,
            numbers=old.numbers,
        )
        self.shop.numbers[JOBS] += jobs
        self.shop.numbers[WORK] += times.sum()
        self.shop.numbers[CLOCK] = now
        return self.copied()

    def decide(self, plan: NDArray[np.int64]) -> None:
        """Take a plan for all that is left."""
        self._plan = plan

    def pass_time(self, until: int = _NEVER) -> None:
        """Begin what the plan begins before a moment; without one, all of it."""
        commit(self.shop, self.copied(), self._plan, until)

    def copied(self) -> Shop:
        """The shop as it is, for trying."""
        return Shop(*self.shop[:3], *(each.copy() for each in self.shop[3:]))

    def left(self) -> NDArray[np.int64]:
        """How many operations of each job have not begun, shape (jobs,)."""
        left: NDArray[np.int64] = self.shop.times.shape[1] - self.shop.step
        return left


def decisions(instance: JobShopInstance, planner: Planner) -> list[Json] | None:
    """Plan at every arrival; None where the planner cannot."""
    floor, decided = ShopFloor(instance.machines), []
    for arrival in instance.arrivals():
        plan = planner(floor.arrive(arrival))
        if plan is None:
            return None
        floor.decide(plan)
        decided.append(plan.tolist())
    return decided


def planner_of_formula(flat: FlatHeuristic, *, active: bool) -> Planner:
    """Plans by a flat heuristic, until a score is NaN."""

    def planned(shop: Shop) -> NDArray[np.int64] | None:
        plan = np.empty(shop.times.size - int(shop.numbers[BEGUN]), dtype=np.int64)
        return plan if plan_by_formula(shop, active, flat.machine(shop.step.size), plan) >= 0 else None

    return planned


def plan_by_scores(priority: Callable[..., Any], shop: Shop, *, active: bool) -> NDArray[np.int64]:
    """Begin all operations by any rule, which is asked where two or more jobs compete.

    Args:
        priority: The rule; the job with the highest score begins, the one that came first on ties.
        shop: Overwritten.
        active: As for `find_conflict`.

    Returns:
        Jobs in their order, one per operation that had not begun.

    Raises:
        BadAnswer: Scores are unusable; says at which operation.
    """
    plan: list[int] = []
    waiting, views = np.empty(shop.step.size, dtype=np.int64), np.empty((SCALARS + VIEWS, shop.step.size))
    while True:
        count, now = find_conflict(shop, active, waiting)
        if not count:
            return np.array(plan, dtype=np.int64)
        place = 0
        if count > 1:
            show_waiting(shop, waiting[:count], now, views)
            try:
                place = highest(priority(*views[:SCALARS, 0], *views[SCALARS:, :count].copy()), count, "priority")
            except BadAnswer as error:
                raise BadAnswer(f"operation {int(shop.numbers[BEGUN]) + 1}: {error}") from error
        plan.append(int(waiting[place]))
        begin(shop, plan[-1])


def _below(old: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([old, new]) if old.size else new
