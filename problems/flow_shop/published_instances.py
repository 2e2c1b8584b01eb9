"""Taillard's instances (1993, doi:10.1016/0377-2217(93)90182-M), made by his generator from the seeds that he published.

Their optima are proven, and known from the lists of best known values that the field keeps. The guest must not hold this module.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from .instance import FlowShopInstance

__all__ = ["OPTIMA", "generated_numbers", "generated_times", "published_family"]

_FACTOR, _MODULUS = 16_807, 2**31 - 1  # the minimal standard generator
_LONGEST = 99

_SEEDS: Mapping[str, tuple[int, ...]] = {
    "20x5": (
        *(873654221, 379008056, 1866992158, 216771124, 495070989),
        *(402959317, 1369363414, 2021925980, 573109518, 88325120),
    ),
    "20x10": (
        *(587595453, 1401007982, 873136276, 268827376, 1634173168),
        *(691823909, 73807235, 1273398721, 2065119309, 1672900551),
    ),
    "50x5": (
        *(1328042058, 200382020, 496319842, 1203030903, 1730708564),
        *(450926852, 1303135678, 1273398721, 587288402, 248421594),
    ),
    "50x10": (
        *(1958948863, 575633267, 655816003, 1977864101, 93805469),
        *(1803345551, 49612559, 1899802599, 2013025619, 578962478),
    ),
}
_FIRST: Mapping[str, int] = {"20x5": 1, "20x10": 11, "50x5": 31, "50x10": 41}  # number of the first of each size
_OPTIMA: Mapping[str, tuple[int, ...]] = {
    "20x5": (1278, 1359, 1081, 1293, 1235, 1195, 1234, 1206, 1230, 1108),
    "20x10": (1582, 1659, 1496, 1377, 1419, 1397, 1484, 1538, 1593, 1591),
    "50x5": (2724, 2834, 2621, 2751, 2863, 2829, 2725, 2683, 2552, 2782),
    "50x10": (2991, 2867, 2839, 3063, 2976, 3006, 3093, 3037, 2897, 3065),
}


def _name(size: str, place: int) -> str:
    return f"ta{_FIRST[size] + place:03d}"


OPTIMA: Mapping[str, int] = {
    _name(size, place): optimum for size, optima in _OPTIMA.items() for place, optimum in enumerate(optima)
}
"""Name of the instance → its optimal makespan."""


def generated_times(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
    """Times uniform in 1..99 by Taillard's generator, machine after machine; shape (jobs, machines).

    Args:
        seed: From 1 to 2^31 - 2.
        jobs: How many.
        machines: How many.
    """
    numbers = generated_numbers(seed)
    drawn = np.array([1 + next(numbers) * _LONGEST // _MODULUS for _ in range(jobs * machines)], dtype=np.int64)
    return np.ascontiguousarray(drawn.reshape(machines, jobs).T)


def generated_numbers(seed: int) -> Iterator[int]:
    """The numbers of Taillard's generator, without end, each from 1 to 2^31 - 2."""
    while True:
        seed = _FACTOR * seed % _MODULUS
        yield seed


def published_family(size: str) -> list[FlowShopInstance]:
    """Taillard's ten instances of a size.

    Args:
        size: "20x5", "20x10", "50x5" or "50x10".
    """
    jobs, machines = (int(number) for number in size.split("x"))
    return [
        FlowShopInstance(name=_name(size, place), family=f"taillard-{size}", times=generated_times(seed, jobs, machines))
        for place, seed in enumerate(_SEEDS[size])
    ]
