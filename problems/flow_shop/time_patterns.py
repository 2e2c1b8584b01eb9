"""Seeded patterns of processing times, as whole numbers of shape (jobs, machines).

All draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP 19). Structured times are in the manner of
Watson et al. (2002, doi:10.1287/ijoc.14.2.98.120), who found that rules do otherwise on them than on uniform ones. The guest must not hold
this module.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Draw", "bottleneck", "by_job", "by_machine", "exponential", "in_units", "mixed", "narrow", "uniform"]

Draw: TypeAlias = Callable[[int, int, int], NDArray[np.int64]]
"""Seed, jobs and machines → times."""

_MOST = 100  # times are 1..99, as in the field's standard instances
_SPREAD = 10  # of structured times around their middle, to either side
_NARROW = (80, 100)
_MEAN = 30.0  # of exponential times
_SLOWER = 1.5  # the bottleneck's times are so much longer


def uniform(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
    """Uniform in 1..99, as in Taillard (1993)."""
    return np.random.RandomState(seed).randint(1, _MOST, size=(jobs, machines), dtype=np.int64)


def narrow(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
    """Uniform in 80..99: all operations take about as long."""
    return np.random.RandomState(seed).randint(*_NARROW, size=(jobs, machines), dtype=np.int64)


def by_job(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
    """Short and long jobs: each has a middle of its own, around which its times are uniform."""
    source = np.random.RandomState(seed)
    return _around(source, source.randint(1 + _SPREAD, _MOST - _SPREAD, size=(jobs, 1)), (jobs, machines))


def by_machine(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
    """Fast and slow machines: each has a middle of its own, around which its times are uniform."""
    source = np.random.RandomState(seed)
    return _around(source, source.randint(1 + _SPREAD, _MOST - _SPREAD, size=(1, machines)), (jobs, machines))


def mixed(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
    """Short and long jobs on fast and slow machines."""
    source = np.random.RandomState(seed)
    of_jobs = source.randint(1 + _SPREAD, _MOST - _SPREAD, size=(jobs, 1))
    of_machines = source.randint(1 + _SPREAD, _MOST - _SPREAD, size=(1, machines))
    return _around(source, (of_jobs + of_machines) // 2, (jobs, machines))


def exponential(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
    """Many short operations and few very long ones, of at least 1."""
    return 1 + np.floor(np.random.RandomState(seed).exponential(_MEAN, size=(jobs, machines))).astype(np.int64)


def bottleneck(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
    """Uniform, but for one machine anywhere, whose times are half as long again."""
    source = np.random.RandomState(seed)
    times = source.randint(1, _MOST, size=(jobs, machines), dtype=np.int64)
    slow = source.randint(machines)
    times[:, slow] = np.rint(_SLOWER * times[:, slow]).astype(np.int64)
    return times


def in_units(draw: Draw, factor: int) -> Draw:
    """The same pattern in another unit, so many times as large."""

    def drawn(seed: int, jobs: int, machines: int) -> NDArray[np.int64]:
        return draw(seed, jobs, machines) * factor

    return drawn


def _around(source: np.random.RandomState, middles: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.int64]:
    return middles.astype(np.int64) + source.randint(-_SPREAD, _SPREAD + 1, size=shape, dtype=np.int64)
