"""The textbook offline rules, as trusted solvers."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.packing import kernels as shared

from . import kernels
from .instance import OfflineInstance

__all__ = ["RULES", "SEARCH_STEPS"]

SEARCH_STEPS = 100_000
"""Items that minimum bin slack tries per bin at most; the complete search is exponential, and hardly ever needs more."""

_MOST_STEPS = 200_000_000  # for all bins together: some seconds; reached from 2,000 items on


def first_fit_decreasing(instance: OfflineInstance) -> NDArray[np.int64]:
    """First fit decreasing: largest first, first bin with room (Johnson 1973)."""
    return _decreasing(instance, shared.first_fit)


def best_fit_decreasing(instance: OfflineInstance) -> NDArray[np.int64]:
    """Best fit decreasing: largest first, fullest bin with room (Johnson 1973).

    The rule that a search starts from where items are packed one by one.
    """
    return _decreasing(instance, shared.best_fit)


def minimum_bin_slack(instance: OfflineInstance) -> NDArray[np.int64]:
    """Minimum bin slack: bin after bin, as full as possible.

    As full as the waiting items make it (Gupta & Ho 1999, doi:10.1080/095372899233082). The rule that a search starts from, where
    a bin has at most 1,000 units.
    """
    steps = _steps(instance)
    return _decreasing(instance, lambda items, capacity: kernels.minimum_bin_slack(items, capacity, steps))


def minimum_bin_slack_with_largest(instance: OfflineInstance) -> NDArray[np.int64]:
    """Minimum bin slack in which every bin holds the largest waiting item.

    MBS' of Fleszar & Hindi (2002, doi:10.1016/S0305-0548(00)00082-4).
    """
    steps = _steps(instance)
    return _decreasing(instance, lambda items, capacity: kernels.minimum_bin_slack(items, capacity, steps, with_largest=True))


def _steps(instance: OfflineInstance) -> int:
    return min(SEARCH_STEPS, _MOST_STEPS // instance.items.size)


def _decreasing(instance: OfflineInstance, rule: Callable[[NDArray[np.int64], int], NDArray[np.int64]]) -> NDArray[np.int64]:
    order = np.argsort(-instance.items, kind="stable")
    assignment = np.empty_like(order)
    assignment[order] = rule(instance.items[order], instance.capacity)
    return assignment


RULES: dict[str, Callable[[OfflineInstance], NDArray[np.int64]]] = {
    "first_fit_decreasing": first_fit_decreasing,
    "best_fit_decreasing": best_fit_decreasing,
    "minimum_bin_slack": minimum_bin_slack,
    "minimum_bin_slack_with_largest": minimum_bin_slack_with_largest,
}
