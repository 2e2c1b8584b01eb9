"""What the tests of offline bin packing share."""

from collections.abc import Sequence

import numpy as np

from evoheur.problems.bin_packing_offline.instance import OfflineInstance


def items(sizes: Sequence[int], capacity: int) -> OfflineInstance:
    """An instance for a test."""
    return OfflineInstance(name="made-up", family="test", capacity=capacity, items=np.array(sizes, dtype=np.int64))
