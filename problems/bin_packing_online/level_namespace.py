"""The names that a heuristic finds, called with stand-ins.

They are there in place of NumPy, of imports and of the builtins, while it is called with stand-ins for the bins. Nothing here keeps
state, so one namespace serves all heuristics.
"""

import builtins
import math
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from .level_array import LevelArray
from .level_entries import unwritten
from .level_grid import LevelGrid, NotByLevel, OfferedCount
from .level_item import ItemNumber, ValueAsked
from .level_names import BUILTINS, CANDIDATE_FAULTS, CONSTANTS, ENTRYWISE, NUMBER_FUNCTIONS, NUMBER_TYPES, UFUNCS

__all__ = ["ForbiddenName", "NumpyForLevels", "imported", "namespace"]


class ForbiddenName:
    """A stand-in for what a heuristic must not use.

    A heuristic may name or import it but not use it, since it may draw, remember, or look elsewhere.

    Args:
        name: Of what it stands for.
    """

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_args: Any, **_named: Any) -> NoReturn:
        """Refuse the call."""
        raise NotByLevel(f"uses {self._name}")

    def __getattr__(self, name: str) -> "ForbiddenName":
        return ForbiddenName(f"{self._name}.{name}")


class NumpyForLevels:
    """Stands for the module NumPy.

    Args:
        others: Names that are something else than what is safe on levels, and what.
    """

    __slots__ = ("_others",)

    def __init__(self, others: Mapping[str, Any] | None = None) -> None:
        self._others = others or {}

    def __getattr__(self, name: str) -> Any:
        return self._others[name] if name in self._others else _NUMPY.get(name, ForbiddenName(f"np.{name}"))


def namespace(name: str) -> dict[str, Any]:
    """The namespace that a heuristic's module is executed in.

    Args:
        name: Of the module.
    """
    return {"__name__": name, "__builtins__": _BUILTINS}


def _grid_of(shape: Any) -> LevelGrid | None:
    """The grid of a shape, if it has one.

    A shape that is the number of bins, alone or in a tuple, has one; None where the shape has numbers only.
    """
    parts = shape if isinstance(shape, (tuple, list)) else (shape,)
    if not any(isinstance(part, OfferedCount) for part in parts):
        return None
    if len(parts) != 1:
        raise NotByLevel("makes an array with several entries per bin")
    grid = parts[0].grid
    assert isinstance(grid, LevelGrid)
    return grid


def _maker(make: Callable[..., Any]) -> Callable[..., Any]:
    def made(shape: Any, *args: Any, **named: Any) -> Any:
        grid = _grid_of(shape)
        if grid is None:
            if make is np.empty:
                raise NotByLevel("leaves an array of its own undefined")
            return make(shape, *args, **named)
        values = [value.value if isinstance(value, ItemNumber) else value for value in args]
        result = make(grid.size, *values, **named)
        if make is np.empty:
            grid.look()
            unwritten(result)
        return LevelArray(result, grid)

    return made


def _converter(convert: Callable[..., Any]) -> Callable[..., Any]:
    def converted(value: Any, *args: Any, **named: Any) -> Any:
        if isinstance(value, LevelArray):
            return value.computed(lambda entries: convert(entries, *args, **named))
        result = convert(value, *args, **named)
        if result.dtype.kind not in "biuf":
            raise NotByLevel(f"makes an array of type {result.dtype}")
        return result

    return converted


def _errstate(**named: str) -> np.errstate:
    if not set(named.values()) <= {"ignore", "warn", "raise"}:
        raise NotByLevel("has floating-point errors told to something else")
    return np.errstate(**named)  # type: ignore[arg-type]


def _length(value: Any) -> Any:
    return value.size if isinstance(value, LevelArray) else len(value)


def _is_instance(value: Any, kinds: Any) -> bool:
    if isinstance(value, LevelArray):
        return issubclass(np.ndarray, kinds)
    if isinstance(value, ItemNumber):
        raise ValueAsked
    return issubclass(int, kinds) if isinstance(value, OfferedCount) else isinstance(value, kinds)


def _extreme(what: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def extreme(*args: Any, **named: Any) -> Any:
        if len(args) > 1 or not isinstance(args[0], LevelArray):
            return function(*args, **named)
        found = getattr(args[0], what)()
        if not isinstance(found, ItemNumber) and np.isnan(found):
            raise NotByLevel(f"uses {what} of bins with NaN, which depends on their order")
        return found

    return extreme


def _agreed(what: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def agreed(value: Any) -> bool:
        return bool(getattr(value, what)()) if isinstance(value, LevelArray) else bool(function(value))

    return agreed


def _print(*_args: Any, **_named: Any) -> None:
    """Print nothing: what a heuristic prints is no part of its scores."""


def imported(name: str, _globals: Any = None, _locals: Any = None, names: Sequence[str] | None = (), _level: int = 0) -> Any:
    """As __import__: the module itself where names are imported from it, else the package that it is in."""
    if name == "numpy" or (name.startswith("numpy.") and not names):
        return _NUMPY_MODULE
    return _MODULES.get(name, ForbiddenName(name if names else name.partition(".")[0]))


_MODULES: Mapping[str, Any] = {
    "math": math,
    "typing": typing,
    "numpy.typing": npt,
    "__future__": types.SimpleNamespace(annotations=None),
}
_NUMPY_MODULE = NumpyForLevels()
_NUMPY: Mapping[str, Any] = {
    **{name: getattr(np, name) for name in UFUNCS[1] | UFUNCS[2] | ENTRYWISE | NUMBER_FUNCTIONS | NUMBER_TYPES | CONSTANTS},
    **{name: getattr(np, name) for name in ("all", "amax", "amin", "any", "max", "min", "ndim", "shape", "size")},
    **{name: _maker(getattr(np, name)) for name in ("empty", "full", "ones", "zeros")},
    **{name: _converter(getattr(np, name)) for name in ("array", "asanyarray", "asarray", "ascontiguousarray")},
    "errstate": _errstate,
    "typing": npt,
}
_BUILTINS: dict[str, Any] = {
    **{name: ForbiddenName(name) for name in dir(builtins)},
    **{name: getattr(builtins, name) for name in BUILTINS},
    **{name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, CANDIDATE_FAULTS)},
    "__import__": imported,
    "all": _agreed("all", all),
    "any": _agreed("any", any),
    "isinstance": _is_instance,
    "len": _length,
    "max": _extreme("max", max),
    "min": _extreme("min", min),
    "print": _print,
}
