"""Features of the first items of a stream, for selectors.

Heuristics of this problem are not told how many items have arrived, so none can take over from another.
"""

from evoheur.problems.packing.item_features import item_features

from .instance import BinPackingInstance

__all__ = ["features"]


def features(instance: BinPackingInstance) -> dict[str, float]:
    """Sizes of the items that have arrived; see `item_features`.

    Args:
        instance: With the first items only: what is to come, and how much of it, must not be known.
    """
    return item_features(instance.items, instance.capacity)
