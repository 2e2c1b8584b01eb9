"""Packings of items that are known beforehand."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evoheur.problems.bin_packing_offline.bin_completion import complete_bins
from evoheur.problems.bin_packing_offline.instance import OfflineInstance
from evoheur.problems.bin_packing_offline.problem import completing

from .packing_files import packings

__all__ = ["solve", "solve_file"]


def solve(items: ArrayLike, capacity: int, *, completing: Callable[..., Any] = completing) -> list[int]:
    """Pack items with the heuristic.

    Args:
        items: Sizes, whole numbers from 1 to the capacity, shape (items,).
        capacity: Of every bin.
        completing: Another heuristic than the one above, perhaps.

    Returns:
        Bin of each item, counted from 0.
    """
    sizes = np.array(items, dtype=np.int64)
    with np.errstate(all="ignore"):
        bins: list[int] = complete_bins(
            completing, OfflineInstance(name="instance", family="instance", capacity=capacity, items=sizes)
        ).tolist()
    return bins


def solve_file(file: Path) -> Iterator[tuple[str, str]]:
    """Solve the instances of a file; their names and packings, a line per bin."""
    return packings(file, solve)
