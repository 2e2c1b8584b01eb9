"""Lower bounds by linear programming (Gilmore & Gomory 1961, doi:10.1287/opre.9.6.849) for the seeded streams.

`python -m evoheur.problems.bin_packing_online_levels.lower_bounds` computes them anew and writes `cutting_stock_bounds.py`. A bound is
proven in whole numbers: dual prices are rounded to whole numbers, the best value of a bin under them is found exactly, and no bin can be
worth more (Farley 1990, doi:10.1287/opre.38.5.922). So nothing depends on the tolerance of a solver.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from evoheur.problem import SPLITS

from .generate import streams
from .stream_checksum import checksum

__all__ = ["cutting_stock_bound", "main"]

_SCALE = 10**7  # dual prices are rounded to this many parts of a bin
_MOST_ROUNDS = 2000
_FILE = Path(__file__).with_name("cutting_stock_bounds.py")


def cutting_stock_bound(items: NDArray[np.int64], capacity: int) -> int:
    """A number of bins that no packing can stay below.

    Columns are generated until no bin is worth more than 1; the bound holds wherever that is stopped.

    Args:
        items: Sizes, each in 1..capacity.
        capacity: Of every bin.
    """
    sizes, demand = np.unique(items, return_counts=True)
    patterns = np.diag(capacity // sizes).astype(np.float64)
    bound = -(-int(items.sum()) // capacity)
    for _ in range(_MOST_ROUNDS):
        solved = linprog(np.ones(patterns.shape[1]), A_ub=-patterns, b_ub=-demand.astype(np.float64), method="highs")
        prices = np.maximum(np.floor(-solved.ineqlin.marginals * _SCALE), 0.0).astype(np.int64)
        worth, pattern = _best_bin(sizes, prices, capacity)
        if worth > 0:
            bound = max(bound, -(-int(prices @ demand) // worth))
        if worth <= _SCALE * (1.0 + 1e-6):
            break
        patterns = np.column_stack((patterns, pattern))
    return bound


def _best_bin(sizes: NDArray[np.int64], prices: NDArray[np.int64], capacity: int) -> tuple[int, NDArray[np.int64]]:
    """The greatest worth of what fits into a bin, and how often it has each size.

    An unbounded knapsack in whole numbers.
    """
    best = np.zeros(capacity + 1, dtype=np.int64)
    last = np.full(capacity + 1, -1, dtype=np.int64)
    for space in range(1, capacity + 1):
        fitting = int(np.searchsorted(sizes, space, side="right"))
        if fitting:
            worths = best[space - sizes[:fitting]] + prices[:fitting]
            last[space] = int(worths.argmax())
            best[space] = worths[last[space]]
    counts = np.zeros(sizes.size, dtype=np.int64)
    space = capacity
    while last[space] >= 0:
        counts[last[space]] += 1
        space -= int(sizes[last[space]])
    return int(best[capacity]), counts


def main() -> None:
    """Write the bounds that are above the one by volume."""
    lines = []
    for stream in (stream for split in SPLITS for stream in streams(split)):
        bound = cutting_stock_bound(stream.items, stream.capacity)
        if bound > -(-int(stream.items.sum()) // stream.capacity):
            lines.append(f"    {checksum(stream.items)}: {bound},  # {stream.name}\n")
    _FILE.write_text(_HEAD + "".join(lines) + "}\n" + _FOOT, encoding="utf-8")


_HEAD = '''"""Lower bounds of the seeded streams, where they are above the bound by volume.

Written by `python -m evoheur.problems.bin_packing_online_levels.lower_bounds`. The guest must not hold this module.
"""

__all__ = ["BOUNDS"]

BOUNDS: dict[int, int] = {
'''
_FOOT = '''"""`stream_checksum.checksum` of a stream's sizes → a number of bins that no packing can stay below."""
'''


if __name__ == "__main__":
    main()
