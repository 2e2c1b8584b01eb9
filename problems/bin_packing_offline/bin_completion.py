"""Packing bin after bin, each filled by the scores of a heuristic."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.returned_numbers import BadAnswer, highest

from .compiled_filling import fill_bins
from .instance import OfflineInstance
from .size_table import SizeTable
from .waiting_items import SCALARS, VIEWS, offer, open_bin, put_and_offer, waiting_items

__all__ = ["ARGUMENTS", "FlatCompletion", "complete_bins"]

ARGUMENTS = (False,) * SCALARS + (True,) * VIEWS
"""Of each argument of a heuristic, whether it is a vector."""

_FEW_SIZES = 256
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


class FlatCompletion:
    """Fills bins by a flat heuristic, instance after instance.

    Args:
        flat: The heuristic, of the arguments in `ARGUMENTS`.
    """

    def __init__(self, flat: FlatHeuristic) -> None:
        self._flat = flat
        self._numbers = flat.inputs + flat.constants.size + len(flat.steps)  # for every size
        # By some step; operands that an operation does not have are 0, the first input.
        self._read = np.isin(np.arange(len(ARGUMENTS)), flat.steps[:, 1:])
        self._machine = flat.machine(_FEW_SIZES)

    def packed(self, table: SizeTable) -> NDArray[np.int64] | None:
        """Pack an instance.

        Args:
            table: What `size_table` gives for it.

        Returns:
            The packing that `complete_bins` finds; None where a score is NaN, or where it would take too much memory.
        """
        sizes = table.sizes.size
        if sizes * self._numbers > _MOST_NUMBERS:
            return None
        if sizes > self._machine.registers.shape[1]:
            self._machine = self._flat.machine(sizes)
        assignment = np.empty(table.order.size, dtype=np.int64)
        return assignment if fill_bins(table, self._machine, self._read, assignment) else None


def _by_item(items: NDArray[np.int64], chosen: NDArray[np.int64], bins: NDArray[np.int64]) -> NDArray[np.int64]:
    # Items are numbered as they are listed; sizes go by falling size, so that both orders, each by size and then by time, are matched.
    assignment = np.empty_like(bins)
    assignment[np.argsort(-items, kind="stable")] = bins[np.argsort(chosen, kind="stable")]
    return assignment
