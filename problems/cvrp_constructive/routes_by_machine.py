"""Building routes with a heuristic that the machine for stepwise heuristics carries out."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.stepwise_heuristics.asked import AskedRoutine
from evoheur.problems.stepwise_heuristics.instructions import FLOAT, INT, NPINT
from evoheur.problems.stepwise_heuristics.memory import (
    FUEL,
    REGISTERS,
    STOPPED,
    TOP,
    Memory,
    memory_at,
    new_array,
    put_float,
    put_int,
    put_object,
)
from evoheur.problems.stepwise_heuristics.run_loop import carry_out

from .route_construction import RouteBuilding, construct

__all__ = ["construct_by_machine", "serve"]

_FUEL = 100_000_000


@njit(cache=True, nogil=True)
def serve(
    handle: Any,
    shown: tuple[int, int, bool],
    waiting: NDArray[np.int64],
    limits: tuple[int, NDArray[np.float64], float],
    state: NDArray[np.int64],
    spent: NDArray[np.float64],
    visits: NDArray[np.int64],
) -> None:
    """Let the machine choose the next nodes.

    It stops after so many questions, when no customer waits, or where the machine gives up or answers with what is no node to go to.

    Args:
        handle: Of the machine's memory, with demands and distances laid out.
        shown: Where demands and distances are, and whether loads are shares of the capacity.
        waiting: See `RouteBuilding`.
        limits: Capacity, durations, and the longest that a route may take.
        state: Questions to ask, how many the machine answered, the node here, free capacity, customers that wait, visits; shape (6,).
        spent: How long the vehicle has been under way, shape (1,).
        visits: See `RouteBuilding`.
    """
    capacity, durations, longest = limits
    limited, nodes = longest < np.inf, waiting.size
    memory = memory_at(handle)
    ints, mark = memory.ints, memory.ints[TOP]
    while state[4] > 0:
        ints[TOP] = mark
        here, free = state[2], state[3]
        offered = new_array(memory, NPINT, nodes, 0)
        if offered == 0:
            break
        count = 0
        for node in range(1, nodes):
            if waiting[node] <= free and (not limited or spent[0] + durations[here, node] + durations[node, 0] <= longest):
                ints[offered + 8 + count] = node
                count += 1
        ints[offered + 1] = count
        node = 0
        if count > 0:
            if state[0] == 0:
                break
            node = _ask(memory, offered, here, free / capacity if shown[2] else float(free), shown)
            if node < 0 or node >= nodes or (node == 0 and here == 0) or (node and not _is_in(memory, offered, node)):
                break
            state[0] -= 1
            state[1] += 1
        if node:
            state[3] -= waiting[node]
            if limited:
                spent[0] += durations[here, node]
            waiting[node] = capacity + 1
            state[4] -= 1
        else:
            state[3] = capacity
            spent[0] = 0.0
        visits[state[5]] = node
        state[2] = node
        state[5] += 1
    ints[TOP] = mark


@njit(cache=True, nogil=True)
def _is_in(memory: Memory, offered: int, node: int) -> bool:
    found = False
    for i in range(memory.ints[offered + 1]):
        found = found or memory.ints[offered + 8 + i] == node
    return found


@njit(cache=True, nogil=True)
def _ask(memory: Memory, offered: int, here: int, load: float, shown: tuple[int, int, bool]) -> int:
    first = REGISTERS + 3
    memory.ints[FUEL] = _FUEL
    put_int(memory, first, INT, here)
    put_int(memory, first + 1, INT, 0)
    put_object(memory, first + 2, offered)
    if shown[2]:
        put_float(memory, first + 3, FLOAT, load)
    else:
        put_int(memory, first + 3, INT, int(load))
    put_object(memory, first + 4, shown[0])
    put_object(memory, first + 5, shown[1])
    answer = carry_out(memory)
    if memory.ints[STOPPED] != 0 or memory.tags[answer] not in (INT, NPINT):
        return -1
    return int(memory.ints[answer])


def construct_by_machine(choose: Callable[..., Any], instance: CvrpInstance, asked: AskedRoutine) -> list[list[int]]:
    """Build the routes that `construct` builds, with the machine where it can.

    Args:
        choose: The heuristic, which is asked what the machine leaves open, and now and then beside it.
        instance: What to solve.
        asked: The heuristic in the machine.

    Returns:
        Routes as lists of customers.

    Raises:
        BadChoice: As in `construct`.
    """
    building = RouteBuilding(instance)
    places = asked.lay_out(building.loads, building.distances)
    shown = places[0], places[1], building.loads.dtype.kind == "f"
    loads = building.loads.copy()
    while building.left and not asked.plain_because:
        shared = asked.next_shared(building.asked)
        answered = _serve(asked, building, shown, shared - building.asked)
        asked.count(answered, 0)
        if not building.left:
            break
        expected = -1
        if building.asked == shared:
            alone = building.copy()
            if _serve(asked, alone, shown, 1):
                expected = int(alone.visits[building.visited])
        was_asked = building.go_on(choose)
        asked.count(int(expected >= 0), int(was_asked and expected < 0))
        if was_asked and expected >= 0 and building.here != expected:
            asked.differ(building.asked - 1)
            return construct(choose, instance)
        if not np.array_equal(loads, building.loads):
            asked.plain_because = "it changes what it is shown"
    while building.left:
        building.go_on(choose)
    return building.routes()


def _serve(asked: AskedRoutine, building: RouteBuilding, shown: tuple[int, int, bool], questions: int) -> int:
    # Has the machine asked, and takes over where it has come to.
    limits = building.limits
    state = np.array([questions, 0, building.here, building.free, building.left, building.visited], dtype=np.int64)
    spent = np.array([building.spent])
    terms = (limits.capacity, limits.durations, limits.duration)
    serve(asked.handle, shown, building.waiting, terms, state, spent, building.visits)
    _, answered, building.here, building.free, building.left, building.visited = state.tolist()
    building.spent = float(spent[0])
    building.asked += answered
    return int(answered)
