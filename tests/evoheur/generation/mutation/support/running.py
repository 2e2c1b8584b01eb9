"""Runs candidates of the sample problems, for the tests of the offline generator."""

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["defined", "runs"]

_ITEMS = (1, 7, 30, 64, 100)


def defined(code: str, name: str = "priority") -> Callable[..., Any]:
    """The function that a file defines, without anything around it."""
    names: dict[str, Any] = {}
    exec(compile(code, "candidate.py", "exec"), names)
    function: Callable[..., Any] = names[name]
    return function


def runs(code: str) -> bool:
    """True if a bin packing rule gives one score per bin, none of them NaN, for small and large items, in bins of capacity 100."""
    with np.errstate(all="ignore"):
        try:
            rule = defined(code)
            for item in _ITEMS:
                bins = np.arange(item, 101)
                scores = np.asarray(rule(item, bins.copy()))
                if scores.shape != bins.shape or scores.dtype.kind not in "bif" or np.isnan(scores).any():
                    return False
        except (ArithmeticError, LookupError, NameError, TypeError, ValueError):
            return False
    return True
