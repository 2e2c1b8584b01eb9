"""Seeded instances of all splits, and bounds.

The guest must not hold this module. All draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP
19).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Split
from evoheur.problems.fresh_seeds import fresh_seeds

from .instance import OfflineInstance

__all__ = [
    "FAMILIES",
    "ItemFamily",
    "bimodal",
    "gamma",
    "instances",
    "lower_bound",
    "normal",
    "triplets",
    "uniform",
    "uniform_in_other_units",
    "weibull",
]

Sizes: TypeAlias = NDArray[np.int64]


def uniform(low: int, high: int) -> Callable[[np.random.RandomState, int], Sizes]:
    """Whole sizes uniform in low..high.

    With 20..100 in bins of 150 they are Falkenauer's "u" class (1996, doi:10.1007/BF00226291).
    """
    return lambda source, items: source.randint(low, high + 1, size=items, dtype=np.int64)


def triplets(source: np.random.RandomState, items: int) -> Sizes:
    """Triplets in the manner of Falkenauer's "t" class (1996).

    Shuffled, for bins of 1000; the optimum is items / 3, all bins full.
    """
    first = source.randint(380, 491, size=items // 3, dtype=np.int64)
    second = source.randint(250, (1000 - first) // 2 + 1, dtype=np.int64)
    return source.permutation(np.concatenate((first, second, 1000 - first - second)))


def normal(mean: float, deviation: float, high: int) -> Callable[[np.random.RandomState, int], Sizes]:
    """Normal sizes, clipped to 1..high and rounded."""
    return lambda source, items: _whole(source.normal(mean, deviation, items), high)


def gamma(shape: float, scale: float, high: int) -> Callable[[np.random.RandomState, int], Sizes]:
    """Gamma sizes, many small and a few large, clipped to 1..high and rounded."""
    return lambda source, items: _whole(source.gamma(shape, scale, items), high)


def weibull(source: np.random.RandomState, items: int) -> Sizes:
    """Weibull sizes as in online streams: shape 3, scale 45, clipped to 1..100 and rounded."""
    return _whole(source.weibull(3.0, items) * 45.0, 100)


def bimodal(source: np.random.RandomState, items: int) -> Sizes:
    """Normal sizes about 30 or about 60, half of each, clipped to 1..100 and rounded."""
    large = source.random_sample(items) < 0.5
    return _whole(np.where(large, source.normal(60.0, 8.0, items), source.normal(30.0, 8.0, items)), 100)


def uniform_in_other_units(source: np.random.RandomState, items: int) -> Sizes:
    """The sizes 20..100 seven times as large, for bins of 1050."""
    return 7 * uniform(20, 100)(source, items)


def _whole(sizes: NDArray[np.float64], high: int) -> Sizes:
    return np.rint(np.clip(sizes, 1.0, float(high))).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFamily:
    """A recipe for instances that are reported together.

    Attributes:
        name: Distribution, items and capacity.
        draw: Source of randomness and number of items → sizes.
        items: Per instance.
        capacity: Of every bin.
        seeds: One instance each.
    """

    name: str
    draw: Callable[[np.random.RandomState, int], Sizes]
    items: int
    capacity: int
    seeds: range


Recipe: TypeAlias = tuple[str, Callable[[np.random.RandomState, int], Sizes], int, int]


def _families(first_seed: int, seeds: int, further: tuple[Recipe, ...] = ()) -> tuple[ItemFamily, ...]:
    # Those of training and validation, so many seeds of each.
    recipes: tuple[Recipe, ...] = (
        ("uniform-120-c150", uniform(20, 100), 120, 150),
        ("normal-120-c1000", normal(330.0, 80.0, 1000), 120, 1000),
        ("scholl-100-c100", uniform(1, 100), 100, 100),
        ("triplets-120-c1000", triplets, 120, 1000),
        ("thirds-120-c500", uniform(100, 250), 120, 500),
        ("weibull-120-c100", weibull, 120, 100),
        ("halves-120-c100", normal(45.0, 10.0, 100), 120, 100),
        ("large-100-c1000", uniform(150, 700), 100, 1000),
        ("wide-150-c1000", uniform(50, 700), 150, 1000),
        ("scholl-160-c110", uniform(1, 100), 160, 110),
        ("broad-200-c100", normal(45.0, 20.0, 100), 200, 100),
        ("spread-200-c1000", uniform(200, 900), 200, 1000),
        ("uniform-250-c150", uniform(20, 100), 250, 150),
        *further,
    )
    return tuple(
        ItemFamily(name=name, draw=draw, items=items, capacity=capacity, seeds=range(start, start + seeds))
        for start, (name, draw, items, capacity) in zip(
            range(first_seed, first_seed + 100 * len(recipes), 100), recipes, strict=True
        )
    )


FAMILIES: dict[Split, tuple[ItemFamily, ...]] = {
    "train": _families(11_000, 10),
    "validation": _families(
        13_000,
        8,
        (
            ("scholl-200-c100", uniform(15, 85), 200, 100),
            ("normal-200-c120", normal(45.0, 20.0, 120), 200, 120),
            ("uniform-300-c2500", uniform(300, 1500), 300, 2500),
        ),
    ),
    "test": (
        ItemFamily(name="uniform-120-c150", draw=uniform(20, 100), items=120, capacity=150, seeds=range(20_000, 20_020)),
        ItemFamily(name="gamma-150-c1000", draw=gamma(3.0, 120.0, 1000), items=150, capacity=1000, seeds=range(20_100, 20_110)),
        ItemFamily(name="bimodal-200-c100", draw=bimodal, items=200, capacity=100, seeds=range(20_200, 20_210)),
        ItemFamily(name="scholl-200-c120", draw=uniform(1, 100), items=200, capacity=120, seeds=range(20_300, 20_310)),
        ItemFamily(name="uniform-160-c10000", draw=uniform(2000, 8000), items=160, capacity=10_000, seeds=range(20_400, 20_410)),
        ItemFamily(name="uniform-250-c1050", draw=uniform_in_other_units, items=250, capacity=1050, seeds=range(20_500, 20_510)),
        ItemFamily(name="uniform-500-c150", draw=uniform(20, 100), items=500, capacity=150, seeds=range(20_600, 20_605)),
        ItemFamily(name="triplets-501-c1000", draw=triplets, items=501, capacity=1000, seeds=range(20_700, 20_705)),
        ItemFamily(name="uniform-1000-c150", draw=uniform(20, 100), items=1000, capacity=150, seeds=range(20_800, 20_805)),
    ),
}
"""Split → families, cheapest instances first; "scholl" is like the first set of Scholl, Klein & Jürgens (1997).

