"""The data of an offline bin packing instance."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Instance

from .size_table import SizeTable, size_table

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

    @cached_property
    def table(self) -> SizeTable:
        """Its distinct sizes; counted once, not to be changed."""
        return size_table(self.items, self.capacity)
