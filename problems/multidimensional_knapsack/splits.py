"""Seeded instances of all splits.

The guest must not hold this module. All draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP
19).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Split
from evoheur.problems.fresh_seeds import fresh_seeds

from .instance import KnapsackInstance
from .relaxation import dual_prices

__all__ = ["FAMILIES", "KnapsackFamily", "instances"]

Numbers: TypeAlias = NDArray[np.int64]
Draw: TypeAlias = Callable[[np.random.RandomState, Numbers], Numbers]
_LARGEST = 1000  # weight; values of the published classes go to 1,500


@dataclass(frozen=True, slots=True, kw_only=True)
class KnapsackFamily:
    """A recipe for instances that are reported together.

    Attributes:
        name: Kind of values, items, resources, tightness.
        values: Source of randomness and weights → values.
        items: Per instance.
        resources: How many.
        tightness: Smallest and largest capacity, as shares of what all items would use; drawn for each resource.
        used: Share of the resources that an item uses at all.
        units: Factors of values and of weights.
        seeds: One instance each.
    """

    name: str
    values: Draw
    items: int
    resources: int
    tightness: tuple[float, float]
    used: float = 1.0
    units: tuple[int, int] = (1, 1)
    seeds: range


def correlated(source: np.random.RandomState, weights: Numbers) -> Numbers:
    """Mean weight and up to 500 more, as Chu & Beasley draw values (1998, doi:10.1023/A:1009642405419)."""
    return _whole(weights.mean(axis=0) + 500.0 * source.random_sample(weights.shape[1]))


def uncorrelated(source: np.random.RandomState, weights: Numbers) -> Numbers:
    """Uniform in 1..1000, whatever the weights."""
    values: Numbers = source.randint(1, _LARGEST + 1, size=weights.shape[1:], dtype=np.int64)
    return values


def strongly(source: np.random.RandomState, weights: Numbers) -> Numbers:  # noqa: ARG001 - the weights say all
    """The mean weight and 100, the hardest class for one resource (Pisinger 2005, doi:10.1016/j.cor.2004.03.002)."""
    return _whole(weights.mean(axis=0) + _LARGEST / 10)


def below(source: np.random.RandomState, weights: Numbers) -> Numbers:
    """About 100 less than the mean weight, with noise."""
    return _whole(np.maximum(1.0, weights.mean(axis=0) - 100.0 + 50.0 * source.standard_normal(weights.shape[1])))


def lognormal(source: np.random.RandomState, weights: Numbers) -> Numbers:
    """A few are much higher than most, whatever the weights."""
    return _whole(200.0 * np.exp(0.8 * source.standard_normal(weights.shape[1])))


def _whole(values: NDArray[np.float64]) -> Numbers:
    return np.maximum(1, np.rint(values)).astype(np.int64)


Recipe: TypeAlias = tuple[str, Draw, int, int, float | tuple[float, float], float]

_TRAINED: tuple[Recipe, ...] = (
    ("single-60-1-t33", correlated, 60, 1, 0.33, 1.0),
    ("correlated-60-5-t25", correlated, 60, 5, 0.25, 1.0),
    ("correlated-60-5-t50", correlated, 60, 5, 0.5, 1.0),
    ("uncorrelated-80-10-t50", uncorrelated, 80, 10, 0.5, 1.0),
    ("strongly-80-5-t50", strongly, 80, 5, 0.5, 1.0),
    ("sparse-80-10-t33", correlated, 80, 10, 0.33, 0.4),
    ("mixed-80-5", correlated, 80, 5, (0.2, 0.8), 1.0),
    ("correlated-100-10-t75", correlated, 100, 10, 0.75, 1.0),
)
_VALIDATED: tuple[Recipe, ...] = (
    *_TRAINED,
    ("correlated-100-30-t25", correlated, 100, 30, 0.25, 1.0),
    ("lognormal-100-5-t40", lognormal, 100, 5, 0.4, 1.0),
    ("below-100-10-t50", below, 100, 10, 0.5, 1.0),
)
_TESTED: tuple[Recipe, ...] = (
    ("correlated-100-5-t50", correlated, 100, 5, 0.5, 1.0),
    ("strongly-100-10-t25", strongly, 100, 10, 0.25, 1.0),
    ("lognormal-120-10-t25", lognormal, 120, 10, 0.25, 1.0),
    ("mixed-150-10", uncorrelated, 150, 10, (0.1, 0.9), 1.0),
    ("sparse-200-20-t33", correlated, 200, 20, 0.33, 0.3),
    ("single-200-1-t50", strongly, 200, 1, 0.5, 1.0),
    ("correlated-250-10-t25", correlated, 250, 10, 0.25, 1.0),
    ("correlated-250-30-t75", correlated, 250, 30, 0.75, 1.0),
)


def _families(recipes: tuple[Recipe, ...], first_seed: int, seeds: int) -> tuple[KnapsackFamily, ...]:
    return tuple(
        KnapsackFamily(
            name=name,
            values=values,
            items=items,
            resources=resources,
            tightness=tightness if isinstance(tightness, tuple) else (tightness, tightness),
            used=used,
            seeds=range(start, start + seeds),
        )
        for start, (name, values, items, resources, tightness, used) in zip(
            range(first_seed, first_seed + 100 * len(recipes), 100), recipes, strict=True
        )
    )


FAMILIES: dict[Split, tuple[KnapsackFamily, ...]] = {
    "train": _families(_TRAINED, 71_000, 24),
    "validation": _families(_VALIDATED, 73_000, 16),
    "test": (
        *_families(_TESTED, 75_000, 16),
        KnapsackFamily(
            name="units-100-5-t50",
            values=correlated,
            items=100,
            resources=5,
            tightness=(0.5, 0.5),
            units=(1000, 700),
            seeds=range(76_000, 76_016),
        ),
    ),
}
"""Split → families, cheapest instances first.

No seed is in two, and "test" has families that training lacks, one of them in other units.
"""


def instances(split: Split, *, resampled: int | None = None) -> list[KnapsackInstance]:
    """The instances of a split, cheapest first.

    Args:
        split: Which.
        resampled: Draw as many other instances of the same families from this; None for the split's own.
    """
    if resampled is None:
        return list(_own(split))
    return [_drawn(family, seed) for family in FAMILIES[split] for seed in fresh_seeds(resampled, family.name, len(family.seeds))]


@cache
def _own(split: Split) -> tuple[KnapsackInstance, ...]:
    # Kept, since a linear program is solved for every one of them.
    return tuple(_drawn(family, seed) for family in FAMILIES[split] for seed in family.seeds)


def _drawn(family: KnapsackFamily, seed: int) -> KnapsackInstance:
    """Weights as Chu & Beasley (1998) draw them, uniform, and capacities as shares of their sums."""
    source = np.random.RandomState(seed)
    weights = source.randint(1, _LARGEST + 1, size=(family.resources, family.items), dtype=np.int64)
    if family.used < 1:
        weights *= source.random_sample(weights.shape) < family.used
    tightness = source.uniform(*family.tightness, size=family.resources)
    capacities = np.maximum(np.floor(tightness * weights.sum(axis=1)), np.maximum(1, weights.max(axis=1))).astype(np.int64)
    of_values, of_weights = family.units
    values = (of_values * family.values(source, weights)).astype(np.float64)
    weights, capacities = of_weights * weights, of_weights * capacities
    return KnapsackInstance(
        name=f"{family.name}-s{seed}",
        family=family.name,
        values=values,
        weights=weights,
        capacities=capacities,
        prices=dual_prices(values, weights, capacities),
    )
