"""All splits of the vehicle routing problems; those named after metres are for testing in other units.

The guest must not hold this module.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from evoheur.problem import Split
from evoheur.problems.fresh_seeds import fresh_seeds

from .generate import CustomerFamily, centred, clustered, drawn, mapped, outlying, uniform
from .instance import CvrpInstance, PublishedSet
from .published_routes import published

__all__ = ["LARGE", "MANY", "SAVINGS", "SMALL", "Families", "instances"]

Families: TypeAlias = Mapping[Split, tuple[CustomerFamily, ...]]

SMALL: Families = {
    "train": (
        CustomerFamily(name="uniform-50-c40", draw=uniform, customers=50, capacity=40, seeds=range(1000, 1008)),
        CustomerFamily(name="clustered-50-c40", draw=clustered, customers=50, capacity=40, seeds=range(1100, 1108)),
    ),
    "validation": (
        CustomerFamily(name="uniform-50-c40", draw=uniform, customers=50, capacity=40, seeds=range(2000, 2008)),
        CustomerFamily(name="clustered-50-c40", draw=clustered, customers=50, capacity=40, seeds=range(2100, 2108)),
    ),
    "test": (
        CustomerFamily(name="uniform-100-c50", draw=uniform, customers=100, capacity=50, seeds=range(3000, 3005)),
        CustomerFamily(name="clustered-100-c50", draw=clustered, customers=100, capacity=50, seeds=range(3100, 3105)),
        CustomerFamily(name="outlying-100-c100", draw=outlying, customers=100, capacity=100, seeds=range(3200, 3205)),
        CustomerFamily(
            name="metres-100-c600", draw=mapped, customers=100, capacity=600, seeds=range(3500, 3505), largest_demand=100
        ),
        CustomerFamily(name="uniform-200-c80", draw=uniform, customers=200, capacity=80, seeds=range(3300, 3305)),
        CustomerFamily(name="clustered-200-c80", draw=clustered, customers=200, capacity=80, seeds=range(3400, 3405)),
    ),
}
"""For ant colonies; smallest first, no two families share a seed."""

MANY: Families = {
    "train": tuple(replace(family, seeds=range(family.seeds[0], family.seeds[0] + 32)) for family in SMALL["train"]),
    "validation": tuple(replace(family, seeds=range(family.seeds[0], family.seeds[0] + 32)) for family in SMALL["validation"]),
    "test": SMALL["test"],
}
"""For heuristics that build a solution once: so quick that there can be enough instances to tell a good heuristic from a lucky one."""

SAVINGS: Families = {
    "train": (
        CustomerFamily(name="uniform-50-c40", draw=uniform, customers=50, capacity=40, seeds=range(1000, 1024)),
        CustomerFamily(name="clustered-50-c40", draw=clustered, customers=50, capacity=40, seeds=range(1100, 1124)),
        CustomerFamily(name="centred-70-c70", draw=centred, customers=70, capacity=70, seeds=range(18000, 18024)),
        CustomerFamily(name="uniform-100-c150", draw=uniform, customers=100, capacity=150, seeds=range(14000, 14024)),
        CustomerFamily(name="clustered-100-c150", draw=clustered, customers=100, capacity=150, seeds=range(15000, 15024)),
    ),
    "validation": (
        CustomerFamily(name="uniform-50-c40", draw=uniform, customers=50, capacity=40, seeds=range(2000, 2032)),
        CustomerFamily(name="clustered-50-c40", draw=clustered, customers=50, capacity=40, seeds=range(2100, 2132)),
        CustomerFamily(name="centred-70-c70", draw=centred, customers=70, capacity=70, seeds=range(19000, 19024)),
        CustomerFamily(name="uniform-100-c150", draw=uniform, customers=100, capacity=150, seeds=range(16000, 16032)),
        CustomerFamily(name="clustered-100-c150", draw=clustered, customers=100, capacity=150, seeds=range(17000, 17032)),
    ),
    "test": (
        CustomerFamily(name="uniform-100-c20", draw=uniform, customers=100, capacity=20, seeds=range(3700, 3710)),
        *SMALL["test"][:4],
        CustomerFamily(name="centred-150-c375", draw=centred, customers=150, capacity=375, seeds=range(3800, 3810)),
        *SMALL["test"][4:],
    ),
}
"""For savings. Routes have 8, 14 or 30 customers in training; tests also have short ones of 4 and long ones of 75, clusters, a depot in the
corner, a map in metres, and twice as many customers. Two heuristics differ on an instance by 2 points either way, so it takes a hundred
instances to tell apart what differs by half a point on average."""


def _first(families: tuple[CustomerFamily, ...], number: int) -> tuple[CustomerFamily, ...]:
    return tuple(replace(family, seeds=family.seeds[:number]) for family in families)


LARGE: Families = {
    "train": (
        *_first(SAVINGS["train"], 16),
        CustomerFamily(name="uniform-100-c50", draw=uniform, customers=100, capacity=50, seeds=range(4000, 4008)),
        CustomerFamily(name="clustered-100-c50", draw=clustered, customers=100, capacity=50, seeds=range(4100, 4108)),
    ),
    "validation": (
        *_first(SAVINGS["validation"], 24),
        CustomerFamily(name="uniform-100-c50", draw=uniform, customers=100, capacity=50, seeds=range(5000, 5008)),
        CustomerFamily(name="clustered-100-c50", draw=clustered, customers=100, capacity=50, seeds=range(5100, 5108)),
    ),
    "test": (
        *_first(SAVINGS["test"][:1], 5),
        CustomerFamily(name="centred-150-c375", draw=centred, customers=150, capacity=375, seeds=range(3800, 3805)),
        CustomerFamily(name="uniform-200-c80", draw=uniform, customers=200, capacity=80, seeds=range(3300, 3305)),
        CustomerFamily(name="clustered-200-c80", draw=clustered, customers=200, capacity=80, seeds=range(3400, 3405)),
        CustomerFamily(
            name="metres-200-c600", draw=mapped, customers=200, capacity=600, seeds=range(3600, 3603), largest_demand=100
        ),
        CustomerFamily(name="outlying-300-c150", draw=outlying, customers=300, capacity=150, seeds=range(6000, 6003)),
    ),
}
"""For searches that improve a solution. Routes have 8 to 30 customers in training; tests also have short ones of 4 and long ones of 75,
a depot in the corner, a map in metres, and up to three times as many customers."""


def instances(
    families: Families, split: Split, set_name: PublishedSet | None, *, resampled: int | None = None
) -> list[CvrpInstance]:
    """The instances of a split, smallest first.

    Args:
        families: `SMALL`, `MANY`, `SAVINGS` or `LARGE`.
        split: Which.
        set_name: A published set that takes their place; None for ours.
        resampled: Draw as many other instances of the same families from this; None for the split's own.
    """
    if set_name is not None:
        return published(set_name, split)
    wanted = families[split]
    if resampled is not None:
        wanted = tuple(replace(family, seeds=fresh_seeds(resampled, family.name, len(family.seeds))) for family in wanted)
    return [instance for family in wanted for instance in drawn(family)]
