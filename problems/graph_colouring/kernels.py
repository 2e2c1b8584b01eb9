"""The compiled frame: views of the vertices, and the loop for formulas."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from evoheur.problems.flat_heuristics.kernels import Machine, run_steps

__all__ = ["SCALARS", "VIEWS", "begin_colour", "colour_by_formula", "give_colour", "show_open"]

SCALARS, VIEWS = 2, 5
"""How many numbers and how many vectors a heuristic is shown."""

_OPEN, _CLOSED, _DONE = 0, 1, 2  # may have the colour, is a neighbour of one that has it, has a colour
_TO_OPEN, _TO_CLOSED = 0, 1  # rows of counts: neighbours that are open, and closed
_UNCOLOURED, _BEGUN = 0, 1  # rows of what is shown; five views follow


@njit(cache=True, nogil=True)
def begin_colour(adjacent: NDArray[np.bool_], state: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
    """Let all vertices without a colour have the next one.

    Args:
        adjacent: See `adjacency`, shape (vertices, vertices).
        state: Changed: 2 for a vertex with a colour, shape (vertices,).
        counts: Written: of every vertex, how many neighbours may have the colour, and how many may not, shape (2, vertices).
    """
    for vertex in range(state.size):
        if state[vertex] != _DONE:
            state[vertex] = _OPEN
    for vertex in range(state.size):
        counts[_TO_OPEN, vertex] = counts[_TO_CLOSED, vertex] = 0
        if state[vertex] == _OPEN:
            for other in range(state.size):
                if adjacent[vertex, other] and state[other] == _OPEN:
                    counts[_TO_OPEN, vertex] += 1


@njit(cache=True, nogil=True)
def give_colour(adjacent: NDArray[np.bool_], state: NDArray[np.int64], counts: NDArray[np.int64], vertex: int) -> None:
    """Give the colour to a vertex that may have it, so that its neighbours may not.

    Args:
        adjacent: As above, like the next two arguments.
        state: Changed.
        counts: Changed.
        vertex: Which.
    """
    state[vertex] = _DONE
    for other in range(state.size):
        if adjacent[vertex, other] and state[other] == _OPEN:
            state[other] = _CLOSED
            for third in range(state.size):
                if adjacent[other, third]:
                    counts[_TO_OPEN, third] -= 1
                    counts[_TO_CLOSED, third] += 1


@njit(cache=True, nogil=True)
def show_open(
    adjacent: NDArray[np.bool_],
    degrees: NDArray[np.int64],
    state: NDArray[np.int64],
    counts: NDArray[np.int64],
    begun: int,
    chosen: NDArray[np.int64],
    shown: NDArray[np.float64],
) -> int:
    """Write what a heuristic is shown.

    Args:
        adjacent: As above, like `state` and `counts`.
        degrees: Neighbours of every vertex, shape (vertices,).
        state: See above.
        counts: See above.
        begun: How many vertices have the colour.
        chosen: Written: the vertices that may have the colour, ascending.
        shown: Written: the numbers, one beside the other, then the views, shape (7, vertices).

    Returns:
        How many vertices may have the colour.
    """
    count, closed = 0, 0
    for vertex in range(state.size):
        if state[vertex] == _OPEN:
            chosen[count] = vertex
            count += 1
        elif state[vertex] == _CLOSED:
            closed += 1
    others, uncoloured = max(1, count - 1), count + closed
    for place in range(count):
        vertex = chosen[place]
        shown[_UNCOLOURED, place] = uncoloured / state.size
        shown[_BEGUN, place] = begun / state.size
        shown[2, place] = counts[_TO_OPEN, vertex] / others
        shown[3, place] = counts[_TO_CLOSED, vertex] / max(1, closed)
        shown[4, place] = (counts[_TO_OPEN, vertex] + counts[_TO_CLOSED, vertex]) / max(1, uncoloured - 1)
        shown[5, place] = degrees[vertex] / max(1, state.size - 1)
        total = 0
        for other in range(count):
            if adjacent[vertex, chosen[other]]:
                total += counts[_TO_OPEN, chosen[other]]
        shown[6, place] = total / (others * max(1, counts[_TO_OPEN, vertex]))
    return count


@njit(cache=True, nogil=True)
def colour_by_formula(adjacent: NDArray[np.bool_], machine: Machine, colours: NDArray[np.int64]) -> bool:
    """Colour a graph by a flat heuristic, as `coloured` does by any.

    Args:
        adjacent: As above.
        machine: With a column for every vertex.
        colours: Written: the colour of every vertex, from 0, shape (vertices,).

    Returns:
        Whether all scores were numbers; if not, what is written means nothing.
    """
    steps, registers, loops, scratch = machine
    size = colours.size
    state, counts, chosen = np.zeros(size, dtype=np.int64), np.empty((2, size), dtype=np.int64), np.empty(size, dtype=np.int64)
    degrees = np.zeros(size, dtype=np.int64)
    for vertex in range(size):
        for other in range(size):
            degrees[vertex] += adjacent[vertex, other]
    waiting, colour, last = size, 0, registers.shape[0] - 1
    while waiting > 0:
        begin_colour(adjacent, state, counts)
        begun = 0
        while True:
            count = show_open(adjacent, degrees, state, counts, begun, chosen, registers)
            if count == 0:
                break
            best = 0
            if count > 1:
                run_steps(steps, registers, loops, scratch, count)
                for place in range(count):
                    if np.isnan(registers[last, place]):
                        return False
                    if registers[last, place] > registers[last, best]:
                        best = place
            colours[chosen[best]] = colour
            give_colour(adjacent, state, counts, chosen[best])
            begun += 1
            waiting -= 1
        colour += 1
    return True
