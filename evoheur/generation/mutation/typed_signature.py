"""Typed signatures of a problem's functions.

Names, kinds of parameters and result, and the source of the baseline.
"""

import ast
import inspect
import math
import textwrap
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from evoheur.code.syntax import syntax_tree
from evoheur.generation.mutation.abstract_values import FLAG, SCALAR, AbstractValue, Kind
from evoheur.generation.mutation.argument_roles import Roles, roles_of
from evoheur.generation.mutation.named_shapes import ANY_SHAPE, dimensions

__all__ = ["Signature", "baseline_source", "read_signature"]

_UNIT = 1.0
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Signature:
    """One function that evolves.

    Attributes:
        name: The name candidates must give it.
        parameters: What is known of each parameter before the function runs, by name, in order.
        returns: The kind of quantity or truth value it returns; None if it returns something else: a position, a list of them, a tuple.
        corners: Fixed positions that the problem's own body uses, such as a depot's 0, with the dimension they are positions in.
        offset: What may be added to a divisor that may be 0. Where all numbers are whole, 1 is small; distances may all be below 1.
        annotations: By parameter, and by "return", an annotation for code that imports NumPy as np and nothing else; "" for none.
    """

    name: str
    parameters: dict[str, AbstractValue]
    returns: Kind | None
    annotations: dict[str, str]
    corners: tuple[tuple[int, str], ...] = ()
    offset: float = _UNIT

    @property
    def has_matrices(self) -> bool:
        """True if there is an argument with rows and columns."""
        kinds = (value.kind for value in self.parameters.values())
        return any(kind is not None and len(dimensions(kind.shape)) > 1 for kind in kinds)


def read_signature(function: Callable[..., Any], *, nonnegative: bool) -> Signature:
    """Read annotations for kinds and the docstring for shapes.

    As in "free space of every bin, shape (bins,)". Arrays whose shape is not documented are taken to have one and the same shape.

    Args:
        function: The problem's function.
        nonnegative: True if numbers and arrays that come in may be taken to be at least 0.
    """
    hints = _hints(function)
    low = 0.0 if nonnegative else -math.inf
    names = list(inspect.signature(function).parameters)
    roles = roles_of(function, _definition(function), [name for name in names if _is_whole(hints.get(name))])
    parameters = {name: _value(hints.get(name), name, roles, low) for name in names}
    fractions = any(value.kind is not None and value.kind.is_array and not value.integral for value in parameters.values())
    return Signature(
        name=function.__name__,
        parameters=parameters,
        returns=_returned(hints.get("return"), roles.shapes.get("return", ANY_SHAPE)),
        annotations={name: _annotation(hints.get(name)) for name in [*names, "return"]},
        corners=roles.corners,
        offset=_TINY if fractions else _UNIT,
    )


def baseline_source(functions: Sequence[Callable[..., Any]]) -> str:
    """One file that defines the functions as the problem does.

    With the modules, numbers and functions their bodies use. Annotations that need an import are left to the reader of the signature to
    replace.
    """
    parts: dict[str, str] = {}
    for function in functions:
        _collect(function, parts)
    return "\n\n".join(parts.values()) + "\n"


def _collect(function: Callable[..., Any], parts: dict[str, str]) -> None:
    function = inspect.unwrap(function)
    definition = _definition(function)
    if definition is None:
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


def _definition(function: Callable[..., Any]) -> ast.FunctionDef | None:
    """The function's syntax tree; None for what was not written with `def`."""
    definition = syntax_tree(textwrap.dedent(inspect.getsource(inspect.unwrap(function)))).body[0]
    return definition if isinstance(definition, ast.FunctionDef) else None


def _value(hint: Any, name: str, roles: Roles, low: float) -> AbstractValue:
    position = roles.positions.get(name, "")
    if hint is bool:
        return AbstractValue(FLAG, 0.0, 1.0, integral=True)
    if inspect.isclass(hint) and issubclass(hint, (int, np.integer)):
        return AbstractValue(SCALAR._replace(indexes=position), low, integral=True)
    if inspect.isclass(hint) and issubclass(hint, (float, np.floating)):
        return AbstractValue(SCALAR, low)
    if _is_array(hint):
        dtype = _dtype(hint)
        shape = roles.shapes.get(name, ANY_SHAPE)
        if dtype is not None and issubclass(dtype, np.bool_):
            return AbstractValue(Kind(shape, boolean=True), 0.0, 1.0, integral=True)
        whole = dtype is None or not issubclass(dtype, np.floating)
        return AbstractValue(Kind(shape, boolean=False, indexes=position), low, integral=whole)
    return AbstractValue(None)


def _is_whole(hint: Any) -> bool:
    """True for whole numbers and arrays that are said to hold them."""
    kind = _dtype(hint) if _is_array(hint) else hint
    return inspect.isclass(kind) and issubclass(kind, (int, np.integer)) and not issubclass(kind, bool)


def _returned(hint: Any, shape: str) -> Kind | None:
    if _is_array(hint):
        return None if _is_whole(hint) else Kind(shape, boolean=_dtype(hint) is np.bool_)
    if hint is bool:
        return FLAG
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
