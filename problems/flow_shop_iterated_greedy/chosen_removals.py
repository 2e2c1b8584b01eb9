"""Iterated greedy search, the frame of the two rules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flow_shop.instance import FlowShopInstance
from evoheur.problems.flow_shop.job_views import JobViews, in_mean_operations
from evoheur.problems.flow_shop.kernels import FIRST, insert_in_order
from evoheur.problems.flow_shop.schedule import makespan
from evoheur.problems.returned_numbers import real_numbers

from .kernels import BEST, CURRENT, IMPROVED, STEPS, VIEWS, look, take_step

__all__ = ["ROUND", "GreedySearch", "searched"]

ROUND = 10
"""Steps from one question for the allowed growths to the next; which jobs leave is asked at every step."""


@dataclass(slots=True)
class GreedySearch:
    """A search under way; the arrays are those of `kernels`.

    Attributes:
        instance: Whose order is searched for.
        orders: Where it stands, and the best so far.
        memory: What became of the jobs.
        counts: Makespans and numbers of steps.
        heads: Room.
        tails: Room.
    """

    instance: FlowShopInstance
    orders: NDArray[np.int64]
    memory: NDArray[np.int64]
    counts: NDArray[np.int64]
    heads: NDArray[np.int64]
    tails: NDArray[np.int64]

    @classmethod
    def begun(cls, instance: FlowShopInstance) -> "GreedySearch":
        """A search at the order that NEH builds."""
        n = instance.jobs
        longest_first = np.argsort(-instance.times.sum(axis=1), kind="stable")
        order = insert_in_order(instance.times, longest_first, np.full(n, FIRST, dtype=np.int64))
        span = makespan(instance, order)
        rooms = [np.zeros((n + 1, instance.machines), dtype=np.int64) for _ in range(2)]
        counts = np.array([span, span, 0, 0], dtype=np.int64)
        return cls(instance, np.array([order, order]), np.zeros((2, n), dtype=np.int64), counts, *rooms)

    def best(self) -> NDArray[np.int64]:
        """The best order so far, shape (jobs,)."""
        order: NDArray[np.int64] = self.orders[BEST]
        return order

    def step(self, chosen: NDArray[np.int64], turns: NDArray[np.int64], allowed: float) -> None:
        """One step; `allowed` is in units of the mean operation."""
        unit = self.instance.total / (self.instance.jobs * self.instance.machines)
        state = (self.instance.times, self.orders, self.memory, self.counts)
        take_step(*state, chosen, turns, allowed * unit, self.heads, self.tails)


def searched(
    remove: Callable[..., Any],
    accept: Callable[..., Any],
    instance: FlowShopInstance,
    rng: np.random.Generator,
    *,
    steps: int,
    removed: int,
) -> NDArray[np.int64]:
    """The best order that iterated greedy search finds.

    From NEH's order, each step takes jobs out, puts them back where they fit best, the one with the highest score first, and descends. No
    clock is read.

    Args:
        remove: The rule `removal_scores`.
        accept: The rule `allowed_growths`.
        instance: At least 2 jobs.
        rng: Of all that is drawn: for each round of steps a number above 0 each, then for each step the jobs' noise, then the order in
            which the descent tries them.
        steps: How many, in rounds of `ROUND`.
        removed: Jobs that leave at a step; at most all but one.

    Returns:
        The best of all orders on the way, shape (jobs,).

    Raises:
        BadAnswer: An answer of a rule is unusable.
    """
    search, n = GreedySearch.begun(instance), instance.jobs
    fixed = JobViews.of(instance)
    shown, leaving = np.zeros((VIEWS, n), dtype=np.int64), min(removed, n - 1)
    places = np.empty(n)
    while search.counts[STEPS] < steps:
        size = min(ROUND, steps - int(search.counts[STEPS]))
        behind = float(in_mean_operations(instance, search.counts[CURRENT] - search.counts[BEST]))
        stuck = int(search.counts[STEPS] - search.counts[IMPROVED]) / n
        answer = accept(int(search.counts[STEPS]) / steps, behind, stuck, 1.0 - rng.random(size))
        for allowed in real_numbers(answer, (size,), "allowed_growths").tolist():
            look(instance.times, search.orders[CURRENT], search.heads, search.tails, search.memory, search.counts, shown)
            places[search.orders[CURRENT]] = np.arange(n) / (n - 1)
            saved, slack, waited = in_mean_operations(instance, shown[:3])
            told = (int(search.counts[STEPS]) / steps, rng.random(n), fixed.mean.copy(), fixed.deviation.copy(), places.copy())
            answer = remove(*told, saved, slack, waited, shown[3].astype(np.float64), shown[4] / n)
            scores = real_numbers(answer, (n,), "removal_scores")
            chosen = np.argsort(-scores, kind="stable")[:leaving]
            search.step(chosen, rng.permutation(n), allowed)
    return search.best()
