"""What a value can be while a function is translated: its type, and where an integer or a float came from.

Python's and NumPy's numbers are calculated with alike, but they are not the same answer: `int` and `numpy.int64` print differently. So a
kind tells both apart, and remembers which constants may stand in for a NumPy number (`best = -1` before a loop over nodes).
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np

__all__ = [
    "FLOAT", "PYTHON_INT", "TRUTH", "Array", "Base", "Kind", "Refused", "Scalar", "constant", "joined", "kind_of", "numpy_scalar",
]  # fmt: skip

Base: TypeAlias = Literal["int", "float", "mixed", "bool", "none"]
"""`mixed` is an int on some ways through the function and a float on others; it is computed as a float, so an int in it is exact."""

_MOST_CONSTANTS = 8
_BITS = 63
_DTYPES: dict[Any, Base] = {np.dtype(np.int64): "int", np.dtype(np.float64): "float", np.dtype(np.bool_): "bool"}


class Refused(Exception):
    """A construct that is not compiled; the message says which and, where it is not plain, why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A single value.

    Attributes:
        base: What it is computed as.
        python: It may be a Python number that was computed or handed in.
        numpy: It may be a NumPy number.
        constants: Python integers from the source that it may be.
        optional: It may be None.
    """

    base: Base
    python: bool = False
    numpy: bool = False
    constants: frozenset[int] = frozenset()
    optional: bool = False

    @property
    def surely_numpy(self) -> bool:
        """No way leads to a Python number."""
        return self.numpy and not self.python and not self.constants


@dataclass(frozen=True, slots=True)
class Array:
    """A NumPy array.

    Attributes:
        base: Of its entries: int64, float64 or bool.
        dimensions: How many.
        own: The function made it, so nobody else sees it change.
    """

    base: Base
    dimensions: int
    own: bool = False


Kind: TypeAlias = Scalar | Array

FLOAT = Scalar(base="float", python=True)
PYTHON_INT = Scalar(base="int", python=True)
TRUTH = Scalar(base="bool")


def numpy_scalar(base: Base) -> Scalar:
    """An entry of an array."""
    return Scalar(base=base, numpy=True)


def constant(value: object) -> Scalar:
    """A literal or a constant of the module.

    Raises:
        Refused: It is no number.
    """
    if value is None:
        return Scalar(base="none", optional=True)
    if type(value) is bool:
        return TRUTH
    if type(value) is float:
        return FLOAT
    if type(value) is int and value.bit_length() <= _BITS:
        return Scalar(base="int", constants=frozenset({value}))
    raise Refused(f"the constant {value!r:.30}")


def joined(one: Kind, other: Kind) -> Kind:
    """What a variable is that is one thing on some ways and another on others.

    Raises:
        Refused: That is not compiled.
    """
    if one == other:
        return one
    if isinstance(one, Array) and isinstance(other, Array) and (one.base, one.dimensions) == (other.base, other.dimensions):
        return replace(one, own=False)
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return _joined_scalars(one, other)
    raise Refused("a variable that holds things of different kinds")


def _joined_scalars(one: Scalar, other: Scalar) -> Scalar:
    base = _joined_bases(one.base, other.base)
    optional = one.optional or other.optional
    if optional and base not in {"int", "none"}:
        raise Refused("a variable that is None or a float")
    constants = one.constants | other.constants
    many = len(constants) > _MOST_CONSTANTS
    return Scalar(
        base=base,
        python=one.python or other.python or many,
        numpy=one.numpy or other.numpy,
        constants=frozenset() if many else constants,
        optional=optional,
    )


def _joined_bases(one: Base, other: Base) -> Base:
    bases = {one, other} - {"none"}
    if len(bases) < 2:
        return bases.pop() if bases else "none"
    if "bool" in bases:
        raise Refused("a variable that is True or False here and a number there")
    return "mixed"


def kind_of(value: object) -> Kind:
    """The kind of an argument.

    Raises:
        Refused: Calls with such a value are not compiled.
    """
    if isinstance(value, np.ndarray):
        base = _DTYPES.get(value.dtype)
        plain = type(value) is np.ndarray and base is not None and 1 <= value.ndim <= 3 and value.flags.aligned
        if plain and base is not None:
            return Array(base, value.ndim)
    elif type(value) is int and value.bit_length() <= _BITS:
        return PYTHON_INT
    elif type(value) in _SCALARS:
        return _SCALARS[type(value)]
    raise Refused("called with something else than plain numbers and arrays of int64, float64 or bool")


_SCALARS: dict[type, Scalar] = {float: FLOAT, np.int64: numpy_scalar("int"), np.float64: numpy_scalar("float")}
