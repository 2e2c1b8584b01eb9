"""The data of a graph to colour."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance

__all__ = ["GraphInstance", "adjacency"]


@dataclass(frozen=True, kw_only=True, eq=False)
class GraphInstance(Instance):
    """An undirected graph without loops.

    Attributes:
        vertices: How many, at least 1.
        edges: Two different vertices in 0..vertices-1 a row, the smaller one first; no row twice, shape (edges, 2), dtype int64.
    """

    vertices: int
    edges: NDArray[np.int64]


def adjacency(instance: GraphInstance) -> NDArray[np.bool_]:
    """Whether two vertices are neighbours, shape (vertices, vertices), symmetric."""
    found = np.zeros((instance.vertices, instance.vertices), dtype=np.bool_)
    found[instance.edges[:, 0], instance.edges[:, 1]] = True
    found[instance.edges[:, 1], instance.edges[:, 0]] = True
    return found
