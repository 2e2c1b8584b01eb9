"""Features of items and their bins, for selectors, and smaller instances."""

from dataclasses import replace

from evoheur.problems.packing.item_features import every_nth_by_size, item_features

from .instance import OfflineInstance

__all__ = ["coarse", "features"]


def features(instance: OfflineInstance) -> dict[str, float]:
    """Number of items, and their sizes; see `item_features`."""
    return {"items": float(instance.items.size), **item_features(instance.items, instance.capacity)}


def coarse(instance: OfflineInstance, share: float) -> OfflineInstance:
    """So much of the items, evenly from the smallest to the largest."""
    return replace(instance, items=every_nth_by_size(instance.items, share))
