"""Textbook iterated greedy searches, as trusted solvers.

They draw what the frame draws, and make as many steps; no rule is asked.
"""

import zlib
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flow_shop.instance import FlowShopInstance

from .chosen_removals import ROUND, GreedySearch

__all__ = ["TEMPERATURE", "iterated_greedy", "random_removals", "textbook_rules"]

TEMPERATURE = 0.04
"""Ruiz and Stützle's constant temperature: 0.4 times a tenth of the mean operation, which is the unit here."""


def random_removals(
    instance: FlowShopInstance, rng: np.random.Generator, *, steps_per_job: int, removed: int
) -> NDArray[np.int64]:
    """Iterated greedy search of which no order is kept that is worse; the rules that a search starts from."""
    return _searched(instance, rng, steps_per_job, removed, 0.0)


def iterated_greedy(
    instance: FlowShopInstance, rng: np.random.Generator, *, steps_per_job: int, removed: int
) -> NDArray[np.int64]:
    """Iterated greedy search (Ruiz & Stützle 2007, doi:10.1016/j.ejor.2005.12.009): random removals, accepted at a constant temperature.

    Theirs draws other turns for every pass of the descent, and ends by the clock.
    """
    return _searched(instance, rng, steps_per_job, removed, TEMPERATURE)


def _searched(
    instance: FlowShopInstance, rng: np.random.Generator, steps_per_job: int, removed: int, temperature: float
) -> NDArray[np.int64]:
    search, n = GreedySearch.begun(instance), instance.jobs
    left = steps_per_job * n
    while left:
        size = min(ROUND, left)
        for allowed in (-temperature * np.log(1.0 - rng.random(size))).tolist():
            chosen = np.argsort(-rng.random(n), kind="stable")[: min(removed, n - 1)]
            search.step(chosen, rng.permutation(n), allowed)
        left -= size
    return search.best()


def textbook_rules(steps_per_job: int, removed: int) -> dict[str, Callable[[FlowShopInstance], NDArray[np.int64]]]:
    """Name → solver with so many steps per job, drawing from a seed made of the instance's name."""

    def solver(search: Callable[..., NDArray[np.int64]], instance: FlowShopInstance) -> NDArray[np.int64]:
        rng = np.random.default_rng(zlib.crc32(instance.name.encode()))
        return search(instance, rng, steps_per_job=steps_per_job, removed=removed)

    return {search.__name__: partial(solver, search) for search in (random_removals, iterated_greedy)}
