"""Runs functions in both tiers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from evoheur.evaluation.tiers.compiling import compile_for
from evoheur.evaluation.tiers.tiered import Compiler, Tiered, Tiers

__all__ = ["bits", "defined", "in_both_tiers", "tiered"]


def defined(code: str) -> Any:
    """The function `f` of a source, executed as a guest does."""
    namespace: dict[str, Any] = {}
    exec(compile(code, "heuristic", "exec"), namespace)
    return namespace["f"]


def tiered(code: str, *, cost: float = 0.0, compiler: Compiler = compile_for) -> Tiered:
    """The same in tiers, by default compiled at the first call; the source must have a loop."""
    function = Tiers(code, {"f": defined(code)}, cost=cost, compiler=compiler).functions["f"]
    assert isinstance(function, Tiered)
    return function


def bits(value: Any) -> Any:
    """What must be the same: type, shape, dtype and every bit, except that one NaN is as good as another."""
    if isinstance(value, np.ndarray):
        clean = np.where(np.isnan(value), np.nan, value) if value.dtype == np.float64 else value
        return value.dtype, value.shape, clean.tobytes()
    if isinstance(value, float):
        return type(value), "nan" if value != value else float(value).hex()  # noqa: PLR0124
    return type(value), value


def in_both_tiers(code: str, calls: Sequence[Sequence[Any]]) -> Tiered:
    """Call a function so often that it is compiled, compare every answer with the interpreted one, and return it."""
    function, plain = tiered(code), defined(code)
    for _ in range(6):
        for arguments in calls:
            assert bits(function(*arguments)) == bits(plain(*arguments))
    return function
