"""Compiled views of resources, and the loop that builds a load by formulas."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import Machine, run_steps

__all__ = ["LASTING", "build_by_formulas", "show_fitting", "show_overfull"]

LASTING = 4
"""Views of an item that stay as they are: value, cost, need, tightest."""

_OVER, _STRAIN = 0, 1 + LASTING
_FREE, _FILLED, _FULLEST = 0, 1 + LASTING, 2 + LASTING


@njit(cache=True, nogil=True)
def show_overfull(
    weights: NDArray[np.int64],
    capacities: NDArray[np.int64],
    used: NDArray[np.int64],
    items: NDArray[np.int64],
    strain: NDArray[np.float64],
) -> float:
    """Write what items use of the resources that are short, weighted by how short they are.

    Args:
        weights: As in `KnapsackInstance`, like the next argument.
        capacities: Likewise.
        used: Of each resource by the load, shape (resources,).
        items: Whose strain is asked, shape (items,).
        strain: Written, shape (items,).

    Returns:
        The mean share by which resources are overdrawn; 0 if none is, and nothing is written then.
    """
    total = 0.0
    for resource in range(capacities.size):
        total += max(0, used[resource] - capacities[resource]) / capacities[resource]
    if total == 0.0:
        return 0.0
    strain[: items.size] = 0.0
    for resource in range(capacities.size):
        short = used[resource] - capacities[resource]
        if short > 0:
            part = short / capacities[resource] / total
            for place in range(items.size):
                strain[place] += weights[resource, items[place]] / capacities[resource] * part
    return total / capacities.size


@njit(cache=True, nogil=True)
def show_fitting(
    weights: NDArray[np.int64],
    capacities: NDArray[np.int64],
    rest: NDArray[np.int64],
    items: NDArray[np.int64],
    filled: NDArray[np.float64],
    fullest: NDArray[np.float64],
) -> float:
    """Write what items that fit use of what is left.

    Args:
        weights: As in `KnapsackInstance`, like the next argument.
        capacities: Likewise.
        rest: What is left of each resource, shape (resources,).
        items: That fit, shape (items,).
        filled: Written: the mean over the resources, shape (items,).
        fullest: Written: the largest share, shape (items,).

    Returns:
        What is left of the resources, mean of the shares.
    """
    free = 0.0
    filled[: items.size] = 0.0
    fullest[: items.size] = 0.0
    for resource in range(capacities.size):
        free += rest[resource] / capacities[resource]
        if rest[resource] > 0:  # what fits uses nothing of one that is used up
            for place in range(items.size):
                share = weights[resource, items[place]] / rest[resource]
                filled[place] += share
                fullest[place] = max(fullest[place], share)
    for place in range(items.size):
        filled[place] /= capacities.size
    return free / capacities.size


@njit(cache=True, nogil=True)
def build_by_formulas(
    weights: NDArray[np.int64],
    capacities: NDArray[np.int64],
    lasting: NDArray[np.float64],
    inside: NDArray[np.bool_],
    leaving: Machine,
    joining: Machine,
) -> bool:
    """Build a load by two flat heuristics, as `built_load` does by any.

    Args:
        weights: As in `KnapsackInstance`, like the next argument.
        capacities: Likewise.
        lasting: The lasting views of all items, shape (4, items).
        inside: Which items fit by themselves; then, which are in the load, shape (items,).
        leaving: With a column for every item.
        joining: Likewise.

    Returns:
        Whether all scores were numbers; if not, what is written means nothing.
    """
    used = np.zeros(capacities.size, dtype=np.int64)
    items = np.flatnonzero(inside)
    for resource in range(capacities.size):
        for chosen in items:
            used[resource] += weights[resource, chosen]
    count = int(items.size)
    while count > 0:
        steps, registers, loops, scratch = leaving
        over = show_overfull(weights, capacities, used, items[:count], registers[_STRAIN])
        if over == 0.0:
            break
        _show(registers, over, lasting, items[:count])
        run_steps(steps, registers, loops, scratch, count)
        place = _highest(registers[registers.shape[0] - 1, :count])
        if place < 0:
            return False
        inside[items[place]] = False
        used -= weights[:, items[place]]
        for other in range(place, count - 1):
            items[other] = items[other + 1]
        count -= 1
    rest, fitting = capacities - used, np.empty(inside.size, dtype=np.int64)
    while True:
        count = 0
        for item in range(inside.size):
            if not inside[item] and _fits(weights, rest, item):
                fitting[count] = item
                count += 1
        if count == 0:
            return True
        steps, registers, loops, scratch = joining
        registers[_FREE, :count] = show_fitting(
            weights, capacities, rest, fitting[:count], registers[_FILLED], registers[_FULLEST]
        )
        _show(registers, registers[_FREE, 0], lasting, fitting[:count])
        run_steps(steps, registers, loops, scratch, count)
        place = _highest(registers[registers.shape[0] - 1, :count])
        if place < 0:
            return False
        inside[fitting[place]] = True
        rest -= weights[:, fitting[place]]


@njit(cache=True, nogil=True)
def _show(registers: NDArray[np.float64], number: float, lasting: NDArray[np.float64], items: NDArray[np.int64]) -> None:
    for place in range(items.size):
        registers[0, place] = number
        for row in range(LASTING):
            registers[1 + row, place] = lasting[row, items[place]]


@njit(cache=True, nogil=True)
def _fits(weights: NDArray[np.int64], rest: NDArray[np.int64], item: int) -> bool:
    for resource in range(rest.size):  # noqa: SIM110 - numba compiles no generator
        if weights[resource, item] > rest[resource]:
            return False
    return True


@njit(cache=True, nogil=True)
def _highest(scores: NDArray[np.float64]) -> int:
    # The first of the highest; -1 where one is no number.
    best = 0
    for place in range(scores.size):
        if np.isnan(scores[place]):
            return -1
        if scores[place] > scores[best]:
            best = place
    return best
