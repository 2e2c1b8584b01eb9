"""Packings of items as they arrive."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from evoheur.problems.bin_packing_online.problem import priority
from evoheur.problems.bin_packing_online.protocol import open_bins

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
    place = open_bins(priority, capacity, sizes.size, nan="highest")
    with np.errstate(all="ignore"):
        return [place(size) for size in sizes.tolist()]


def solve_file(file: Path) -> Iterator[tuple[str, str]]:
    """Solve the instances of a file; their names and packings, a line per bin."""
    return packings(file, solve)
