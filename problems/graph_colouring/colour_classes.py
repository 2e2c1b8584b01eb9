"""The frame: colour after colour, each for vertices that are no neighbours."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.returned_numbers import highest

from .kernels import SCALARS, VIEWS, begin_colour, give_colour, show_open

__all__ = ["coloured"]


def coloured(heuristic: Callable[..., Any], adjacent: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Have a heuristic colour a graph, vertex by vertex.

    It is asked which has the colour next, until no other may have it; then the next colour begins.

    Args:
        heuristic: The vertex with the highest score is next, the one with the lowest number on ties; not asked about a single vertex.
        adjacent: Whether two vertices are neighbours, shape (vertices, vertices).

    Returns:
        The colour of every vertex, from 0, shape (vertices,).

    Raises:
        BadAnswer: Scores are unusable.
    """
    size = len(adjacent)
    colours, state, chosen = np.full(size, -1), np.zeros(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    counts, shown = np.empty((2, size), dtype=np.int64), np.empty((SCALARS + VIEWS, size))
    degrees = adjacent.sum(axis=1)
    colour = 0
    while (colours < 0).any():
        begin_colour(adjacent, state, counts)
        begun = 0
        while count := show_open(adjacent, degrees, state, counts, begun, chosen, shown):
            place = 0
            if count > 1:
                numbers, views = shown[:SCALARS, 0].tolist(), shown[SCALARS:, :count].copy()
                place = highest(heuristic(*numbers, *views), count, "vertex_scores")
            colours[chosen[place]] = colour
            give_colour(adjacent, state, counts, int(chosen[place]))
            begun += 1
        colour += 1
    return colours
