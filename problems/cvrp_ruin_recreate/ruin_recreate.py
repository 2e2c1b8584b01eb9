"""Ruin and recreate with record-to-record acceptance, by two heuristics."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance, read_only
from evoheur.problems.returned_numbers import real_numbers

from . import kernels
from .start import DEVIATION, MOST_REMOVED, listed_routes, savings_state

__all__ = ["BLINK", "RuinRecreate"]

BLINK = 0.01
"""Chance that a place is overlooked (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914)."""


class RuinRecreate:
    """One search on one instance.

    From Clarke & Wright's routes on, the heuristics say in every iteration which customers leave and in what order they come back, each
    where it then costs least. The new routes are kept if they are shorter than the record times 1 + deviation; the deviation falls linearly
    to 0 (Dueck 1993, doi:10.1006/jcph.1993.1010). Vehicles beyond the fleet count as length, as they do in the price, and a route that
    takes too long is never kept.

    Args:
        ruin: The heuristic `removal_scores`.
        recreate: The heuristic `insertion_scores`.
        instance: What to solve.
        rng: Of everything that is drawn; no clock is read.
    """

    def __init__(
        self, ruin: Callable[..., Any], recreate: Callable[..., Any], instance: CvrpInstance, rng: np.random.Generator
    ) -> None:
        self._ruin = ruin
        self._recreate = recreate
        self._instance = instance
        self._rng = rng
        self._shown = read_only(instance.distances)
        self._blinks = rng.integers(1, 2**63, size=1, dtype=np.uint64)

    def run(self, iterations: int) -> list[list[int]]:
        """The routes of the record after so many iterations.

        Raises:
            BadAnswer: A heuristic's scores are unusable; says in which iteration.
        """
        distances, terms, customers = self._instance.distances, self._instance.terms, self._instance.customers
        current = record = savings_state(self._instance)
        record_length = kernels.total_cost(record, distances, terms)
        seeds = self._rng.integers(1, customers + 1, size=iterations).tolist()
        counts = self._rng.integers(1, min(MOST_REMOVED, customers) + 1, size=iterations).tolist()
        for iteration in range(iterations):
            state = current.copy()
            chosen = self._chosen(state, seeds[iteration], counts[iteration])
            kernels.remove_all(state, self._instance.demands, chosen)
            self._put_back(state, chosen)
            length = kernels.total_cost(state, distances, terms)
            if length < record_length * (1.0 + DEVIATION * (1.0 - iteration / iterations)):
                current = state
                if length < record_length:
                    record, record_length = state, length  # a state that was kept is never changed again
        return listed_routes(record)

    def _chosen(self, state: NDArray[np.int64], seed: int, count: int) -> NDArray[np.int64]:
        scores = self._ruin(
            seed,
            self._shown[seed],
            self._instance.loads.copy(),
            state[kernels.ROUTE].copy(),
            state[kernels.NEXT].copy(),
            kernels.removal_savings(state, self._instance.distances),
            self._rng.random(state.shape[1]),
        )
        numbers = real_numbers(scores, (state.shape[1],), "removal_scores")[1:]
        highest = np.argsort(-numbers, kind="stable")[:count]
        return highest[numbers[highest] > -np.inf] + 1

    def _put_back(self, state: NDArray[np.int64], removed: NDArray[np.int64]) -> None:
        instance = self._instance
        if removed.size == 0:
            return
        distances, terms = instance.distances, instance.terms
        cheapest, second = kernels.insertion_costs(state, distances, instance.demands, terms, removed)
        scores = self._recreate(
            instance.loads[removed],
            instance.distances[0, removed],
            cheapest,
            second - cheapest,
            self._rng.random(removed.size),
        )
        numbers = real_numbers(scores, (removed.size,), "insertion_scores")
        order = removed[np.argsort(-numbers, kind="stable")]
        kernels.insert_in_order(state, distances, instance.demands, terms, order, BLINK, self._blinks)
