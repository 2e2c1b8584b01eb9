"""Packings of items as they arrive, by the levels of the bins."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evoheur.problems.bin_packing_online_levels.open_levels import open_levels
from evoheur.problems.bin_packing_online_levels.problem import priority

from .packing_files import packings

__all__ = ["solve", "solve_file"]


def solve(items: ArrayLike, capacity: int, *, priority: Callable[..., Any] = priority) -> list[int]:
    """Pack items with the heuristic, one after the other.

    Args:
        items: Sizes, whole numbers from 1 to the capacity, shape (items,), in the order of their arrival.
        capacity: Of every bin.
        priority: Another heuristic than the one above, perhaps.

    Returns:
        Bin of each item, counted from 0.
    """
    sizes = np.array(items, dtype=np.int64)
    place = open_levels(priority, capacity, 0, horizon=False)
    with np.errstate(all="ignore"):
        return [place(size) for size in sizes.tolist()]


def solve_file(file: Path) -> Iterator[tuple[str, str]]:
    """Solve the instances of a file; their names and packings, a line per bin."""
    return packings(file, solve)
