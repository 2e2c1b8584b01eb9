"""Graphs by hand, by formula and by chance."""

from collections.abc import Iterable

import numpy as np
from hypothesis import strategies as st

from evoheur.problems.graph_colouring.instance import GraphInstance

__all__ = ["graph", "mycielski", "queens", "small_graphs"]


def graph(vertices: int, edges: Iterable[tuple[int, int]]) -> GraphInstance:
    """A graph of so many vertices."""
    ends = np.array(sorted({(min(edge), max(edge)) for edge in edges}), dtype=np.int64).reshape(-1, 2)
    return GraphInstance(name="made", family="made", vertices=vertices, edges=ends)


def queens(side: int) -> GraphInstance:
    """Squares of a board, joined where a queen goes from one to the other, as in DIMACS' queen graphs."""
    squares = [(row, column) for row in range(side) for column in range(side)]
    return graph(
        side * side,
        [
            (one, two)
            for one, (row, column) in enumerate(squares)
            for two, (down, across) in enumerate(squares[:one])
            if row == down or column == across or abs(row - down) == abs(column - across)
        ],
    )


def mycielski(steps: int) -> GraphInstance:
    """Graphs without triangles that need steps + 1 colours, as DIMACS' `mycielSTEPS` (Mycielski 1955); from one edge on."""
    vertices, edges = 2, [(0, 1)]
    for _ in range(steps - 1):
        copies = [edge for one, two in edges for edge in ((one, vertices + two), (two, vertices + one))]
        edges = [*edges, *copies, *((vertices + each, 2 * vertices) for each in range(vertices))]
        vertices = 2 * vertices + 1
    return graph(vertices, edges)


@st.composite
def small_graphs(draw: st.DrawFn) -> GraphInstance:
    """Up to nine vertices."""
    vertices = draw(st.integers(1, 9))
    pairs = [(one, two) for two in range(vertices) for one in range(two)]
    return graph(vertices, draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else [])
