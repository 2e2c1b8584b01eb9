"""Seeded streams of items for all splits, of many kinds.

The guest must not hold this module. Draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP 19).
"""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from evoheur.problem import Split
from evoheur.problems.bin_packing_online.generate import drawn
from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.packing.item_streams import Items, StreamFamily, source_of, uniform, weibull

__all__ = [
    "FAMILIES",
    "FURTHER_FAMILIES",
    "STREAMS",
    "bimodal",
    "exponential",
    "gamma",
    "gamma_in_other_units",
    "lognormal",
    "normal",
    "streams",
    "uniform_between",
    "varied_streams",
    "weibull_in_other_units",
]

STREAMS: dict[Split, int] = {"train": 3, "validation": 5, "test": 5}
"""Split → streams per family."""


def uniform_between(seed: int, items: int, *, low: int, high: int) -> Items:
    """Whole sizes uniform in low..high."""
    return source_of(seed).randint(low, high + 1, size=items, dtype=np.int64)


def normal(seed: int, items: int, *, mean: float, deviation: float, high: int) -> Items:
    """Normal sizes, clipped to 1..high and rounded."""
    return _whole(source_of(seed).normal(mean, deviation, items), high)


def gamma(seed: int, items: int, *, shape: float, scale: float, high: int) -> Items:
    """Gamma sizes, many small and a few large, clipped to 1..high and rounded."""
    return _whole(source_of(seed).gamma(shape, scale, items), high)


def bimodal(seed: int, items: int) -> Items:
    """Normal sizes about 30 or about 60, half of each, clipped to 1..100 and rounded.

    So many are larger than half a bin of 100 that no packing comes near the bound by volume.
    """
    source = source_of(seed)
    large = source.random_sample(items) < 0.5
    return _whole(np.where(large, source.normal(60.0, 8.0, items), source.normal(30.0, 8.0, items)), 100)


def exponential(seed: int, items: int, *, mean: float, high: int) -> Items:
    """Exponential sizes, most of them small, clipped to 1..high and rounded."""
    return _whole(source_of(seed).exponential(mean, items), high)


def lognormal(seed: int, items: int) -> Items:
    """Lognormal sizes, a few of them large, clipped to 1..100 and rounded."""
    return _whole(source_of(seed).lognormal(3.2, 0.6, items), 100)


def weibull_in_other_units(seed: int, items: int) -> Items:
    """The sizes of `weibull`, seven times as large: the same stream for bins of 700."""
    return 7 * weibull(seed, items)


def gamma_in_other_units(seed: int, items: int) -> Items:
    """Three times the sizes of a `gamma` of shape 3 and scale 12 up to 100: for bins of 300."""
    return 3 * gamma(seed, items, shape=3.0, scale=12.0, high=100)


def _whole(sizes: np.typing.NDArray[np.float64], high: int) -> Items:
    return np.round(np.clip(sizes, 1.0, float(high))).astype(np.int64)


_family = StreamFamily
_WIDE_NORMAL: Callable[[int, int], Items] = partial(normal, mean=40.0, deviation=15.0, high=100)
_SMALL_NORMAL: Callable[[int, int], Items] = partial(normal, mean=30.0, deviation=10.0, high=100)
_WIDE_UNIFORM: Callable[[int, int], Items] = partial(uniform_between, low=1, high=80)
_GAMMA: Callable[[int, int], Items] = partial(gamma, shape=3.0, scale=12.0, high=100)
_EXPONENTIAL: Callable[[int, int], Items] = partial(exponential, mean=22.0, high=100)

