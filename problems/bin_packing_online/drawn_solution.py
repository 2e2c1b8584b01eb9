"""Drawings of the problem's solutions."""

from evoheur.drawing import Drawing
from evoheur.problem import Json
from evoheur.problems.packing.drawn_bins import drawn_bins

from .instance import BinPackingInstance

__all__ = ["draw"]


def draw(instance: BinPackingInstance, solution: Json) -> Drawing:
    """The filled bins of a packing, in the order in which they were opened."""
    return drawn_bins(instance.name, instance.capacity, instance.items, solution)
