"""Probing: the best heuristic on a small part of an instance solves it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["kept_by_probe", "probing_work", "work_of_all"]


def kept_by_probe(costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """The heuristic that is kept for each instance: the cheapest on its probe, the first one on ties.

    Args:
        costs: On the probes, minimised, shape (instances, heuristics).

    Returns:
        Places, shape (instances,).
    """
    kept: NDArray[np.int64] = costs.argmin(axis=1)
    return kept


def probing_work(shares: Sequence[float], heuristics: int, *, first_is_solution: bool) -> list[float]:
    """Work of probing, in full runs of one heuristic, for each instance.

    That is 1 for the solution and `share` for every heuristic that is tried.

    Args:
        shares: Of each instance, how much its probe is of it, in calls of a heuristic.
        heuristics: How many are tried; one alone needs no probe.
        first_is_solution: Whether the first heuristic's probe is the begin of the solution, as online, and costs nothing beside it.
    """
    tried = heuristics - 1 if first_is_solution or heuristics == 1 else heuristics
    return [1.0 + tried * share for share in shares]


def work_of_all(heuristics: int) -> float:
    """Work of running all heuristics and keeping the best solution."""
    return float(heuristics)
