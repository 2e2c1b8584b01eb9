"""Drawings of the problem's solutions."""

from evoheur.drawing import Drawing
from evoheur.problem import Json
from evoheur.problems.packing.drawn_bins import drawn_bins

from .instance import OfflineInstance

__all__ = ["draw"]


def draw(instance: OfflineInstance, solution: Json) -> Drawing:
    """The filled bins of a packing."""
    return drawn_bins(instance.name, instance.capacity, instance.items, solution)
