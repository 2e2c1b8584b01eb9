"""Seeded streams of items for all splits.

The guest must not hold this module. All draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP
19); a `Generator` gives no such promise, and an instance that changes with a library version would make old scores meaningless.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Split
from evoheur.problems.fresh_seeds import fresh_seed

from .instance import BinPackingInstance

__all__ = ["FAMILIES", "STREAMS_PER_FAMILY", "StreamFamily", "drawn", "streams", "triplets", "uniform", "weibull"]

Items: TypeAlias = NDArray[np.int64]

STREAMS_PER_FAMILY = 5


def weibull(seed: int, items: int) -> Items:
    """Weibull sizes with shape 3 and scale 45.

    Clipped to 1..100 and rounded (Romera-Paredes et al. 2023, doi:10.1038/s41586-023-06924-6).

    Args:
        seed: Of the stream.
        items: How many.

    Returns:
        Sizes in order of arrival, shape (items,).
    """
    sizes = np.clip(_source(seed).weibull(3.0, items) * 45.0, 1.0, 100.0)
    return np.round(sizes).astype(np.int64)


def uniform(seed: int, items: int) -> Items:
    """Whole sizes uniform in 20..100, for bins of 150.

    Falkenauer's "u" class (1996, doi:10.1007/BF00226291).

    Args:
        seed: Of the stream.
        items: How many.

    Returns:
        Sizes in order of arrival, shape (items,).
    """
    return _source(seed).randint(20, 101, size=items, dtype=np.int64)


def triplets(seed: int, items: int) -> Items:
    """Shuffled triplets for bins of 1000.

    In the manner of Falkenauer's "t" class (1996, doi:10.1007/BF00226291).

    Every size is in 250..490 and the items are cut three by three from full bins, so the optimum is items / 3 with no space left.
    The first of three is uniform in 380..490, the second uniform between 250 and half of what then remains, the third is the rest.

    Args:
        seed: Of the stream.
        items: How many; a multiple of 3.

    Returns:
        Sizes in order of arrival, shape (items,).
    """
    source = _source(seed)
    first = source.randint(380, 491, size=items // 3, dtype=np.int64)
    second = source.randint(250, (1000 - first) // 2 + 1, dtype=np.int64)
    return source.permutation(np.concatenate((first, second, 1000 - first - second)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFamily:
    """A recipe for streams that are reported together.

    Attributes:
        name: Distribution, items per stream and capacity.
        draw: Seed and number of items → sizes.
        items: Items per stream.
        capacity: Of every bin.
        first_seed: Seed of the first stream; the others follow it.
    """

    name: str
    draw: Callable[[int, int], Items]
    items: int
    capacity: int
    first_seed: int


FAMILIES: dict[Split, tuple[StreamFamily, ...]] = {
    "train": (StreamFamily(name="weibull-5k-c100", draw=weibull, items=5000, capacity=100, first_seed=1000),),
    "validation": (StreamFamily(name="weibull-5k-c100", draw=weibull, items=5000, capacity=100, first_seed=2000),),
    "test": (
        StreamFamily(name="triplets-501-c1000", draw=triplets, items=501, capacity=1000, first_seed=3000),
        StreamFamily(name="uniform-1k-c150", draw=uniform, items=1000, capacity=150, first_seed=3100),
        StreamFamily(name="weibull-1k-c100", draw=weibull, items=1000, capacity=100, first_seed=3200),
        StreamFamily(name="weibull-2k-c100", draw=weibull, items=2000, capacity=100, first_seed=3300),
        StreamFamily(name="weibull-5k-c120", draw=weibull, items=5000, capacity=120, first_seed=3400),
        StreamFamily(name="weibull-5k-c150", draw=weibull, items=5000, capacity=150, first_seed=3500),
        StreamFamily(name="weibull-5k-c300", draw=weibull, items=5000, capacity=300, first_seed=3600),
        StreamFamily(name="weibull-10k-c100", draw=weibull, items=10000, capacity=100, first_seed=3700),
    ),
}
"""Split → families, smallest streams first. No two families share a seed."""


def streams(split: Split, resampled: int | None = None) -> list[BinPackingInstance]:
    """The streams of a split, smallest first.

    Args:
        split: Which.
        resampled: Draw as many other streams of the same families from this; None for the split's own.
    """
    return [stream for family in FAMILIES[split] for stream in drawn(family, STREAMS_PER_FAMILY, resampled)]


def drawn(family: StreamFamily, count: int, resampled: int | None = None) -> list[BinPackingInstance]:
    """So many streams of a family; arguments as for `streams`."""
    first = family.first_seed if resampled is None else fresh_seed(resampled, family.name)
    return [
        BinPackingInstance(
            name=f"{family.name}-s{seed}",
            family=family.name,
            capacity=family.capacity,
            items=family.draw(seed, family.items),
        )
        for seed in range(first, first + count)
    ]


def _source(seed: int) -> np.random.RandomState:
    return np.random.RandomState(seed)
