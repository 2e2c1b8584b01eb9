"""The textbook rules, as trusted solvers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import TextbookRule

from .instance import GraphInstance, adjacency

__all__ = ["RULES", "greedy"]

Colours = NDArray[np.int64]
_ROUNDS = 100  # of reordering; more hardly help graphs of this size


def largest_first(instance: GraphInstance) -> Colours:
    """Greedy in the order of falling degrees (Welsh & Powell 1967, doi:10.1093/comjnl/10.1.85)."""
    adjacent = adjacency(instance)
    return greedy(adjacent, np.argsort(-adjacent.sum(axis=1), kind="stable"))


def smallest_last(instance: GraphInstance) -> Colours:
    """Greedy, last of all the vertex with fewest neighbours, before it that of the rest (Matula & Beck 1983, doi:10.1145/2402.322385)."""
    adjacent = adjacency(instance)
    left, degrees, order = np.ones(len(adjacent), dtype=bool), adjacent.sum(axis=1), []
    for _ in range(len(adjacent)):
        vertex = int(np.argmin(np.where(left, degrees, len(adjacent))))
        order.append(vertex)
        left[vertex] = False
        degrees = degrees - adjacent[vertex]
    return greedy(adjacent, order[::-1])


def dsatur(instance: GraphInstance) -> Colours:
    """The vertex whose neighbours have most colours is next.

    Of those the one with most neighbours without a colour; it has the first colour that it may (Brélaz 1979, doi:10.1145/359094.359101).
    """
    adjacent = adjacency(instance)
    size = len(adjacent)
    colours, taken, degrees = np.full(size, -1), np.zeros((size, size + 1), dtype=bool), adjacent.sum(axis=1)
    for _ in range(size):
        vertex = int(np.argmax(np.where(colours < 0, taken.sum(axis=1) * (size + 1) + degrees, -1)))
        colours[vertex] = int(np.argmin(taken[vertex]))
        taken[adjacent[vertex], colours[vertex]] = True
        degrees = degrees - adjacent[vertex]
    return colours


def recursive_largest_first(instance: GraphInstance) -> Colours:
    """One colour after the other, first for the vertex with most neighbours that may have it.

    Then for the one with most neighbours that may not, and fewest that may (Leighton 1979, doi:10.6028/jres.084.024).
    """
    adjacent = adjacency(instance)
    size = len(adjacent)
    colours, colour = np.full(size, -1), 0
    while (colours < 0).any():
        may = colours < 0
        closed = np.zeros(size, dtype=bool)
        vertex = int(np.argmax(np.where(may, (adjacent & may).sum(axis=1), -1)))
        while True:
            colours[vertex], may[vertex] = colour, False
            closed |= may & adjacent[vertex]
            may &= ~adjacent[vertex]
            if not may.any():
                break
            worth = (adjacent & closed).sum(axis=1) * (size + 1) - (adjacent & may).sum(axis=1)
            vertex = int(np.argmax(np.where(may, worth, -size)))
        colour += 1
    return colours


def reordered(instance: GraphInstance) -> Colours:
    """Greedy again and again, colours as a whole in another order; never more of them.

    Iterated greedy (Culberson & Luo 1996, doi:10.1090/dimacs/026/12) from recursive largest first: in turn the last colour first, the
    largest first, any order.
    """
    adjacent, source = adjacency(instance), np.random.RandomState(instance.vertices)
    best = colours = recursive_largest_first(instance)
    for number in range(_ROUNDS):
        sizes = np.bincount(colours)
        keys = (np.arange(sizes.size, 0, -1), -sizes, source.permutation(sizes.size))[number % 3]
        colours = greedy(adjacent, np.argsort(keys[colours], kind="stable"))
        if colours.max() < best.max():
            best = colours
    return best


def greedy(adjacent: NDArray[np.bool_], order: Sequence[int] | NDArray[np.int64]) -> Colours:
    """The first colour that no neighbour has, for vertex after vertex."""
    colours = np.full(len(adjacent), -1)
    for vertex in order:
        taken = np.zeros(len(adjacent) + 1, dtype=bool)
        taken[colours[adjacent[vertex]]] = True  # the last entry is for those without a colour
        colours[vertex] = int(np.argmin(taken[:-1]))
    return colours


RULES: Mapping[str, Callable[[GraphInstance], Any]] = {
    "largest_first": largest_first,
    "smallest_last": smallest_last,
    "dsatur": dsatur,
    "recursive_largest_first": recursive_largest_first,
    "iterated_greedy": TextbookRule(solve=reordered, work="search"),
}
