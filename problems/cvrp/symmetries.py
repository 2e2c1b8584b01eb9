"""The symmetries of the vehicle routing problem: other units, and the map turned or mirrored.

Renumbered customers are no symmetry of the frames: among equals the lower number comes first.
"""

from dataclasses import replace

import numpy as np

from evoheur.problem import Symmetry, scaled
from evoheur.problems.routing.distances import EXPLICIT, UNROUNDED

from .instance import CvrpInstance

__all__ = ["HEAVIER", "LONGER", "MIRRORED", "TURNED"]

_FACTOR = 1024.0  # about a thousand, and a power of two: distances get other exponents, and not another rounding


def _longer(instance: CvrpInstance) -> CvrpInstance:
    plain = instance.rule in UNROUNDED
    return replace(
        instance,
        rule=instance.rule if plain else EXPLICIT,
        coordinates=instance.coordinates * _FACTOR,
        matrix=instance.matrix if plain else instance.distances * _FACTOR,
        max_duration=None if instance.max_duration is None else instance.max_duration * _FACTOR,
        service_times=instance.service_times * _FACTOR,
    )


def _turned(instance: CvrpInstance) -> CvrpInstance:
    across, along = instance.coordinates.T
    return _on_another_map(instance, np.column_stack((-along, across)))


def _mirrored(instance: CvrpInstance) -> CvrpInstance:
    return _on_another_map(instance, instance.coordinates[:, ::-1].copy())


def _on_another_map(instance: CvrpInstance, coordinates: np.ndarray) -> CvrpInstance:
    if instance.rule in UNROUNDED:
        return replace(instance, coordinates=coordinates)
    return replace(instance, rule=EXPLICIT, matrix=instance.distances, coordinates=coordinates)  # a globe is not turned so


LONGER = Symmetry(name="lengths × 1024", change=_longer)
"""All lengths and times in a smaller unit. Rounded distances, and those of a globe, are multiplied as they are."""

HEAVIER = scaled("demands", "capacity", by=10)
"""All loads in a smaller unit."""

TURNED = Symmetry(name="the map turned by a quarter", change=_turned)
"""Coordinates turned to the left, which rounds nothing."""

MIRRORED = Symmetry(name="the map mirrored", change=_mirrored)
"""The two coordinates exchanged."""
