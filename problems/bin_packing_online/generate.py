"""Seeded streams of items for all splits.

The guest must not hold this module.
"""

from evoheur.problem import Split
from evoheur.problems.fresh_seeds import fresh_seed
from evoheur.problems.packing.item_streams import StreamFamily, triplets, uniform, weibull

from .instance import BinPackingInstance

__all__ = ["FAMILIES", "STREAMS_PER_FAMILY", "drawn", "streams"]

STREAMS_PER_FAMILY = 5


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
