"""Drawings of what was packed."""

from evoheur import Drawing, DrawnPoints, Json

from .problem import Items

__all__ = ["draw"]


def draw(instance: Items, solution: Json) -> Drawing:
    """Every item by weight and value; those that were chosen have a colour."""

    def points(items: list[int], series: int | None) -> DrawnPoints:
        return DrawnPoints(
            x=tuple(instance.weights[items].tolist()),
            y=tuple(instance.values[items].tolist()),
            parts=tuple(f"item {item}" for item in items),
            series=series,
        )

    left = [item for item in range(len(instance.values)) if item not in solution]
    weight = int(instance.weights[solution].sum()) if solution else 0
    return Drawing(
        title=f"{instance.name}: {len(solution)} of {len(instance.values)} items",
        marks=tuple(points(items, series) for items, series in ((left, None), (list(solution), 0)) if items),
        notes=(f"weight {weight} of {instance.capacity}",),
        equal_scale=False,
    )
