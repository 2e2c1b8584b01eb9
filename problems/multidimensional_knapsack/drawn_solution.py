"""Drawings of the problem's solutions."""

from evoheur.drawing import Drawing, DrawnRectangle, Mark
from evoheur.problem import Json

from .instance import KnapsackInstance
from .item_views import item_views

__all__ = ["draw"]

_BAR, _GAP = 0.8, 0.3  # of a bar's width, and between the bars and the items


def draw(instance: KnapsackInstance, solution: Json) -> Drawing:
    """Bars of what is used of each resource, and of the values of items below, dark where chosen."""
    used = instance.weights @ solution
    shares = (used / instance.capacities).tolist()
    marks: list[Mark] = []
    for resource, share in enumerate(shares):
        label = f"resource {resource + 1}: {used[resource]} of {instance.capacities[resource]}"
        marks.append(DrawnRectangle(x=float(resource), y=0.0, width=_BAR, height=share, label=label, shade=0.6))
        marks.append(DrawnRectangle(x=float(resource), y=0.0, width=_BAR, height=1.0, label=label))
    value = item_views(instance).value.tolist()
    step = max(1.0, float(len(shares))) / len(value)
    for item, height in enumerate(value):
        marks.append(
            DrawnRectangle(
                x=item * step,
                y=-1.0 - _GAP,
                width=_BAR * step,
                height=height,
                part=f"item {item + 1}",
                label=f"value {instance.values[item]:g}, {'in' if solution[item] else 'not in'} the load",
                shade=0.9 if solution[item] else 0.15,
            )
        )
    worth = float(instance.values @ solution)
    return Drawing(
        title=f"{instance.name}: {sum(solution)} of {len(value)} items",
        marks=tuple(marks),
        notes=(f"value {worth:g}", f"the fullest of {len(shares)} resources is used to {100 * max(shares):.2f} %"),
        equal_scale=False,
    )
