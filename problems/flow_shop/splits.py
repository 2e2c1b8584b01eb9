"""All splits of the flow shop problems.

Training has short and long jobs, fast and slow machines, and times that are uniform. The test has patterns that training lacks, more jobs,
times in other units, and Taillard's published instances. The guest must not hold this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from evoheur.problem import Split
from evoheur.problems.fresh_seeds import fresh_seeds

from .instance import FlowShopInstance
from .published_instances import published_family
from .time_patterns import Draw, bottleneck, by_job, by_machine, exponential, in_units, mixed, narrow, uniform

__all__ = ["GREEDY", "INSERTION", "ShopFamilies", "ShopFamily", "instances"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFamily:
    """A recipe for instances that are reported together.

    Attributes:
        pattern: Of the times, by name.
        draw: Seed, jobs and machines → times.
        jobs: Of every instance.
        machines: Of every instance.
        seeds: One per instance.
    """

    pattern: str
    draw: Draw
    jobs: int
    machines: int
    seeds: range

    @property
    def name(self) -> str:
        """Pattern and size."""
        return f"{self.pattern}-{self.jobs}x{self.machines}"


ShopFamilies: TypeAlias = Mapping[Split, tuple[ShopFamily, ...]]
_Recipe: TypeAlias = tuple[str, Draw, int, int]

_PUBLISHED = ("20x5", "20x10", "50x5", "50x10")

_TRAINING: tuple[_Recipe, ...] = (
    ("uniform", uniform, 20, 5),
    ("uniform", uniform, 20, 10),
    ("by_job", by_job, 30, 10),
    ("exponential", exponential, 30, 10),
    ("uniform", uniform, 40, 10),
    ("uniform", uniform, 50, 10),
)
_UNSEEN: tuple[_Recipe, ...] = (
    ("narrow", narrow, 20, 10),
    ("uniform_x1000", in_units(uniform, 1000), 30, 10),
    ("bottleneck", bottleneck, 30, 15),
    ("by_machine", by_machine, 20, 20),
    ("mixed", mixed, 40, 20),
    ("uniform", uniform, 50, 20),
    ("uniform", uniform, 100, 10),
)


def _families(recipes: tuple[_Recipe, ...], first_seed: int, instances_each: int) -> tuple[ShopFamily, ...]:
    return tuple(
        ShopFamily(pattern=pattern, draw=draw, jobs=jobs, machines=machines, seeds=range(start, start + instances_each))
        for start, (pattern, draw, jobs, machines) in zip(
            range(first_seed, first_seed + 100 * len(recipes), 100), recipes, strict=True
        )
    )


INSERTION: ShopFamilies = {
    "train": _families(_TRAINING, 81_000, 24),
    "validation": _families((*_TRAINING, ("mixed", mixed, 30, 15), ("uniform", uniform, 60, 10)), 83_000, 24),
    "test": _families(_UNSEEN, 86_000, 16),
}
"""For rules of insertion; smallest first. Validation has sizes that training lacks."""

GREEDY: ShopFamilies = {
    "train": _families(_TRAINING[:5], 91_000, 10),
    "validation": _families((*_TRAINING[:5], ("mixed", mixed, 30, 15)), 93_000, 10),
    "test": _families(_UNSEEN[:5], 96_000, 8),
}
"""For searches, which take longer; fewer of the same, and none of the largest."""


def instances(families: ShopFamilies, split: Split, *, resampled: int | None = None) -> list[FlowShopInstance]:
    """The instances of a split, those of our own families first, and with the test Taillard's.

    Args:
        families: `INSERTION` or `GREEDY`.
        split: Which.
        resampled: Draw as many other instances of the same families from this; None for the split's own.
    """
    wanted = families[split]
    if resampled is not None:
        wanted = tuple(replace(family, seeds=fresh_seeds(resampled, family.name, len(family.seeds))) for family in wanted)
    drawn = [
        FlowShopInstance(name=f"{family.name}-s{seed}", family=family.name, times=family.draw(seed, family.jobs, family.machines))
        for family in wanted
        for seed in family.seeds
    ]
    published = [instance for size in _PUBLISHED for instance in published_family(size)] if split == "test" else []
    return sorted([*drawn, *published], key=lambda instance: instance.jobs * instance.times.size)
