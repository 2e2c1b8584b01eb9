"""Packing of long lists of numbers for the guest.

JSON in which they are packed is read in microseconds instead of milliseconds. Only the trusted side packs. What comes out of a guest stays
plain lists, which are checked number by number.
"""

import base64
import json
from typing import Any

import numpy as np

from evoheur.problem import Json

__all__ = ["pack", "packed", "unpack"]

_MARK = "packed array"
_WORTH_IT = 64  # numbers; shorter lists are quicker as they are
_KINDS = ("int64", "float64")


def pack(value: Json) -> Json:
    """Replace every long list of numbers by its bytes.

    The numbers are whole or real, the bytes in base 64.

    Args:
        value: Plain JSON.

    Returns:
        JSON from which `unpack` makes the same numbers, as arrays where they were lists.
    """
    if isinstance(value, dict):
        return {key: pack(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    array = _as_array(value)
    if array is None:
        return [pack(item) for item in value]
    return packed(array)


def packed(array: np.ndarray[Any, Any]) -> Json:
    """An array of numbers of any length as JSON, from which `unpack` makes an equal one."""
    return {_MARK: array.dtype.name, "shape": list(array.shape), "base64": base64.b64encode(array.tobytes()).decode()}


def unpack(value: Json) -> Any:
    """Undo `pack`; packed lists come out as writable arrays, int64 or float64, and arrays with the type they had."""
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    if _MARK in value:
        flat = np.frombuffer(base64.b64decode(value["base64"]), dtype=np.dtype(value[_MARK]))
        return flat.reshape(value["shape"]).copy()
    return {key: unpack(item) for key, item in value.items()}


def _as_array(numbers: list[Json]) -> np.ndarray[Any, Any] | None:
    try:
        array = np.array(numbers)
    except (ValueError, OverflowError):  # ragged, or beyond 64 bits
        return None
    if array.size < _WORTH_IT or array.dtype.name not in _KINDS:
        return None
    # A list that mixes whole and real numbers would come out as real ones only, so it stays as it is.
    return array if json.dumps(array.tolist()) == json.dumps(numbers) else None
