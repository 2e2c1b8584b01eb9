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

from .instance import OfflineInstance

__all__ = ["FAMILIES", "ItemFamily", "instances", "lower_bound", "triplets", "uniform"]

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


FAMILIES: dict[Split, tuple[ItemFamily, ...]] = {
    "train": (
        ItemFamily(name="scholl-200-c120", draw=uniform(1, 100), items=200, capacity=120, seeds=range(1000, 1005)),
        ItemFamily(name="triplets-249-c1000", draw=triplets, items=249, capacity=1000, seeds=range(1100, 1105)),
        ItemFamily(name="uniform-250-c150", draw=uniform(20, 100), items=250, capacity=150, seeds=range(1200, 1210)),
    ),
    "validation": (
        ItemFamily(name="scholl-200-c120", draw=uniform(1, 100), items=200, capacity=120, seeds=range(2000, 2005)),
        ItemFamily(name="triplets-249-c1000", draw=triplets, items=249, capacity=1000, seeds=range(2100, 2105)),
        ItemFamily(name="uniform-250-c150", draw=uniform(20, 100), items=250, capacity=150, seeds=range(2200, 2210)),
    ),
    "test": (
        ItemFamily(name="uniform-120-c150", draw=uniform(20, 100), items=120, capacity=150, seeds=range(3000, 3010)),
        ItemFamily(name="scholl-200-c100", draw=uniform(1, 100), items=200, capacity=100, seeds=range(3100, 3110)),
        ItemFamily(name="triplets-501-c1000", draw=triplets, items=501, capacity=1000, seeds=range(3200, 3205)),
        ItemFamily(name="uniform-500-c150", draw=uniform(20, 100), items=500, capacity=150, seeds=range(3300, 3305)),
        ItemFamily(name="uniform-1000-c150", draw=uniform(20, 100), items=1000, capacity=150, seeds=range(3400, 3405)),
    ),
}
"""Split → families, smallest instances first; "scholl" is like the first set of Scholl, Klein & Jürgens (1997). No seed is in two."""


def instances(split: Split) -> list[OfflineInstance]:
    """The instances of a split, smallest first."""
    return [
        OfflineInstance(
            name=f"{family.name}-s{seed}",
            family=family.name,
            capacity=family.capacity,
            items=family.draw(np.random.RandomState(seed), family.items),
        )
        for family in FAMILIES[split]
        for seed in family.seeds
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
