"""Features of graphs, for selectors, and smaller graphs."""

import math
from dataclasses import replace

import numpy as np

from .instance import GraphInstance, adjacency

__all__ = ["coarse", "features"]

_LEAST = 20  # vertices: fewer tell nothing


def features(instance: GraphInstance) -> dict[str, float]:
    """Describe a graph.

    Returns:
        vertices, how many; density, the share of pairs that are neighbours; variation, the deviation of the degrees over their mean, 0
        without edges; clustering, the share of pairs of a vertex's neighbours that are neighbours themselves, over all vertices, 0 where
        there is no such pair.
    """
    adjacent = adjacency(instance).astype(np.int64)
    degrees = adjacent.sum(axis=1)
    pairs, closed = int((degrees * (degrees - 1)).sum()), int((adjacent @ adjacent * adjacent).sum())
    return {
        "vertices": float(instance.vertices),
        "density": float(degrees.sum()) / max(1, instance.vertices * (instance.vertices - 1)),
        "variation": float(degrees.std() / degrees.mean()) if degrees.any() else 0.0,
        "clustering": closed / pairs if pairs else 0.0,
    }


def coarse(instance: GraphInstance, share: float) -> GraphInstance:
    """A share of the vertices, with the edges between them; all of a few.

    They are taken evenly, from the most to the fewest neighbours.
    """
    wanted = min(instance.vertices, max(_LEAST, math.ceil(share * instance.vertices)))
    ordered = np.argsort(-adjacency(instance).sum(axis=1), kind="stable")
    kept = np.sort(ordered[(np.arange(wanted) * instance.vertices) // wanted])
    numbers = np.full(instance.vertices, -1)
    numbers[kept] = np.arange(wanted)
    edges = numbers[instance.edges]
    return replace(instance, vertices=wanted, edges=edges[(edges >= 0).all(axis=1)])
