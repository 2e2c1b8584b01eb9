"""Instances of all splits.

Training has shops in which all jobs are there from the beginning, and shops in which they come one after the other. The test has routes and
times that training lacks, more jobs, times in other units, and Taillard's published instances. The guest must not hold this module. All
draws come from the legacy `RandomState`, whose streams NumPy guarantees never to change (NEP 19).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Split
from evoheur.problems.flow_shop.time_patterns import Draw, bottleneck, by_job, by_machine, exponential, mixed, uniform
from evoheur.problems.fresh_seeds import fresh_seeds

from .instance import JobShopInstance
from .taillard_shops import published_shops

__all__ = ["SHOP_FAMILIES", "JobShopFamily", "instances"]

_PUBLISHED = ("15x15", "50x15")

Routes: TypeAlias = Callable[[np.random.RandomState, int, int], NDArray[np.int64]]
"""Source of randomness, jobs and machines → the machines of every job in their order, shape (jobs, machines)."""


def any_order(source: np.random.RandomState, jobs: int, machines: int) -> NDArray[np.int64]:
    """All orders of the machines are as likely."""
    return np.array([source.permutation(machines) for _ in range(jobs)], dtype=np.int64)


def two_sets(source: np.random.RandomState, jobs: int, machines: int) -> NDArray[np.int64]:
    """The first half of the machines before the others, as Demirkol et al. have it (1998, doi:10.1016/S0377-2217(97)00019-2)."""
    half = machines // 2
    rows = [np.concatenate([source.permutation(half), half + source.permutation(machines - half)]) for _ in range(jobs)]
    return np.array(rows, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobShopFamily:
    """A recipe for instances that are reported together.

    Attributes:
        pattern: Of times, routes and arrivals, by name.
        draw: Seed, jobs and machines → times by job and machine.
        jobs: Of every instance.
        machines: Of every instance.
        routes: How the machines of a job are ordered.
        busy: Work that comes per machine and time, above 0; None where all jobs come at once.
        unit: Factor of all times.
        seeds: One per instance.
    """

    pattern: str
    draw: Draw
    jobs: int
    machines: int
    routes: Routes = any_order
    busy: float | None = None
    unit: int = 1
    seeds: range = range(0)

    @property
    def name(self) -> str:
        """Pattern and size."""
        return f"{self.pattern}-{self.jobs}x{self.machines}"


_TRAINING = (
    JobShopFamily(pattern="uniform", draw=uniform, jobs=10, machines=5),
    JobShopFamily(pattern="uniform", draw=uniform, jobs=10, machines=10),
    JobShopFamily(pattern="exponential", draw=exponential, jobs=20, machines=5),
    JobShopFamily(pattern="coming", draw=uniform, jobs=20, machines=5, busy=1.2),
    JobShopFamily(pattern="by_machine", draw=by_machine, jobs=15, machines=10),
    JobShopFamily(pattern="uniform", draw=uniform, jobs=20, machines=10),
)
_ALSO_VALIDATED = (
    JobShopFamily(pattern="coming_by_job", draw=by_job, jobs=20, machines=10, busy=1.0),
    JobShopFamily(pattern="uniform", draw=uniform, jobs=20, machines=15),
)
_UNSEEN = (
    JobShopFamily(pattern="bottleneck", draw=bottleneck, jobs=15, machines=10),
    JobShopFamily(pattern="uniform_x1000", draw=uniform, jobs=15, machines=10, unit=1000),
    JobShopFamily(pattern="two_sets", draw=uniform, jobs=20, machines=10, routes=two_sets),
    JobShopFamily(pattern="coming_mixed", draw=mixed, jobs=30, machines=5, busy=1.5),
    JobShopFamily(pattern="coming_two_sets", draw=uniform, jobs=30, machines=8, routes=two_sets, busy=1.1),
    JobShopFamily(pattern="mixed", draw=mixed, jobs=20, machines=15),
    JobShopFamily(pattern="uniform", draw=uniform, jobs=30, machines=10),
)


def _seeded(families: tuple[JobShopFamily, ...], first_seed: int, instances_each: int) -> tuple[JobShopFamily, ...]:
    return tuple(
        replace(family, seeds=range(first_seed + 100 * number, first_seed + 100 * number + instances_each))
        for number, family in enumerate(families)
    )


SHOP_FAMILIES: dict[Split, tuple[JobShopFamily, ...]] = {
    "train": _seeded(_TRAINING, 101_000, 12),
    "validation": _seeded((*_TRAINING, *_ALSO_VALIDATED), 103_000, 10),
    "test": _seeded(_UNSEEN, 106_000, 12),
}
"""Split → our own families.

No seed is in two.
"""


def instances(split: Split, *, resampled: int | None = None) -> list[JobShopInstance]:
    """The instances of a split, smallest first, and with the test Taillard's.

    Args:
        split: Which.
        resampled: Draw as many other instances of the same families from this; None for the split's own.
    """
    families = SHOP_FAMILIES[split]
    if resampled is not None:
        families = tuple(replace(family, seeds=fresh_seeds(resampled, family.name, len(family.seeds))) for family in families)
    drawn = [_drawn(family, seed) for family in families for seed in family.seeds]
    published = [instance for size in _PUBLISHED for instance in published_shops(size)] if split == "test" else []
    return sorted([*drawn, *published], key=lambda instance: instance.jobs * instance.times.size)


def _drawn(family: JobShopFamily, seed: int) -> JobShopInstance:
    source = np.random.RandomState(seed)
    routes = family.routes(source, family.jobs, family.machines)
    times = np.take_along_axis(family.draw(seed, family.jobs, family.machines), routes, axis=1)
    gaps = np.zeros(1, dtype=np.int64)
    if family.busy is not None:  # the first job comes at once, and the others as a Poisson process
        mean = times.sum() / (family.jobs * family.machines * family.busy)
        gaps = np.concatenate([gaps, np.rint(source.exponential(mean, size=family.jobs - 1)).astype(np.int64)])
    return JobShopInstance(
        name=f"{family.name}-s{seed}",
        family=family.name,
        machines=family.machines,
        routes=routes,
        times=times * family.unit,
        batches=np.zeros(family.jobs, dtype=np.int64) if family.busy is None else np.arange(family.jobs),
        gaps=gaps * family.unit,
    )
