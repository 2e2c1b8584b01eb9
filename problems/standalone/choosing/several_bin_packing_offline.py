"""Packings of items that are known beforehand, with one of several heuristics."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evoheur.problems.bin_packing_offline.bin_completion import complete_bins
from evoheur.problems.bin_packing_offline.instance import OfflineInstance
from evoheur.problems.bin_packing_offline.problem import TIE_BREAKER
from evoheur.problems.packing.item_features import every_nth_by_size, item_features
from evoheur.problems.standalone.packing_files import packings

from .by_choice import by_choice
from .chosen_heuristics import HEURISTICS, SHARE

__all__ = ["solve", "solve_file"]


def solve(items: ArrayLike, capacity: int) -> list[int]:
    """Pack items with the heuristic that is chosen for them.

    Args:
        items: Sizes, whole numbers from 1 to the capacity, shape (items,).
        capacity: Of every bin.

    Returns:
        Bin of each item, counted from 0.
    """

    def packed(place: int, sizes: NDArray[np.int64]) -> list[int]:
        known = OfflineInstance(name="instance", family="instance", capacity=capacity, items=sizes)
        with np.errstate(all="ignore"):
            bins: list[int] = complete_bins(HEURISTICS[place], known).tolist()
        return bins

    return by_choice(
        np.array(items, dtype=np.int64),
        features=lambda sizes: {"items": float(sizes.size), **item_features(sizes, capacity)},
        smaller=lambda sizes: every_nth_by_size(sizes, SHARE),
        solved=packed,
        price=lambda sizes, bins: _price(sizes, bins, capacity),
    )


def _price(sizes: NDArray[np.int64], bins: list[int], capacity: int) -> float:
    """Bins used, plus a hundredth of what their fill lacks."""
    loads = np.bincount(bins, weights=sizes).astype(np.int64)
    used = int(np.count_nonzero(loads))
    squares: int = sum(load * load for load in loads.tolist())
    lacking: float = 1.0 - squares / (used * capacity**2)
    return used + TIE_BREAKER * lacking


def solve_file(file: Path) -> Iterator[tuple[str, str]]:
    """Solve the instances of a file; their names and packings, a line per bin."""
    return packings(file, solve)
