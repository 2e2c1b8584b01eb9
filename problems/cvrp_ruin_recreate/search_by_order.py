"""The interface by order: heuristics score the customers, once for leaving and once for the order in which they come back.

Each comes back where it then costs least; of places no heuristic is asked.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance, read_only
from evoheur.problems.returned_numbers import real_numbers

from . import kernels
from .start import DEVIATION, MOST_REMOVED, listed_routes, savings_state

__all__ = ["BLINK", "SearchByOrder", "insertion_scores", "removal_scores"]

BLINK = 0.01
"""Chance that a place is overlooked (Christiaens & Vanden Berghe 2020, doi:10.1287/trsc.2019.0914)."""


def removal_scores(
    seed: int,
    distances: NDArray[np.float64],
    demands: NDArray[np.float64],
    routes: NDArray[np.int64],
    successors: NDArray[np.int64],
    savings: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the customers for leaving their routes; those with the highest scores leave, the lower number first on ties.

    How many leave is drawn anew each time, 1 to 20. All arrays have one entry per node; entry 0 is the depot, whose score is ignored.

    Args:
        seed: Index of a customer drawn at random, around which routes may be opened.
        distances: From the seed to every node, not to be changed, shape (nodes,). The unit of all lengths is the customers' mean distance
            from the depot, so that they mean the same on every map.
        demands: Of every node, as shares of the capacity, shape (nodes,).
        routes: Number of the route that a customer is on, shape (nodes,).
        successors: Index of the customer that is next on the same route, 0 behind the last one, shape (nodes,).
        savings: By how much the routes become shorter if this customer alone leaves, at least 0, shape (nodes,).
        noise: Fresh random numbers in [0, 1), shape (nodes,).

    Returns:
        Scores, shape (nodes,); a customer with a score of -inf stays in any case. Not NaN.
    """
    return noise


def insertion_scores(
    demands: NDArray[np.float64],
    depot_distances: NDArray[np.float64],
    cheapest: NDArray[np.float64],
    regrets: NDArray[np.float64],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the customers that have left; they come back from the highest score to the lowest, each where it then costs least.

    All arrays have one entry per customer that has left, in the same order.

    Args:
        demands: Of the customers, as shares of the capacity, shape (removed,).
        depot_distances: From the depot, shape (removed,). The unit of all lengths is the customers' mean distance from the depot.
        cheapest: What it would cost now to put the customer where it lengthens the routes least, shape (removed,).
        regrets: How much more the best place on another route would cost, at least 0, shape (removed,).
        noise: Fresh random numbers in [0, 1), shape (removed,).

    Returns:
        Scores, shape (removed,); not NaN.
    """
    return noise


class SearchByOrder:
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
