"""Bytes that tell one answer of a heuristic from another."""

import json
from typing import Any

import numpy as np

from evoheur.answer_checks import to_json

__all__ = ["told_apart"]


def told_apart(answer: Any, *, by_order: bool) -> bytes:
    """Bytes that are equal for answers that come to the same.

    Args:
        answer: What a function of a heuristic returned.
        by_order: Whether only the order of the numbers in an array counts, ties included; else all their bits do but the sign of 0.

    Raises:
        TypeError: It is nothing that an answer may be.
    """
    array = np.asarray(answer)
    if array.dtype.kind not in "biuf":
        return json.dumps(to_json(answer)).encode()
    shape = repr(array.shape).encode()
    if by_order and array.ndim:  # a number alone has no order; what it is compared with comes from other calls
        return shape + np.unique(array, return_inverse=True)[1].astype(np.int32).tobytes()
    return shape + (array.astype(np.float64) + 0.0).tobytes()
