"""Drawings of the problem's solutions."""

import numpy as np

from evoheur.drawing import Drawing, DrawnRectangle
from evoheur.problem import Json

from .instance import GraphInstance, adjacency

__all__ = ["draw"]

_SIDE = 0.9  # of a vertex, of the room that it has


def draw(instance: GraphInstance, solution: Json) -> Drawing:
    """A stack of vertices for every colour, largest first, dark where they have many neighbours."""
    colours = np.asarray(solution)
    degrees = adjacency(instance).sum(axis=1)
    sizes = np.bincount(colours)
    most = max(1, int(degrees.max()))
    marks = []
    for column, colour in enumerate(np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)].tolist()):
        members = np.flatnonzero(colours == colour)
        for row, vertex in enumerate(members[np.argsort(-degrees[members], kind="stable")].tolist()):
            marks.append(
                DrawnRectangle(
                    x=float(column),
                    y=float(row),
                    width=_SIDE,
                    height=_SIDE,
                    part=f"vertex {vertex + 1}",
                    label=f"{degrees[vertex]} neighbours, colour {column + 1}",
                    shade=0.1 + 0.9 * float(degrees[vertex]) / most,
                )
            )
    return Drawing(
        title=f"{instance.name}: {np.count_nonzero(sizes)} colours",
        marks=tuple(marks),
        notes=(f"{instance.vertices} vertices, {len(instance.edges)} edges", f"{int(sizes.max())} of one colour"),
    )
