"""Splits whose families differ from training to test.

For rules that are to hold on cities unlike those that they were found on: training has neither clusters nor boards, and no instance in
large units; tests have up to 500 cities, of which training has at most 300. The guest must not hold
this module.
"""

from .city_patterns import corner, drilled, in_units, normal, ring, streets, strip
from .generate import CityFamily, clustered, uniform
from .splits import Families

__all__ = ["INSERTION", "KICKS"]

_TEST = (
    CityFamily(name="uniform-200-x1000", draw=in_units(uniform, 1000.0), cities=200, seeds=range(46200, 46224)),
    CityFamily(name="clustered-200", draw=clustered, cities=200, seeds=range(46300, 46324)),
    CityFamily(name="board-200", draw=drilled, cities=200, seeds=range(46400, 46424)),
    CityFamily(name="uniform-500", draw=uniform, cities=500, seeds=range(46500, 46508)),
    CityFamily(name="clustered-500", draw=clustered, cities=500, seeds=range(46600, 46608)),
    CityFamily(name="board-500", draw=drilled, cities=500, seeds=range(46700, 46708)),
)


def _small(first_seed: int, instances: int) -> tuple[CityFamily, ...]:
    # Those that all training and validation begins with, so many instances of each.
    return tuple(
        CityFamily(name=f"{name}-{cities}", draw=draw, cities=cities, seeds=range(start, start + instances))
        for start, (name, draw, cities) in zip(
            range(first_seed, first_seed + 600, 100),
            (
                ("uniform", uniform, 60),
                ("ring", ring, 80),
                ("strip", strip, 80),
                ("normal", normal, 100),
                ("corner", corner, 100),
                ("uniform", uniform, 150),
            ),
            strict=True,
        )
    )


INSERTION: Families = {
    "train": (
        *_small(41000, 16),
        CityFamily(name="normal-250", draw=normal, cities=250, seeds=range(44000, 44012)),
        CityFamily(name="uniform-250", draw=uniform, cities=250, seeds=range(44100, 44112)),
        CityFamily(name="corner-300", draw=corner, cities=300, seeds=range(44200, 44212)),
    ),
    "validation": (
        *_small(42000, 16),
        CityFamily(name="streets-200", draw=streets, cities=200, seeds=range(45300, 45324)),
        CityFamily(name="normal-250", draw=normal, cities=250, seeds=range(45000, 45024)),
        CityFamily(name="uniform-250", draw=uniform, cities=250, seeds=range(45100, 45124)),
        CityFamily(name="corner-300", draw=corner, cities=300, seeds=range(45200, 45216)),
        CityFamily(name="uniform-400", draw=uniform, cities=400, seeds=range(45400, 45412)),
    ),
    "test": _TEST,
}
"""For rules of insertion, whose tours differ by so little that a family needs many instances to tell them apart; smallest first. What
tells rules apart on tours of 500 cities hardly shows on 60, so training has large instances too; validation, by which the best is chosen,
has a pattern and a size that training lacks."""

KICKS: Families = {
    "train": (
        CityFamily(name="ring-120", draw=ring, cities=120, seeds=range(44300, 44312)),
        CityFamily(name="strip-120", draw=strip, cities=120, seeds=range(44400, 44412)),
        CityFamily(name="normal-150", draw=normal, cities=150, seeds=range(44500, 44512)),
        CityFamily(name="uniform-150", draw=uniform, cities=150, seeds=range(41500, 41512)),
        CityFamily(name="corner-200", draw=corner, cities=200, seeds=range(44600, 44612)),
        CityFamily(name="uniform-250", draw=uniform, cities=250, seeds=range(44100, 44112)),
    ),
    "validation": (
        CityFamily(name="ring-120", draw=ring, cities=120, seeds=range(45500, 45512)),
        CityFamily(name="strip-120", draw=strip, cities=120, seeds=range(45600, 45612)),
        CityFamily(name="normal-150", draw=normal, cities=150, seeds=range(45700, 45712)),
        CityFamily(name="uniform-150", draw=uniform, cities=150, seeds=range(42500, 42512)),
        CityFamily(name="corner-200", draw=corner, cities=200, seeds=range(45800, 45812)),
        CityFamily(name="streets-200", draw=streets, cities=200, seeds=range(45300, 45324)),
        CityFamily(name="uniform-250", draw=uniform, cities=250, seeds=range(45100, 45124)),
    ),
    "test": _TEST,
}
"""For heuristics of iterated and of guided local search. Of less than a hundred cities they find the best known tour whatever they do, so
that nothing could be learned from these."""
