"""All splits of the travelling salesman problems; those named after metres are for testing in other units.

The guest must not hold this module.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from evoheur.problem import Split
from evoheur.problems.fresh_seeds import fresh_seeds

from .generate import CityFamily, clustered, drawn, mapped, uniform
from .instance import TspInstance
from .published_tours import PublishedSet, published

__all__ = ["COLONY", "CONSTRUCTION", "Families", "instances"]

Families: TypeAlias = Mapping[Split, tuple[CityFamily, ...]]

_LARGE = (
    CityFamily(name="uniform-200", draw=uniform, cities=200, seeds=range(3300, 3305)),
    CityFamily(name="clustered-200", draw=clustered, cities=200, seeds=range(3400, 3405)),
    CityFamily(name="metres-200", draw=mapped, cities=200, seeds=range(3800, 3805)),
    CityFamily(name="uniform-500", draw=uniform, cities=500, seeds=range(3500, 3502)),
    CityFamily(name="clustered-500", draw=clustered, cities=500, seeds=range(3600, 3602)),
)

_SMALL = (
    CityFamily(name="uniform-50", draw=uniform, cities=50, seeds=range(3000, 3005)),
    CityFamily(name="uniform-100", draw=uniform, cities=100, seeds=range(3100, 3105)),
    CityFamily(name="clustered-100", draw=clustered, cities=100, seeds=range(3200, 3205)),
    CityFamily(name="metres-100", draw=mapped, cities=100, seeds=range(3700, 3705)),
)

CONSTRUCTION: Families = {
    "train": (
        CityFamily(name="uniform-100", draw=uniform, cities=100, seeds=range(1000, 1008)),
        CityFamily(name="clustered-100", draw=clustered, cities=100, seeds=range(1100, 1108)),
    ),
    "validation": (
        CityFamily(name="uniform-100", draw=uniform, cities=100, seeds=range(2000, 2008)),
        CityFamily(name="clustered-100", draw=clustered, cities=100, seeds=range(2100, 2108)),
    ),
    "test": (*_SMALL, *_LARGE),
}
"""For heuristics that build a tour once; smallest first. "train" and "validation" differ in nothing but their seeds."""

COLONY: Families = {
    "train": (
        CityFamily(name="uniform-100", draw=uniform, cities=100, seeds=range(1000, 1004)),
        CityFamily(name="clustered-100", draw=clustered, cities=100, seeds=range(1100, 1104)),
    ),
    "validation": (
        CityFamily(name="uniform-100", draw=uniform, cities=100, seeds=range(2000, 2004)),
        CityFamily(name="clustered-100", draw=clustered, cities=100, seeds=range(2100, 2104)),
    ),
    "test": (*_SMALL, *_LARGE[:2]),
}
"""For ant colonies; half of `CONSTRUCTION`'s training and validation instances, since a colony takes longer."""


def instances(
    families: Families, split: Split, set_name: PublishedSet | None, *, resampled: int | None = None
) -> list[TspInstance]:
    """The instances of a split, smallest first.

    Args:
        families: `CONSTRUCTION`, `COLONY`, or those of `family_splits`.
        split: Which.
        set_name: A published set that takes the place of the training instances; None for ours. It has no references, so that scores on
            it are mean lengths, as its papers report them.
        resampled: Draw as many other instances of the same families from this; None for the split's own.
    """
    if set_name is not None and split == "train":
        return published(set_name)
    wanted = families[split]
    if resampled is not None:
        wanted = tuple(replace(family, seeds=fresh_seeds(resampled, family.name, len(family.seeds))) for family in wanted)
    return [instance for family in wanted for instance in drawn(family)]
