"""Splits whose families differ from training to test.

For rules that are to hold on cities unlike those that they were found on: training has neither clusters nor boards, no instance in large
units, and at most 150 cities, of which tests have 200 and 500. The guest must not hold this module.
"""

from dataclasses import replace

from .city_patterns import corner, drilled, in_units, normal, ring, strip
from .generate import CityFamily, clustered, uniform
from .splits import Families

__all__ = ["INSERTION", "KICKS"]

INSERTION: Families = {
    "train": (
        CityFamily(name="uniform-60", draw=uniform, cities=60, seeds=range(41000, 41040)),
        CityFamily(name="ring-80", draw=ring, cities=80, seeds=range(41100, 41140)),
        CityFamily(name="strip-80", draw=strip, cities=80, seeds=range(41200, 41240)),
        CityFamily(name="normal-100", draw=normal, cities=100, seeds=range(41300, 41340)),
        CityFamily(name="corner-100", draw=corner, cities=100, seeds=range(41400, 41440)),
        CityFamily(name="uniform-150", draw=uniform, cities=150, seeds=range(41500, 41540)),
    ),
    "validation": (
        CityFamily(name="uniform-60", draw=uniform, cities=60, seeds=range(42000, 42016)),
        CityFamily(name="ring-80", draw=ring, cities=80, seeds=range(42100, 42116)),
        CityFamily(name="strip-80", draw=strip, cities=80, seeds=range(42200, 42216)),
        CityFamily(name="normal-100", draw=normal, cities=100, seeds=range(42300, 42316)),
        CityFamily(name="corner-100", draw=corner, cities=100, seeds=range(42400, 42416)),
        CityFamily(name="uniform-150", draw=uniform, cities=150, seeds=range(42500, 42516)),
    ),
    "test": (
        CityFamily(name="uniform-200-x1000", draw=in_units(uniform, 1000.0), cities=200, seeds=range(43200, 43224)),
        CityFamily(name="clustered-200", draw=clustered, cities=200, seeds=range(43300, 43324)),
        CityFamily(name="board-200", draw=drilled, cities=200, seeds=range(43400, 43424)),
        CityFamily(name="uniform-500", draw=uniform, cities=500, seeds=range(43500, 43508)),
        CityFamily(name="clustered-500", draw=clustered, cities=500, seeds=range(43600, 43608)),
        CityFamily(name="board-500", draw=drilled, cities=500, seeds=range(43700, 43708)),
    ),
}
"""For rules of insertion, whose tours differ by so little that a family needs many instances to tell them apart; smallest first."""


def _first(families: tuple[CityFamily, ...], share: float) -> tuple[CityFamily, ...]:
    return tuple(replace(family, seeds=family.seeds[: round(share * len(family.seeds))]) for family in families)


KICKS: Families = {
    "train": _first(INSERTION["train"], 0.3),
    "validation": _first(INSERTION["validation"], 0.5),
    "test": INSERTION["test"],
}
"""For heuristics of iterated and of guided local search, which take longer: the first instances of the same families."""