FAMILIES: dict[Split, tuple[StreamFamily, ...]] = {
    "train": (
        _family(name="weibull-1k-c100", draw=weibull, items=1000, capacity=100, first_seed=51000),
        _family(name="normal-1k-c100", draw=_WIDE_NORMAL, items=1000, capacity=100, first_seed=51100),
        _family(name="uniform-1k-c150", draw=uniform, items=1000, capacity=150, first_seed=51200),
        _family(name="gamma-2k-c100", draw=_GAMMA, items=2000, capacity=100, first_seed=51300),
        _family(name="uniform-2k-c100", draw=_WIDE_UNIFORM, items=2000, capacity=100, first_seed=51400),
        _family(name="weibull-5k-c100", draw=weibull, items=5000, capacity=100, first_seed=51500),
    ),
    "validation": (
        _family(name="weibull-1k-c100", draw=weibull, items=1000, capacity=100, first_seed=52000),
        _family(name="normal-1k-c100", draw=_WIDE_NORMAL, items=1000, capacity=100, first_seed=52100),
        _family(name="uniform-1k-c150", draw=uniform, items=1000, capacity=150, first_seed=52200),
        _family(name="gamma-2k-c100", draw=_GAMMA, items=2000, capacity=100, first_seed=52300),
        _family(name="uniform-2k-c100", draw=_WIDE_UNIFORM, items=2000, capacity=100, first_seed=52400),
        _family(name="weibull-5k-c100", draw=weibull, items=5000, capacity=100, first_seed=52500),
    ),
    "test": (
        _family(name="uniform-1k-c150", draw=uniform, items=1000, capacity=150, first_seed=56000),
        _family(name="weibull-1k-c100", draw=weibull, items=1000, capacity=100, first_seed=56100),
        _family(name="weibull-2k-c700", draw=weibull_in_other_units, items=2000, capacity=700, first_seed=56200),
        _family(name="lognormal-2k-c100", draw=lognormal, items=2000, capacity=100, first_seed=56300),
        _family(name="bimodal-5k-c100", draw=bimodal, items=5000, capacity=100, first_seed=56400),
        _family(name="normal-5k-c120", draw=_SMALL_NORMAL, items=5000, capacity=120, first_seed=56500),
        _family(name="weibull-5k-c100", draw=weibull, items=5000, capacity=100, first_seed=56600),
        _family(name="weibull-10k-c150", draw=weibull, items=10_000, capacity=150, first_seed=56700),
    ),
}
"""Split → families, smallest streams first. No two families share a seed, and "test" has families that training lacks."""


FURTHER_FAMILIES: dict[Split, tuple[StreamFamily, ...]] = {
    "train": (
        _family(name="gamma-2k-c300", draw=gamma_in_other_units, items=2000, capacity=300, first_seed=51600),
        _family(name="gamma-4k-c150", draw=_GAMMA, items=4000, capacity=150, first_seed=51700),
    ),
    "validation": (
        _family(name="gamma-2k-c300", draw=gamma_in_other_units, items=2000, capacity=300, first_seed=52600),
        _family(name="gamma-4k-c150", draw=_GAMMA, items=4000, capacity=150, first_seed=52700),
        _family(
            name="uniform-2k-c120", draw=partial(uniform_between, low=10, high=60), items=2000, capacity=120, first_seed=52800
        ),
        _family(name="exponential-3k-c100", draw=_EXPONENTIAL, items=3000, capacity=100, first_seed=52900),
        _family(name="normal-3k-c130", draw=_WIDE_NORMAL, items=3000, capacity=130, first_seed=52950),
    ),
    "test": (),
}
"""Split → families in other units, and of items that are small beside a bin, on which a heuristic can be bred too.

Validation, by which the best is chosen, has three that training lacks.
"""


def streams(split: Split, resampled: int | None = None, *, further: bool = False) -> list[BinPackingInstance]:
    """The streams of a split, smallest first.

    Args:
        split: Which.
        resampled: Draw as many other streams of the same families from this; None for the split's own.
        further: Whether the further families are among them.
    """
    families = [*FAMILIES[split], *(FURTHER_FAMILIES[split] if further else ())]
    families.sort(key=lambda family: family.items)
    return [stream for family in families for stream in drawn(family, STREAMS[split], resampled)]


def varied_streams(parameters: Mapping[str, float], family: str, seed: int, count: int) -> list[BinPackingInstance]:
    """Streams of 1,000 normal sizes for bins of 100, clipped to 1..100 and rounded.

    Args:
        parameters: "mean", of the sizes as a share of a bin, and "spread", their deviation as a share of the mean.
        family: Name of the family.
        seed: As `Problem.resampled` takes it.
        count: How many.
    """
    mean = 100.0 * parameters["mean"]
    draw = partial(normal, mean=mean, deviation=parameters["spread"] * mean, high=100)
    recipe = StreamFamily(name=family, draw=draw, items=1000, capacity=100, first_seed=0)
    return drawn(recipe, count, seed)
