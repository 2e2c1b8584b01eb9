"""The symmetries of the travelling salesman problem: other units.

Turned or mirrored maps need no trying, since rules see distances only. Renumbered cities are no symmetry of the frames: tours start at city
0, and among equals the lower number comes first.
"""

from dataclasses import replace

from evoheur.problem import Symmetry
from evoheur.problems.routing.distances import EXPLICIT, UNROUNDED, times

from .instance import TspInstance

__all__ = ["LONGER"]

_FACTOR = 1024  # about a thousand, and a power of two: distances get other exponents, and not another rounding


def _longer(instance: TspInstance) -> TspInstance:
    if instance.metric in {EXPLICIT, *UNROUNDED}:
        return replace(instance, data=instance.data * _FACTOR)
    if instance.is_large:
        return replace(instance, metric=times(instance.metric, _FACTOR))
    return replace(instance, metric=EXPLICIT, data=instance.distances * _FACTOR)


LONGER = Symmetry(name="lengths × 1024", change=_longer)
"""All lengths in a smaller unit. Rounded distances, and those of a globe, are multiplied as they are."""
