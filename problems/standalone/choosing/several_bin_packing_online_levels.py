"""Packings of items as they arrive, by the levels of the bins, with one of several heuristics."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evoheur.problems.bin_packing_online_levels.open_levels import open_levels
from evoheur.problems.packing.item_features import item_features
from evoheur.problems.standalone.packing_files import packings

from .chosen_heuristics import HEURISTICS, PREFIX, WAY, choose

__all__ = ["solve", "solve_file"]

_ARRIVED = 2  # place of the argument that counts arrivals


def solve(items: ArrayLike, capacity: int) -> list[int]:
    """Pack items, one after the other.

    The first ones with heuristic 1, the others with the heuristic that is chosen by these.

    Args:
        items: Sizes, whole numbers from 1 to the capacity, shape (items,), in the order of their arrival.
        capacity: Of every bin.

    Returns:
        Bin of each item, counted from 0.
    """
    sizes = np.array(items, dtype=np.int64)
    prefix = sizes[:PREFIX]
    if WAY == "tree":
        place = choose(item_features(prefix, capacity))
    else:
        bins = [len(set(_packed(prefix, capacity, each))) for each in HEURISTICS]
        place = bins.index(min(bins))
    return _packed(sizes, capacity, _following(HEURISTICS[0], HEURISTICS[place]))


def _packed(sizes: NDArray[np.int64], capacity: int, heuristic: Callable[..., Any]) -> list[int]:
    place = open_levels(heuristic, capacity, 0, horizon=False)
    with np.errstate(all="ignore"):
        return [place(size) for size in sizes.tolist()]


def _following(first: Callable[..., Any], then: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *shown: (first if shown[_ARRIVED] <= PREFIX else then)(*shown)


def solve_file(file: Path) -> Iterator[tuple[str, str]]:
    """Solve the instances of a file; their names and packings, a line per bin."""
    return packings(file, solve)
