"""The textbook online rules, as trusted solvers.

"Worst fit" is the rule that people mean by the name, which looks at opened bins only: as a rule under the protocol, where unopened
bins are offered too, preferring the emptiest bin would open a new one for every item.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import TextbookRule
from evoheur.problems.packing import kernels as shared
from evoheur.problems.packing.levels.kernels import finishing_sum_of_squares
from evoheur.problems.packing.levels.shelf import empty_shelf

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


def sum_of_squares_with_finish(instance: BinPackingInstance) -> NDArray[np.int64]:
    """Sum of squares, and best fit where the open bins may hold nearly all that is to come.

    That is where items left × mean size so far is at most 1.5 × the open space.
    """
    return _finishing(instance, weighted=False)


def weighted_sum_of_squares(instance: BinPackingInstance) -> NDArray[np.int64]:
    """FWSS: sum of squares in which spaces that few items fit into weigh more, with the same finish.

    The squared count of each free space has the weight share^-1.5, the share being the smoothed one of the items so far that fit into it.
    It is the rule of a public pre-registered study (October 2026).
    """
    return _finishing(instance, weighted=True)


def _finishing(instance: BinPackingInstance, *, weighted: bool) -> NDArray[np.int64]:
    announced = instance.items.size if instance.bins is None else instance.bins
    shelf = empty_shelf(instance.items.size)
    return finishing_sum_of_squares(shelf, instance.items, instance.capacity, announced, weighted)


RULES: dict[str, Callable[[BinPackingInstance], NDArray[np.int64]]] = {
    "first_fit": first_fit,
    "best_fit": best_fit,
    "worst_fit": worst_fit,
    "harmonic": harmonic,
    "sum_of_squares": sum_of_squares,
    "sum_of_squares_with_finish": TextbookRule(solve=sum_of_squares_with_finish, information="horizon known"),
    "weighted_sum_of_squares": TextbookRule(solve=weighted_sum_of_squares, information="horizon known"),
}
