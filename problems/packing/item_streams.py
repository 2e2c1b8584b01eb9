"""Distributions of items that arrive one by one, and recipes for streams of them.

The guest must not hold this module. All draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP
19); a `Generator` gives no such promise, and an instance that changes with a library version would make old scores meaningless.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Items", "StreamFamily", "source_of", "triplets", "uniform", "weibull"]

Items: TypeAlias = NDArray[np.int64]


def source_of(seed: int) -> np.random.RandomState:
    """What a stream is drawn from."""
    return np.random.RandomState(seed)


def weibull(seed: int, items: int) -> Items:
    """Weibull sizes with shape 3 and scale 45.

    Clipped to 1..100 and rounded (Romera-Paredes et al. 2023, doi:10.1038/s41586-023-06924-6).

    Args:
        seed: Of the stream.
        items: How many.

    Returns:
        Sizes in order of arrival, shape (items,).
    """
    sizes = np.clip(source_of(seed).weibull(3.0, items) * 45.0, 1.0, 100.0)
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
    return source_of(seed).randint(20, 101, size=items, dtype=np.int64)


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
    source = source_of(seed)
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
