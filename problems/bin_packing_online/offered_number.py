"""A number that depends on which bins are offered, such as how many there are.

A heuristic may compute with it, and ask whether something holds of it: then it is followed once for either answer.
"""

from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from evoheur.problems.flat_heuristics.flat_values import FlatValue

from .level_grid import NotByLevel, refuse
from .offer import Offer

__all__ = ["OfferedNumber"]

_FEWEST = 1  # bins are offered in every call


class OfferedNumber(NDArrayOperatorsMixin):
    """A stand-in for a number made of all offered bins.

    Args:
        value: In the formula; no vector.
        offer: That it belongs to.
        beyond: How much it is above the number of offered bins; None where it is something else.
    """

    __slots__ = ("beyond", "offer", "value")

    def __init__(self, value: FlatValue, offer: Offer, *, beyond: int | None = None) -> None:
        self.value = value
        self.offer = offer
        self.beyond = beyond

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **named: Any) -> Any:
        if not all(isinstance(each, (OfferedNumber, bool, int, float, np.generic)) for each in inputs):
            return NotImplemented  # an array of the bins computes it
        if method != "__call__" or named:
            raise NotByLevel(f"uses np.{ufunc.__name__} of all bins in an unusual way")
        known = self._known(ufunc.__name__, inputs)
        if known is not None:
            return known
        plain = [each.value if isinstance(each, OfferedNumber) else each for each in inputs]
        return OfferedNumber(self.offer.step(ufunc.__name__, *plain), self.offer, beyond=_beyond(ufunc.__name__, inputs))

    def __bool__(self) -> bool:
        if self.beyond is not None and self.beyond + _FEWEST > 0:
            return True
        return self.offer.decide(self.value)

    def __hash__(self) -> int:
        raise NotByLevel("looks up a number of all bins")

    def item(self) -> "OfferedNumber":
        """As of a number of NumPy."""
        return self

    def __getattr__(self, name: str) -> NoReturn:
        raise NotByLevel(f"uses .{name} of a number of all bins")

    def _known(self, name: str, inputs: tuple[Any, ...]) -> bool | None:
        # That at least one bin is offered decides some comparisons; the others are steps.
        if len(inputs) != 2:
            return None
        one, two = inputs
        if isinstance(two, OfferedNumber) and not isinstance(one, OfferedNumber):
            mirrored = {"less": "greater", "less_equal": "greater_equal", "greater": "less", "greater_equal": "less_equal"}
            name, one, two = mirrored.get(name, name), two, one
        if isinstance(two, OfferedNumber) or one.beyond is None:
            return None
        least = one.beyond + _FEWEST
        if least > two and name in {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}:
            return name in {"not_equal", "greater", "greater_equal"}
        if least >= two and name in {"less", "greater_equal"}:
            return name == "greater_equal"
        return None


def _beyond(name: str, inputs: tuple[Any, ...]) -> int | None:
    if name not in {"add", "subtract"}:
        return None
    one, two = inputs
    if name == "add" and isinstance(two, OfferedNumber):
        one, two = two, one
    if not isinstance(one, OfferedNumber) or one.beyond is None or type(two) is not int:
        return None
    return one.beyond + (two if name == "add" else -two)


refuse(
    OfferedNumber,
    "__array__ __int__ __float__ __complex__ __index__ __round__ __trunc__ __floor__ __ceil__ __str__ __repr__ __format__ __iter__ __len__",
    "takes a number of all bins out of the formula",
)
