"""Seeded graphs of all splits.

The guest must not hold this module. All draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP
19).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Split
from evoheur.problems.fresh_seeds import fresh_seeds

from .instance import GraphInstance

__all__ = ["FAMILIES", "GraphFamily", "instances"]

Draw: TypeAlias = Callable[[np.random.RandomState, int], NDArray[np.bool_]]
"""Source of randomness and vertices → whether two are neighbours; what lies above the diagonal counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFamily:
    """A recipe for graphs that are reported together.

    Attributes:
        name: Kind, and what sets it.
        draw: Draws one.
        vertices: Per graph.
        seeds: One graph each.
    """

    name: str
    draw: Draw
    vertices: int
    seeds: range


def uniform(source: np.random.RandomState, vertices: int, *, density: float) -> NDArray[np.bool_]:
    """Every pair with the same chance, as in the published graphs DSJC (Johnson et al. 1991, doi:10.1287/opre.39.3.378)."""
    return source.random_sample((vertices, vertices)) < density


def geometric(source: np.random.RandomState, vertices: int, *, radius: float, far: bool = False) -> NDArray[np.bool_]:
    """Points of a square near to each other, as in DSJR, or far."""
    points = source.random_sample((vertices, 2))
    near: NDArray[np.bool_] = np.square(points[:, None] - points).sum(axis=2) < radius**2
    return ~near if far else near


def planted(source: np.random.RandomState, vertices: int, *, colours: int, density: float) -> NDArray[np.bool_]:
    """Uniform between classes that could be the colours, none within (Kučera 1991, doi:10.1016/0304-3975(91)90312-O)."""
    classes = source.permutation(np.arange(vertices) % colours)
    joined: NDArray[np.bool_] = (source.random_sample((vertices, vertices)) < density) & (classes[:, None] != classes)
    return joined


def intervals(source: np.random.RandomState, vertices: int, *, length: float) -> NDArray[np.bool_]:
    """Intervals that overlap, as lives of variables do, and a tenth of the other pairs."""
    starts = source.random_sample(vertices)
    ends = starts + length * source.random_sample(vertices)
    overlap = (starts[:, None] < ends) & (starts < ends[:, None])
    return overlap | (source.random_sample((vertices, vertices)) < 0.1)


def with_hubs(source: np.random.RandomState, vertices: int, *, density: float) -> NDArray[np.bool_]:
    """Pairs by the weights of both, of which some are large."""
    weights = (1.0 - source.random_sample(vertices)) ** -0.6
    chances = density * np.outer(weights, weights) / weights.mean() ** 2
    joined: NDArray[np.bool_] = source.random_sample((vertices, vertices)) < chances
    return joined


Recipe: TypeAlias = tuple[str, Draw, int]

_TRAINED: tuple[Recipe, ...] = (
    ("uniform-60-d10", partial(uniform, density=0.1), 60),
    ("uniform-60-d50", partial(uniform, density=0.5), 60),
    ("uniform-60-d90", partial(uniform, density=0.9), 60),
    ("planted-60-5-d40", partial(planted, colours=5, density=0.4), 60),
    ("intervals-70-l40", partial(intervals, length=0.4), 70),
    ("geometric-80-r30", partial(geometric, radius=0.3), 80),
    ("hubs-80-d20", partial(with_hubs, density=0.2), 80),
    ("uniform-90-d30", partial(uniform, density=0.3), 90),
)
_VALIDATED: tuple[Recipe, ...] = (
    *_TRAINED,
    ("planted-90-8-d60", partial(planted, colours=8, density=0.6), 90),
    ("far-90-r50", partial(geometric, radius=0.5, far=True), 90),
    ("uniform-100-d70", partial(uniform, density=0.7), 100),
)
_TESTED: tuple[Recipe, ...] = (
    ("uniform-125-d10", partial(uniform, density=0.1), 125),
    ("uniform-125-d50", partial(uniform, density=0.5), 125),
    ("uniform-125-d90", partial(uniform, density=0.9), 125),
    ("geometric-125-r50", partial(geometric, radius=0.5), 125),
    ("far-125-r40", partial(geometric, radius=0.4, far=True), 125),
    ("planted-150-10-d50", partial(planted, colours=10, density=0.5), 150),
    ("hubs-150-d30", partial(with_hubs, density=0.3), 150),
    ("intervals-150-l60", partial(intervals, length=0.6), 150),
    ("uniform-200-d30", partial(uniform, density=0.3), 200),
)


def _families(recipes: tuple[Recipe, ...], first_seed: int, seeds: int) -> tuple[GraphFamily, ...]:
    starts = range(first_seed, first_seed + 100 * len(recipes), 100)
    return tuple(
        GraphFamily(name=name, draw=draw, vertices=vertices, seeds=range(start, start + seeds))
        for start, (name, draw, vertices) in zip(starts, recipes, strict=True)
    )


FAMILIES: dict[Split, tuple[GraphFamily, ...]] = {
    "train": _families(_TRAINED, 91_000, 16),
    "validation": _families(_VALIDATED, 93_000, 16),
    "test": _families(_TESTED, 95_000, 16),
}
"""Split → families, cheapest instances first.

No seed is in two, and "test" has kinds and densities that training lacks.
"""


def instances(split: Split, *, resampled: int | None = None) -> list[GraphInstance]:
    """The graphs of a split, cheapest first.

    Args:
        split: Which.
        resampled: Draw as many other graphs of the same families from this; None for the split's own.
    """
    return [
        _drawn(family, seed)
        for family in FAMILIES[split]
        for seed in (family.seeds if resampled is None else fresh_seeds(resampled, family.name, len(family.seeds)))
    ]


def _drawn(family: GraphFamily, seed: int) -> GraphInstance:
    joined = family.draw(np.random.RandomState(seed), family.vertices)
    return GraphInstance(
        name=f"{family.name}-s{seed}", family=family.name, vertices=family.vertices, edges=np.argwhere(np.triu(joined, 1))
    )
