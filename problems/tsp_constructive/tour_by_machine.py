"""Building a tour with a heuristic that the machine for stepwise heuristics carries out."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.stepwise_heuristics.asked import AskedRoutine
from evoheur.problems.stepwise_heuristics.instructions import INT, NPINT
from evoheur.problems.stepwise_heuristics.memory import FUEL, REGISTERS, STOPPED, TOP, memory_at, new_array, put_int, put_object
from evoheur.problems.stepwise_heuristics.run_loop import carry_out

from .tour_construction import begun, choose_next, construct

__all__ = ["construct_by_machine", "visit"]

_FUEL = 100_000_000


@njit(cache=True, nogil=True)
def visit(handle: Any, matrix: int, tour: NDArray[np.int64], waiting: NDArray[np.bool_], span: tuple[int, int]) -> int:
    """Let the machine choose the next cities.

    Args:
        handle: Of the machine's memory, with the matrix laid out.
        matrix: Where the matrix is.
        tour: Cities so far; those chosen are added, shape (cities,).
        waiting: Cities that wait; those chosen are taken out, shape (cities,).
        span: The first step, and the one to stop before.

    Returns:
        The step that was not taken: the second of `span`, or where the machine gave up or answered with what is no city to go to.
    """
    memory = memory_at(handle)
    cities, ints, mark = tour.size, memory.ints, memory.ints[TOP]
    for step in range(span[0], span[1]):
        ints[TOP], ints[FUEL] = mark, _FUEL
        offered = new_array(memory, NPINT, cities - step, 0)
        if offered == 0:
            break
        count = 0
        for city in range(cities):
            if waiting[city]:
                ints[offered + 8 + count] = city
                count += 1
        if count == 1:
            answer = offered + 8
        else:
            first = REGISTERS + 3
            put_int(memory, first, INT, tour[step - 1])
            put_int(memory, first + 1, INT, tour[0])
            put_object(memory, first + 2, offered)
            put_object(memory, first + 3, matrix)
            answer = carry_out(memory)
            if ints[STOPPED] != 0 or memory.tags[answer] not in (INT, NPINT):
                break
        city = ints[answer]
        if city < 0 or city >= cities or not waiting[city]:
            break
        tour[step] = city
        waiting[city] = False
    else:
        step = span[1]
    ints[TOP] = mark
    return step


def construct_by_machine(choose: Callable[..., Any], distances: NDArray[np.float64], asked: AskedRoutine) -> NDArray[np.int64]:
    """Build the tour that `construct` builds, with the machine where it can.

    Args:
        choose: The heuristic, which is asked what the machine leaves open, and now and then beside it.
        distances: Of all cities, shape (cities, cities).
        asked: The heuristic in the machine.

    Returns:
        Cities in the order of visiting, shape (cities,).

    Raises:
        BadChoice: As in `construct`.
    """
    (matrix,) = asked.lay_out(distances)
    tour, waiting = begun(len(distances))
    step = 1
    while step < len(tour) and not asked.plain_because:
        shared = min(asked.next_shared(step), len(tour))
        reached = visit(asked.handle, matrix, tour, waiting, (step, shared))
        asked.count(reached - step, 0)
        step = reached
        if step == len(tour):
            break
        alone = tour.copy(), waiting.copy()
        answered = step == shared and visit(asked.handle, matrix, *alone, (step, step + 1)) > step
        asked.count(int(answered), int(not answered))
        choose_next(choose, distances, tour, waiting, step)
        if answered and alone[0][step] != tour[step]:
            asked.differ(step)
            return construct(choose, distances)
        step += 1
    for rest in range(step, len(tour)):
        choose_next(choose, distances, tour, waiting, rest)
    return tour
