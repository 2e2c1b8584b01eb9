"""Checks and conversions of answers that come out of a guest.

`evoheur.problem` has all of it for authors.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Infeasible", "Json", "to_json", "whole_numbers"]

Json: TypeAlias = Any  # what json.loads returns: None, bool, int, float, str, list, dict

_PLAIN = frozenset({int, float, str, bool, type(None)})


class Infeasible(Exception):
    """An answer that breaks a constraint or is no solution.

    The message names which constraint, with the value.
    """


def to_json(value: Any) -> Json:
    """Turn arrays, NumPy scalars and tuples into JSON.

    Nests of them may hold no dataclasses.
    """
    if value.__class__ in _PLAIN:  # most frequent, and asking whether text is a mapping takes long the first time in a process
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return list(value) if _PLAIN.issuperset(map(type, value)) else [to_json(item) for item in value]
    return value


def whole_numbers(answer: Json, *, length: int, low: int, high: int, what: str) -> NDArray[np.int64]:
    """Read whole numbers of a range from an untrusted answer.

    Args:
        answer: Any JSON; or an array of int64, which trusted code has made.
        length: How many entries it must have.
        low: Smallest allowed value.
        high: Largest allowed value.
        what: Names an entry in messages, such as "bin of item".

    Returns:
        The numbers, shape (length,), dtype int64.

    Raises:
        Infeasible: It is no list, too short or long, or an entry is no whole number or out of range (booleans and floats are refused).
    """
    if type(answer) is np.ndarray and answer.dtype == np.int64 and answer.shape == (length,):
        if length == 0 or (answer.min() >= low and answer.max() <= high):
            return answer
        answer = answer.tolist()
    if not isinstance(answer, list):
        raise Infeasible(f"the answer is {type(answer).__name__}, not a list of {length} whole numbers")
    if len(answer) != length:
        raise Infeasible(f"the answer has {len(answer)} entries, expected {length}")
    if set(map(type, answer)) - {int}:
        position = next(i for i, entry in enumerate(answer) if type(entry) is not int)
        raise Infeasible(f"{what} {position} is {answer[position]!r:.60}, not a whole number")
    try:
        numbers = np.array(answer, dtype=np.int64)
    except OverflowError:  # beyond 64 bits
        numbers = None
    if numbers is None or not ((numbers >= low) & (numbers <= high)).all():
        position = next(i for i, entry in enumerate(answer) if not low <= entry <= high)
        raise Infeasible(f"{what} {position} is {answer[position]!r:.60}, outside {low}..{high}")
    return numbers
