"""The fast path: a heuristic's scores, asked beforehand.

A heuristic that scores levels is asked for all its scores before anything of a stream is known. Exact for the heuristics that
`level_heuristic` lets through: packing by the table is packing by the protocol, bin for bin. Whatever looks odd while the table is filled
sends the stream to the plain path, which then shows what the heuristic really does. This module runs beside the candidate.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic

from .level_grid import NotByLevel
from .level_heuristic import LevelHeuristic
from .level_names import CANDIDATE_FAULTS
from .protocol import BadScores, read_scores

__all__ = ["Irregular", "tabulated"]

_EXACT_INTEGERS = 2.0**53


class Irregular(Exception):
    """The heuristic cannot be tabulated; the message says why.

    Never leaves the problem: the plain path takes over.
    """


def tabulated(heuristic: Heuristic, capacity: int) -> dict[str, Any]:
    """Ask a heuristic for its scores of all levels.

    It is asked for all sizes of item.

    Args:
        heuristic: The candidate. How many of its scores are NaN goes into its notes.
        capacity: Of every bin.

    Returns:
        What `table.read_table` reads: the scores, and the sizes for which asking did not give one real number per level.

    Raises:
        Irregular: The heuristic scores by more than levels, or there is no size that it scores.
    """
    rows: list[NDArray[np.float64]] = []
    faults: dict[int, str] = {}
    try:
        by_level = LevelHeuristic(heuristic.code, next(iter(heuristic.functions)))
        is_shown = by_level.is_shown_at_once(np.arange(1, capacity + 1))
        for size in range(1, capacity + 1):
            try:
                rows.append(_scores(heuristic, None if is_shown and size > 1 else by_level, size, capacity))
            except Irregular as fault:
                faults[size] = str(fault)
                rows.append(np.zeros(capacity + 1 - size))
    except NotByLevel as refusal:
        raise Irregular(str(refusal)) from refusal
    if len(faults) == capacity:
        raise Irregular(faults[1])
    scores = np.concatenate(rows)
    if unscored := int(np.isnan(scores).sum()):
        heuristic.notes["nan"] = f"{unscored} of {scores.size} scores"
    return {"scores": scores.tobytes(), "missing": list(faults)}


def _scores(heuristic: Heuristic, by_level: LevelHeuristic | None, size: int, capacity: int) -> NDArray[np.float64]:
    # Asked with a stand-in for the bins, unless that was shown before, which shows that nothing but levels matters; and with an array of
    # bins, which shows that the stand-in led to no other result. There every level is offered twice, in a row and back again, so that a
    # score that depends on its place shows too.
    levels = np.arange(size, capacity + 1, dtype=np.int64)
    offered: NDArray[Any] = np.concatenate((levels, levels[::-1]))
    try:
        expected = None if by_level is None else by_level.scores(size, levels)
        scores = read_scores(heuristic.entry(size, offered), 2 * levels.size)
    except BadScores as error:
        raise Irregular(f"for size {size} {error}") from error
    except CANDIDATE_FAULTS as error:
        raise Irregular(f"for size {size} it raised {type(error).__name__}") from error
    there, back = scores[: levels.size], scores[: levels.size - 1 : -1]
    if not _equal(there, back):
        raise NotByLevel(f"for size {size} equal bins got different scores")
    if expected is not None and (scores.dtype != expected.dtype or not _equal(there, expected)):
        raise NotByLevel(f"for size {size} an array of bins got other scores than what stands for it")
    if scores.dtype.itemsize > 8:
        raise Irregular(f"for size {size} its scores are of type {scores.dtype}")
    table: NDArray[np.float64] = there.astype(np.float64)
    if scores.dtype.kind != "f" and np.abs(table).max() >= _EXACT_INTEGERS:
        # Beyond 2**53 whole numbers lose digits as floats: the table could tie what the protocol does not.
        raise Irregular(f"for size {size} whole scores reach 2**53")
    return table


def _equal(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.tobytes() == other.tobytes() or np.array_equal(one, other, equal_nan=True)
