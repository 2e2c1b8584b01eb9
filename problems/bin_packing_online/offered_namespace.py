"""The names that a heuristic finds while it is followed with stand-ins for the offered bins."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .level_entries import unwritten
from .level_grid import NotByLevel
from .level_namespace import NumpyForLevels, imported, namespace
from .offered_array import OfferedArray, OfferedCell
from .offered_functions import FUNCTIONS, filled, offer_of, total
from .offered_number import OfferedNumber

__all__ = ["offered_namespace"]


def offered_namespace(name: str) -> dict[str, Any]:
    """The namespace that a heuristic's module is executed in.

    Args:
        name: Of the module.
    """
    made = namespace(name)
    return made | {"__builtins__": made["__builtins__"] | _BUILTINS}


def _sized(make: Callable[..., Any]) -> Callable[..., Any]:
    def made(shape: Any, *args: Any, **named: Any) -> Any:
        parts = list(shape) if isinstance(shape, (tuple, list)) else [shape]
        offer = offer_of(parts)
        if offer is None:
            if make is np.empty:
                raise NotByLevel("leaves an array of its own undefined")
            return make(shape, *args, **named)
        if len(parts) != 1 or parts[0].beyond != 0:
            raise NotByLevel("makes an array with another number of entries than bins")
        if make is np.full:
            return filled(offer, *args, **named)
        result = make(offer.levels.size, *args, **named)
        return OfferedArray(OfferedCell(unwritten(result) if make is np.empty else result), offer)

    return made


def _arange(*args: Any, dtype: Any = None) -> Any:
    offer = offer_of(args)
    if offer is None:
        return np.arange(*args, dtype=dtype)
    start, stop, step = (0, args[0], 1) if len(args) == 1 else args if len(args) == 3 else (*args, 1)
    place = OfferedArray(OfferedCell(offer.place), offer)
    if type(step) is not int or step not in {1, -1}:
        raise NotByLevel("makes an array with another number of entries than bins")
    first, end = (start, stop) if step == 1 else (stop, start)
    if type(first) is not int or not isinstance(end, OfferedNumber) or end.beyond != first:
        raise NotByLevel("makes an array with another number of entries than bins")
    made: OfferedArray = place if first == 0 and step == 1 else place + first if step == 1 else end - place
    return made if dtype is None else made.astype(dtype)


def _linspace(start: Any, stop: Any, num: Any = 50, **named: Any) -> Any:
    offer = offer_of([num])
    if offer is None:
        return np.linspace(start, stop, num, **named)
    numbers = (int, float, np.integer, np.floating)
    if named or num.beyond != 0 or not isinstance(start, numbers) or not isinstance(stop, numbers):
        raise NotByLevel("uses np.linspace in an unusual way")
    first, last = float(start), float(stop)
    place = OfferedArray(OfferedCell(offer.place), offer).astype(np.float64)
    if not abs(last - first) > 1e-6 * max(abs(first), abs(last)):
        raise NotByLevel("uses np.linspace between numbers that are nearly the same")
    spaced = place * ((last - first) / np.maximum(num - 1, 1)) + first
    # Between its ends all numbers are between the ends, which nobody sees of the products.
    between = np.minimum(np.maximum(spaced, min(first, last)), max(first, last))
    return np.where(num > 1, np.where(place >= num - 1, last, between), place * (last - first) + first)


def _converter(convert: Callable[..., Any], *, copies: bool) -> Callable[..., Any]:
    def converted(value: Any, dtype: Any = None, **named: Any) -> Any:
        if isinstance(value, OfferedArray):
            if named:
                raise NotByLevel(f"uses np.{convert.__name__} in an unusual way")
            return value.astype(value.dtype if dtype is None else dtype, copy=copies)
        result = convert(value, dtype=dtype, **named)
        if result.dtype.kind not in "biuf":
            raise NotByLevel(f"makes an array of type {result.dtype}")
        return result

    return converted


def _of_numbers(name: str) -> Callable[..., Any]:
    # Functions that dispatch on arrays only: a number of all bins is none.
    function = getattr(np, name)

    def called(*args: Any, **named: Any) -> Any:
        if any(isinstance(each, OfferedNumber) for each in args) or any(
            isinstance(each, OfferedNumber) for each in named.values()
        ):
            return FUNCTIONS[function](*args, **named)
        return function(*args, **named)

    return called


def _length(value: Any) -> Any:
    return value.size if isinstance(value, OfferedArray) else len(value)


def _is_instance(value: Any, kinds: Any) -> bool:
    if isinstance(value, OfferedArray):
        return issubclass(np.ndarray, kinds)
    if isinstance(value, OfferedNumber):
        raise NotByLevel("asks for the type of a number of all bins")
    return isinstance(value, kinds)


def _alone(what: str, function: Callable[..., Any]) -> Callable[..., Any]:
    # Python's own function compares entries one after the other: with whole numbers the result is NumPy's.
    def reduced(*args: Any, **named: Any) -> Any:
        if not any(isinstance(each, OfferedArray) for each in args):
            return function(*args, **named)
        if len(args) > 1 or named or (args[0].dtype == np.float64 and what not in {"any", "all"}):
            raise NotByLevel(f"loops over the bins by {what}")
        return total(args[0]) if what == "sum" else args[0].decided(what)

    return reduced


def _import(name: str, _globals: Any = None, _locals: Any = None, names: Any = (), _level: int = 0) -> Any:
    if name == "numpy" or (name.startswith("numpy.") and not names):
        return _NUMPY_MODULE
    return imported(name, _globals, _locals, names, _level)


_NUMPY: Mapping[str, Any] = {
    **{name: _sized(getattr(np, name)) for name in ("empty", "full", "ones", "zeros")},
    **{
        name: _converter(getattr(np, name), copies=name == "array")
        for name in ("array", "asanyarray", "asarray", "ascontiguousarray")
    },
    **{
        function.__name__: function
        for function in (np.average, np.count_nonzero, np.ptp, np.ravel, np.std, np.var, np.mean, np.sum)
    },
    "arange": _arange,
    "linspace": _linspace,
    "where": _of_numbers("where"),
    "clip": _of_numbers("clip"),
    "full_like": _of_numbers("full_like"),
}
_NUMPY_MODULE = NumpyForLevels(_NUMPY)
_BUILTINS: Mapping[str, Any] = {
    "__import__": _import,
    "all": _alone("all", all),
    "any": _alone("any", any),
    "isinstance": _is_instance,
    "len": _length,
    "max": _alone("max", max),
    "min": _alone("min", min),
    "sum": _alone("sum", sum),
}
