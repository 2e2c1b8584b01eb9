"""The distinct sizes of an instance, as every packing of it begins with them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["SizeTable", "size_table"]

_MOST_WORDS, _FEWEST_CELLS, _MOST_CELLS = 2**28, 2**10, 2**17
_WORD = 64  # bits


class SizeTable(NamedTuple):
    """Distinct sizes in falling order, and where their items are.

    All sizes and the capacity are divided by the greatest common divisor of the sizes.

    Attributes:
        capacity: Of every bin.
        cells: Of a bin, in which sums are counted: units where that is not too much work, and else coarser ones.
        total: Of all items.
        sizes: Shape (sizes,).
        shares: The same as shares of the capacity.
        in_cells: The same in cells.
        counts: Items of each size.
        order: Numbers of the items, by falling size and then as they are listed; shape (items,).
    """

    capacity: int
    cells: int
    total: int
    sizes: NDArray[np.int64]
    shares: NDArray[np.float64]
    in_cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    order: NDArray[np.int64]


def size_table(items: NDArray[np.int64], capacity: int) -> SizeTable:
    """Count the items of each size.

    Args:
        items: Sizes in any order, each in 1..capacity, at least one.
        capacity: Of every bin.
    """
    divisor = int(np.gcd.reduce(items))
    rising, counts = np.unique(items // divisor, return_counts=True)
    sizes, whole = rising[::-1].copy(), capacity // divisor
    total = int((rising * counts).sum())
    # Counting in units is hardly ever too much work.
    affordable = _WORD * (_MOST_WORDS // (sizes.size * (total // whole + 1)))
    cells = min(whole, max(_FEWEST_CELLS, min(_MOST_CELLS, affordable)))
    return SizeTable(
        capacity=whole,
        cells=cells,
        total=total,
        sizes=sizes,
        shares=sizes / whole,
        in_cells=sizes if cells == whole else np.rint(sizes * (cells / whole)).astype(np.int64),
        counts=counts[::-1].astype(np.int64),
        order=np.argsort(-items, kind="stable"),
    )
