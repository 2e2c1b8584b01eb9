"""Packing bin after bin, each filled by the scores of a heuristic."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.kernels import Machine, evaluate
from evoheur.problems.returned_numbers import BadAnswer, highest

from .instance import OfflineInstance
from .waiting_items import SCALARS, SLACK, VIEWS, WaitingItems, offer, open_bin, put_and_offer, waiting_items

__all__ = ["ARGUMENTS", "complete_bins", "complete_bins_by_flat_heuristic"]

ARGUMENTS = (False,) * SCALARS + (True,) * VIEWS
"""Of each argument of a heuristic, whether it is a vector."""

_MOST_NUMBERS = 2**23
"""Room for computing a flat heuristic, 64 MiB: thousands of distinct sizes times hundreds of steps are left to Python."""


def complete_bins(completing: Callable[..., Any], instance: OfflineInstance) -> NDArray[np.int64]:
    """Fill bin after bin by any heuristic.

    The offered size with the highest score goes in, the larger one on ties; the bin is closed when no size fits.

    Args:
        completing: (the five scalars, the seven views of the sizes that are offered) → scores. The views are written anew before every
            call, so they are the heuristic's own to change.
        instance: What to pack.

    Returns:
        Bin of each item, counted from 0 in the order in which they are filled, shape (items,); items of one size go in as they are
        listed.

    Raises:
        BadAnswer: Scores are not usable; says for which bin and after how many items in it.
    """
    waiting = waiting_items(instance.items, instance.capacity)
    scalars, views = np.empty(SCALARS), np.empty((VIEWS, waiting.sizes.size))
    rows = tuple(views)
    chosen, bins = np.empty(instance.items.size, dtype=np.int64), np.empty(instance.items.size, dtype=np.int64)
    number, inside, read = 0, 0, np.ones(len(ARGUMENTS), dtype=np.bool_)
    open_bin(waiting, waiting.sizes.size - 1)
    columns = offer(waiting, scalars, views, read)
    for place in range(instance.items.size):
        try:
            best = highest(completing(*scalars, *(row[:columns] for row in rows)), columns, "completing")
        except BadAnswer as error:
            raise BadAnswer(f"bin {number}, after {inside} items in it: {error}") from error
        bins[place] = number
        chosen[place], columns, opened = put_and_offer(waiting, best, scalars, views, read)
        number, inside = number + opened, 0 if opened else inside + 1
    return _by_item(instance.items, chosen, bins)


def complete_bins_by_flat_heuristic(flat: FlatHeuristic, instance: OfflineInstance) -> NDArray[np.int64] | None:
    """Fill bin after bin by a flat heuristic.

    Returns:
        The packing that `complete_bins` finds; None where a score is NaN, or where it would take too much memory.
    """
    waiting = waiting_items(instance.items, instance.capacity)
    if waiting.sizes.size * (flat.inputs + flat.constants.size + len(flat.steps)) > _MOST_NUMBERS:
        return None
    chosen, bins = np.empty(instance.items.size, dtype=np.int64), np.empty(instance.items.size, dtype=np.int64)
    if not _complete(waiting, flat.machine(waiting.sizes.size), _inputs_read(flat), chosen, bins):
        return None
    return _by_item(instance.items, chosen, bins)


def _inputs_read(flat: FlatHeuristic) -> NDArray[np.bool_]:
    # By some step; operands that an operation does not have are 0, the first input.
    read = np.zeros(len(ARGUMENTS), dtype=np.bool_)
    operands = flat.steps[:, 1:]
    read[operands[operands < read.size]] = True
    return read


@njit(cache=True, nogil=True)
def _complete(
    waiting: WaitingItems, machine: Machine, read: NDArray[np.bool_], chosen: NDArray[np.int64], bins: NDArray[np.int64]
) -> bool:
    # Returns whether all scores are numbers.
    scalars, registers = np.empty(SCALARS), machine.registers
    views = registers[SCALARS : SCALARS + VIEWS]
    number = 0
    open_bin(waiting, waiting.sizes.size - 1 if read[SLACK] else -1)
    columns = offer(waiting, scalars, views, read)
    for place in range(chosen.size):
        for row in range(SCALARS):
            if read[row]:
                registers[row, :columns] = scalars[row]
        scores = evaluate(machine, columns)
        best = 0
        for column in range(columns):
            if np.isnan(scores[column]):
                return False
            if scores[column] > scores[best]:
                best = column
        bins[place] = number
        chosen[place], columns, opened = put_and_offer(waiting, best, scalars, views, read)
        number += opened
    return True


def _by_item(items: NDArray[np.int64], chosen: NDArray[np.int64], bins: NDArray[np.int64]) -> NDArray[np.int64]:
    # Items are numbered as they are listed; sizes go by falling size, so that both orders, each by size and then by time, are matched.
    assignment = np.empty_like(bins)
    assignment[np.argsort(-items, kind="stable")] = bins[np.argsort(chosen, kind="stable")]
    return assignment
