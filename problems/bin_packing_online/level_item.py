"""The item as a number to compute with.

A heuristic may compute with it, but not decide by it.
"""

import operator
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

__all__ = ["ItemNumber", "ValueAsked"]

_OPERATORS = "add sub mul truediv floordiv mod pow and or xor lshift rshift"
_COMPARISONS = "lt le eq ne gt ge"
_SIGNS = "neg pos abs invert"
_VALUES = "bool int float complex index hash round str repr format array iter len trunc floor ceil"


class ValueAsked(Exception):
    """A heuristic's next step depends on the item's size.

    So one call does not show it for all sizes. Never leaves the problem.
    """


class ItemNumber:
    """A number that depends on the item.

    Whatever is computed of it alone is one again.

    Args:
        value: For the item at hand: a number of Python or of NumPy.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **named: Any) -> Any:
        if method != "__call__":
            raise ValueAsked
        return _of_item(ufunc(*(_value(operand) for operand in inputs), **named))


def _value(operand: Any) -> Any:
    return operand.value if isinstance(operand, ItemNumber) else operand


def _of_item(result: Any) -> Any:
    if isinstance(result, (bool, int, float, complex, np.generic)):
        return ItemNumber(result)
    if isinstance(result, np.ndarray) or not hasattr(result, "__array_ufunc__"):
        raise ValueAsked  # a list as long as the item is large, or an array of the heuristic's own whose numbers could be looked at
    return result


def _computes(function: Callable[..., Any]) -> Callable[..., Any]:
    def computed(self: ItemNumber, *others: Any) -> Any:
        return _of_item(function(self.value, *map(_value, others)))

    return computed


def _computes_from_the_right(function: Callable[..., Any]) -> Callable[..., Any]:
    def computed(self: ItemNumber, other: Any) -> Any:
        return _of_item(function(other, self.value))

    return computed


def _asked(*_args: Any, **_named: Any) -> NoReturn:
    raise ValueAsked


for _name in f"{_OPERATORS} {_COMPARISONS} {_SIGNS}".split():
    setattr(ItemNumber, f"__{_name}__", _computes(getattr(operator, f"__{_name}__")))
for _name in _OPERATORS.split():
    setattr(ItemNumber, f"__r{_name}__", _computes_from_the_right(getattr(operator, f"__{_name}__")))
for _name in _VALUES.split():
    setattr(ItemNumber, f"__{_name}__", _asked)