No seed is in two, and "test" has families that training lacks, one of them in other units.
"""


def instances(split: Split, *, resampled: int | None = None) -> list[OfflineInstance]:
    """The instances of a split, cheapest first.

    Args:
        split: Which.
        resampled: Draw as many other instances of the same families from this; None for the split's own.
    """
    return [
        OfflineInstance(
            name=f"{family.name}-s{seed}",
            family=family.name,
            capacity=family.capacity,
            items=family.draw(np.random.RandomState(seed), family.items),
        )
        for family in FAMILIES[split]
        for seed in (family.seeds if resampled is None else fresh_seeds(resampled, family.name, len(family.seeds)))
    ]


def lower_bound(instance: OfflineInstance) -> int:
    """Bins that any packing needs: the bound L2.

    L2 is that of Martello & Toth (1990, doi:10.1016/0166-218X(90)90094-S), which is at least the sum bound L1. For a threshold k, items
    larger than capacity − k fill a bin each, those larger than half the capacity need one each too, and of the others those of at least k
    go into what the latter leave, or into further bins.
    """
    sizes, capacity = np.sort(instance.items), instance.capacity
    half = int(np.searchsorted(sizes, capacity // 2, side="right"))
    small, large = sizes[:half], sizes[half:]
    thresholds = np.unique(small)
    sums = np.concatenate(([0], np.cumsum(sizes)))
    below = half + np.searchsorted(large, capacity - thresholds, side="right")  # of the large ones those that leave such room
    room = (below - half) * capacity - (sums[below] - sums[half])
    rest = sums[half] - sums[np.searchsorted(small, thresholds)] - room
    further = np.maximum(0, -(-rest // capacity))
    return max(-(-int(sums[-1]) // capacity), large.size + int(further.max(initial=0)))
