"""Questions to plain arrays of entries, and a filling for them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .level_grid import NotByLevel

__all__ = ["is_extreme", "unwritten"]

_NEVER_COMPUTED = {"f": -1.2345678901234567e-301, "i": -8765432109876543210}


def unwritten(entries: NDArray[Any]) -> NDArray[Any]:
    """Fill what np.empty gave with a number that no heuristic computes.

    A heuristic that leaves some of it unwritten then scores otherwise than it does on an array, where memory holds whatever it holds, and
    the comparison of the two in `tabulate` shows it.

    Raises:
        NotByLevel: Of the type there is no such number.
    """
    if entries.dtype.kind not in _NEVER_COMPUTED:
        raise NotByLevel(f"makes an empty array of type {entries.dtype}")
    entries.fill(_NEVER_COMPUTED[entries.dtype.kind])
    return entries


def is_extreme(kept: Any, entries: NDArray[Any], what: str) -> bool:
    """Whether an entry is the extreme of any part.

    It is, bit for bit, the extreme of any part of the entries that it is in.

    Args:
        kept: One of the entries.
        entries: All of them, shape (n,).
        what: "max" or "min"; NaN is both.
    """
    if np.isnan(entries).any():
        return bool(np.isnan(kept))
    beyond = entries > kept if what == "max" else entries < kept
    same = entries[entries == kept]
    return not beyond.any() and bool((np.signbit(same) == np.signbit(kept)).all() if entries.dtype.kind == "f" else True)
