"""The data of an offline bin packing instance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance

__all__ = ["OfflineInstance"]


@dataclass(frozen=True, kw_only=True, eq=False)
class OfflineInstance(Instance):
    """Items for bins of one capacity.

    Attributes:
        capacity: Of every bin, at least 1.
        items: Sizes in any order, each in 1..capacity, shape (items,), dtype int64.
    """

    capacity: int
    items: NDArray[np.int64]
