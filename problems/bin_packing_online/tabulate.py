"""The fast path: a rule that scores levels is asked for all its scores before anything of a stream is known.

Exact for the rules that `level_rule` recognises: packing by the table is packing by the protocol, bin for bin. Whatever looks odd while
the table is filled sends the stream to the plain path, which then shows what the rule really does. This module runs beside the candidate.
"""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Json

from .level_rule import Verdict, analyse
from .protocol import BadScores, read_scores

__all__ = ["Irregular", "tabulated"]

_EXACT_INTEGERS = 2.0**53

# What the expressions that level_rule lets through can raise, for one item size or another.
_RULE_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
    Warning,
)


class Irregular(Exception):
    """The rule cannot be tabulated; the message says why. Never leaves the problem: the plain path takes over."""


def tabulated(heuristic: Heuristic, capacity: int) -> dict[str, Json]:
    """Ask a rule for its scores of all levels for all sizes of item.

    Args:
        heuristic: The candidate.
        capacity: Of every bin.

    Returns:
        What `table.read_table` reads: the scores, and the sizes for which asking did not give one real number per level.

    Raises:
        Irregular: The rule is no level rule, or there is no size that it scores.
    """
    verdict = analyse(heuristic.code, next(iter(heuristic.functions)))
    if not verdict.is_level_rule:
        raise Irregular(verdict.reason)
    rows: list[NDArray[np.float64]] = []
    faults: dict[int, str] = {}
    for size in range(1, capacity + 1):
        try:
            rows.append(_scores(heuristic, verdict, size, capacity))
        except Irregular as fault:
            faults[size] = str(fault)
            rows.append(np.zeros(capacity + 1 - size))
    if len(faults) == capacity:
        raise Irregular(faults[1])
    return {"scores": base64.b64encode(np.concatenate(rows).tobytes()).decode(), "missing": list(faults)}


def _scores(heuristic: Heuristic, verdict: Verdict, size: int, capacity: int) -> NDArray[np.float64]:
    # Every level is offered twice, in a row and back again, so that a score that depends on its place shows.
    levels = np.arange(size, capacity + 1, dtype=np.int64)
    offered: NDArray[Any] = np.concatenate((levels, levels[::-1]))
    try:
        scores = read_scores(heuristic.entry(size, offered), 2 * levels.size)
    except BadScores as error:
        raise Irregular(f"for size {size} {error}") from error
    except _RULE_FAULTS as error:
        raise Irregular(f"for size {size} it raised {type(error).__name__}") from error
    if scores.dtype.itemsize > 8:
        raise Irregular(f"its scores are of type {scores.dtype}")
    table = scores.astype(np.float64)
    there, back = table[: levels.size], table[: levels.size - 1 : -1]
    if not np.array_equal(there, back, equal_nan=True):
        raise Irregular(f"for size {size} equal bins got different scores")
    if verdict.mixed or scores.dtype.kind != "f":
        # Beyond 2**53 whole numbers lose digits as floats, and a list of scores may hold either: the table could tie what the
        # protocol does not, or the reverse.
        finite = there[np.isfinite(there)]
        if finite.size and np.abs(finite).max() >= _EXACT_INTEGERS:
            raise Irregular(f"for size {size} whole scores reach 2**53")
    return there
