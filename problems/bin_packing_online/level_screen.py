"""A screen for state that a heuristic's source could hide.

It is short. There is also a look at what the heuristic's module keeps: neither may hide state, nor that something was refused.
"""

import ast
import types
from collections.abc import Mapping
from typing import Any

import numpy as np

from .level_array import LevelArray
from .level_grid import NotByLevel, OfferedCount
from .level_item import ItemNumber
from .level_namespace import ForbiddenName, NumpyForLevels

__all__ = ["kept_between_calls", "screen"]

_REFUSED: Mapping[type[ast.AST], str] = {
    ast.Try: "catches errors",
    ast.TryStar: "catches errors",
    ast.ClassDef: "defines a class",
    ast.AsyncFunctionDef: "defines a coroutine",
    ast.While: "loops while something holds, which may be for ever for a size that no instance has",
}


_STATELESS = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, np.ufunc, ForbiddenName, NumpyForLevels)


def screen(tree: ast.Module) -> None:
    """Refuse what calling a heuristic with stand-ins for the bins would not show.

    Errors must not be caught, since a refusal is one. Attributes must not be assigned, and private names not be used, since state hides
    there. Global names may be assigned: `kept_between_calls` sees that.

    Raises:
        NotByLevel: There is such a thing; the message names the line.
    """
    for node in ast.walk(tree):
        what = _REFUSED.get(type(node))
        match node:
            case ast.Attribute(attr=name) if name.startswith("_"):
                what = f"uses .{name}"
            case ast.Attribute(ctx=ast.Store() | ast.Del(), attr=name):
                what = f"assigns to .{name}"
            case ast.Name(id=name) if name.startswith("__") and name != "__name__":
                what = f"uses {name}"
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                what = "imports everything"
            case _:
                pass
        if what is not None:
            raise NotByLevel(f"line {getattr(node, 'lineno', '?')}: {what}")


def kept_between_calls(module: Mapping[str, Any]) -> Any:
    """All that a call could leave to the next.

    In a form that compares equal if nothing changed.

    Args:
        module: The namespace in which the heuristic's source was executed.

    Raises:
        NotByLevel: Something is kept that may change unseen, such as an iterator or the variables of a closure.
    """
    return [(name, _form(value)) for name, value in module.items() if name != "__builtins__"]


def _form(value: Any) -> Any:
    match value:
        case types.FunctionType() if not value.__module__.startswith("evoheur."):  # what the namespace offers has no state
            if value.__closure__:
                raise NotByLevel(f"keeps variables in a closure, {value.__name__}")
            return (id(value), _form(value.__defaults__), _form(value.__kwdefaults__))
        case tuple() | list():
            return (type(value), [_form(entry) for entry in value])
        case set() | frozenset():
            return (type(value), sorted(map(repr, map(_form, value))))
        case dict():
            return (dict, [(_form(key), _form(entry)) for key, entry in value.items()])
        case None | bool() | int() | float() | complex() | str() | bytes() | np.generic():
            return (type(value), repr(value))
        case _:
            return _form_of_library(value)


def _form_of_library(value: Any) -> Any:
    # Modules, functions and types that the namespace offers, none of which has state; annotations are such values too.
    if isinstance(value, _STATELESS):
        return id(value)
    if type(value).__module__ in {"typing", "types", "numpy", "numpy._typing"} and callable(value):
        return id(value)
    given = isinstance(value, (ItemNumber, LevelArray, OfferedCount))
    raise NotByLevel(f"keeps {'what it was given' if given else f'a {type(value).__name__}'} between calls")
