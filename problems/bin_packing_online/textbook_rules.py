"""The textbook online rules, as trusted solvers.

"Worst fit" is the rule that people mean by the name, which looks at opened bins only: as a rule under the protocol, where unopened
bins are offered too, preferring the emptiest bin would open a new one for every item.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.packing import kernels as shared

from . import kernels
from .instance import BinPackingInstance

__all__ = ["HARMONIC_CLASSES", "RULES"]

HARMONIC_CLASSES = 12
"""Lee & Lee's M; at 12 the worst-case ratio is within 0.002 of its limit 1.691."""


def first_fit(instance: BinPackingInstance) -> NDArray[np.int64]:
    """First fit: the first bin with room (Johnson 1973)."""
    return shared.first_fit(instance.items, instance.capacity)


def best_fit(instance: BinPackingInstance) -> NDArray[np.int64]:
    """Best fit: the fullest bin with room (Johnson 1973).

    The rule that a search starts from.
    """
    return shared.best_fit(instance.items, instance.capacity)


def worst_fit(instance: BinPackingInstance) -> NDArray[np.int64]:
    """Worst fit: the emptiest opened bin with room (Johnson 1973)."""
    return kernels.worst_fit(instance.items, instance.capacity)


def harmonic(instance: BinPackingInstance) -> NDArray[np.int64]:
    """Harmonic: size classes that never share a bin.

    Lee & Lee (1985, doi:10.1145/3828.3833).
    """
    return kernels.harmonic(instance.items, instance.capacity, HARMONIC_CLASSES)


def sum_of_squares(instance: BinPackingInstance) -> NDArray[np.int64]:
    """Smallest sum of squared level counts.

    Csirik, Johnson, Kenyon, Orlin, Shor & Weber (2006, doi:10.1145/1120582.1120583).
    """
    return kernels.sum_of_squares(instance.items, instance.capacity)


RULES: dict[str, Callable[[BinPackingInstance], NDArray[np.int64]]] = {
    "first_fit": first_fit,
    "best_fit": best_fit,
    "worst_fit": worst_fit,
    "harmonic": harmonic,
    "sum_of_squares": sum_of_squares,
}
