"""Features of the first items of a stream, for selectors."""

from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.packing.item_features import item_features

__all__ = ["ARRIVED", "features"]

ARRIVED = "arrived"
"""The argument that tells heuristics how many items have arrived."""


def features(instance: BinPackingInstance) -> dict[str, float]:
    """Sizes of the items that have arrived; see `item_features`.

    Args:
        instance: With the first items only: what is to come, and how much of it, must not be known.
    """
    return item_features(instance.items, instance.capacity)
