"""The compiled loop that packs by a flat heuristic."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import Machine, evaluate
from evoheur.problems.packing.levels.kernels import SCALARS, VIEWS, LevelShelf, arrive, place

__all__ = ["pack_flat"]


@njit(cache=True, nogil=True)
def pack_flat(shelf: LevelShelf, items: NDArray[np.int64], capacity: int, announced: int, machine: Machine) -> NDArray[np.int64]:
    """Pack a stream by a flat heuristic.

    Args:
        shelf: Empty, for as many items as there are.
        items: Sizes in order of arrival, each in 1..capacity, shape (items,).
        capacity: Of every bin.
        announced: How many items come in all, as the rule is told.
        machine: The rule of SCALARS + VIEWS inputs, with a column more than there can be levels.

    Returns:
        Bin of each item, shape (items,); -1 from the first item on for which some score is NaN.
    """
    assignment = np.full(items.size, -1, dtype=np.int64)
    scalars = np.empty(SCALARS)
    registers = machine.registers
    views = registers[SCALARS : SCALARS + VIEWS]
    for position in range(items.size):
        columns = arrive(shelf, items[position], capacity, announced, scalars, views)
        for row in range(SCALARS):
            registers[row, :columns] = scalars[row]
        scores = evaluate(machine, columns)
        best = 0
        for column in range(columns):
            if np.isnan(scores[column]):
                return assignment
            if scores[column] > scores[best]:
                best = column
        assignment[position] = place(shelf, items[position], capacity, best)
    return assignment
