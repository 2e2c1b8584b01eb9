"""Drawings of packed bins."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evoheur.drawing import Drawing, DrawnRectangle, Mark

__all__ = ["drawn_bins"]

_WIDTH, _STEP = 0.8, 1.0  # of a bin, and from one to the next
_ROW_HEIGHT = 1.25  # of a row of bins, in capacities
_FORM = 0.35  # bins are drawn this high for every step of width, so that a picture is about twice as wide as it is high


def drawn_bins(name: str, capacity: int, items: NDArray[np.int64], assignment: Sequence[int]) -> Drawing:
    """Bins side by side, in rows, filled from below in the order of the items; larger items are darker.

    Args:
        name: Of the instance.
        capacity: Of every bin.
        items: Their sizes, in the instance's order, shape (items,).
        assignment: Bin of each item; bins may be numbered in any order, and are drawn in that of their first items.
    """
    sizes: list[int] = items.tolist()
    order = {chosen: place for place, chosen in enumerate(dict.fromkeys(assignment))}
    per_row = max(1, math.ceil(math.sqrt(len(order) / _FORM)))
    largest, smallest = max(sizes), min(sizes)
    loads = [0] * len(order)
    marks: list[Mark] = []
    for item, (size, chosen) in enumerate(zip(sizes, assignment, strict=True)):
        place = order[chosen]
        x, y = _corner(place, per_row)
        marks.append(
            DrawnRectangle(
                x=x,
                y=y + loads[place] / capacity,
                width=_WIDTH,
                height=size / capacity,
                part=f"item {item + 1}",
                label=f"size {size} in bin {place + 1}",
                shade=(size - smallest) / (largest - smallest) if largest > smallest else 0.5,
            )
        )
        loads[place] += size
    for place, load in enumerate(loads):
        x, y = _corner(place, per_row)
        marks.append(DrawnRectangle(x=x, y=y, width=_WIDTH, height=1.0, label=f"bin {place + 1}: {load} of {capacity}"))
    full = 100 * sum(loads) / (capacity * len(loads))
    return Drawing(
        title=f"{name}: {len(sizes)} items in {len(order)} bins",
        marks=tuple(marks),
        notes=(f"{len(order)} bins of {capacity}, {full:.2f} % full on average, {loads.count(capacity)} of them to the brim",),
    )


def _corner(place: int, per_row: int) -> tuple[float, float]:
    row, column = divmod(place, per_row)
    return column * _STEP, -row * _ROW_HEIGHT
