"""What a problem's functions promise: names, kinds of parameters and result, and the source of the baseline."""

import ast
import inspect
import math
import re
import textwrap
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evoheur.generation.mutation.values import FLAG, SCALAR, Kind, Value

__all__ = ["Signature", "baseline_source", "read_signature"]

_ANY_SHAPE = "(...)"
_SHAPE = re.compile(r"shape\s+(\([^)]*\))")
_ENTRY = re.compile(r"^\s*(\w+)(?:\s*\([^)]*\))?:\s")


@dataclass(frozen=True, slots=True)
class Signature:
    """One function that evolves.

    Attributes:
        name: The name candidates must give it.
        parameters: What is known of each parameter before the function runs, by name, in order.
        returns: The kind it returns; None if edits do not understand it (an index, a tuple, …).
        annotations: By parameter, and by "return", an annotation for code that imports NumPy as np and nothing else; "" for none.
    """

    name: str
    parameters: dict[str, Value]
    returns: Kind | None
    annotations: dict[str, str]


def read_signature(function: Callable[..., Any], *, nonnegative: bool) -> Signature:
    """Read annotations for kinds and the docstring for shapes, as in "free space of every bin, shape (bins,)".

    Arrays whose shape is not documented are taken to have one and the same shape.

    Args:
        function: The problem's function.
        nonnegative: True if numbers and arrays that come in may be taken to be at least 0.
    """
    hints = _hints(function)
    shapes = _documented_shapes(inspect.getdoc(function) or "")
    low = 0.0 if nonnegative else -math.inf
    names = list(inspect.signature(function).parameters)
    return Signature(
        name=function.__name__,
        parameters={name: _value(hints.get(name), shapes.get(name, _ANY_SHAPE), low) for name in names},
        returns=_returned(hints.get("return"), shapes.get("return", _ANY_SHAPE)),
        annotations={name: _annotation(hints.get(name)) for name in [*names, "return"]},
    )


def baseline_source(functions: Sequence[Callable[..., Any]]) -> str:
    """One file that defines the functions as the problem does, with the modules, numbers and functions their bodies use.

    Annotations that need an import are left to the reader of the signature to replace.
    """
    parts: dict[str, str] = {}
    for function in functions:
        _collect(function, parts)
    return "\n\n".join(parts.values()) + "\n"


def _collect(function: Callable[..., Any], parts: dict[str, str]) -> None:
    function = inspect.unwrap(function)
    definition = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(definition, ast.FunctionDef):
        return
    definition.decorator_list = []
    _strip_annotations(definition)
    surroundings = inspect.getclosurevars(function)
    for name, value in {**surroundings.globals, **surroundings.nonlocals}.items():
        if name in parts:
            continue
        if isinstance(value, types.ModuleType):
            parts[name] = f"import {value.__name__}" if value.__name__ == name else f"import {value.__name__} as {name}"
        elif isinstance(value, (int, float)):
            parts[name] = f"{name} = {value!r}"
        elif inspect.isfunction(value) and value is not function:
            _collect(value, parts)
    parts[function.__name__] = ast.unparse(definition)


def _strip_annotations(definition: ast.FunctionDef) -> None:
    definition.returns = None
    for argument in (*definition.args.posonlyargs, *definition.args.args, *definition.args.kwonlyargs):
        argument.annotation = None


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except NameError:  # a name that exists for the type checker only: nothing is known, and nothing is lost but precision
        return {}


def _documented_shapes(text: str) -> dict[str, str]:
    """Shapes by parameter, and by "return", from a docstring in Google style."""
    shapes: dict[str, str] = {}
    current = ""
    for line in text.splitlines():
        if line.strip() in {"Returns:", "Yields:"}:
            current = "return"
        elif current != "return" and (entry := _ENTRY.match(line)):
            current = entry.group(1)
        if current and (shape := _SHAPE.search(line)):
            shapes.setdefault(current, shape.group(1).replace(" ", ""))
    return shapes


def _value(hint: Any, shape: str, low: float) -> Value:
    if hint is bool:
        return Value(FLAG, 0.0, 1.0, integral=True)
    if inspect.isclass(hint) and issubclass(hint, (int, np.integer)):
        return Value(SCALAR, low, integral=True)
    if inspect.isclass(hint) and issubclass(hint, (float, np.floating)):
        return Value(SCALAR, low)
    if _is_array(hint):
        dtype = _dtype(hint)
        if dtype is not None and issubclass(dtype, np.bool_):
            return Value(Kind(shape, boolean=True), 0.0, 1.0, integral=True)
        return Value(Kind(shape, boolean=False), low, integral=dtype is None or not issubclass(dtype, np.floating))
    return Value(None)


def _returned(hint: Any, shape: str) -> Kind | None:
    if _is_array(hint):
        return Kind(shape, boolean=False)
    return SCALAR if inspect.isclass(hint) and issubclass(hint, (float, np.floating)) else None


def _annotation(hint: Any) -> str:
    if _is_array(hint):
        return "np.ndarray"
    return hint.__name__ if hint in (int, float, bool) else ""


def _is_array(hint: Any) -> bool:
    return hint is np.ndarray or typing.get_origin(hint) is np.ndarray


def _dtype(hint: Any) -> type | None:
    """The scalar type of `NDArray[np.int64]`; None where the annotation does not say."""
    arguments = typing.get_args(hint)
    inner = typing.get_args(arguments[1]) if len(arguments) > 1 else ()
    return inner[0] if inner and inspect.isclass(inner[0]) else None
