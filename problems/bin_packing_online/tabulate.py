"""The fast path: a rule that scores levels is asked once per item size, and a compiled loop packs the stream by the table.

Exact for the rules that `level_rule` recognises: the packing, ties and errors are those of `protocol.pack`. Whatever looks odd while the
table is filled sends the stream to the plain path, which then shows what the rule really does.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic

from .kernels import pack_levels
from .level_rule import Verdict, analyse
from .protocol import BadScores, NanRule, nan_scored, read_scores

__all__ = ["LARGEST_TABLE", "Irregular", "Tabulation"]

LARGEST_TABLE = 4_000_000
"""Entries (item sizes × levels) beyond which a table costs more memory than it saves time."""

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


class Tabulation:
    """What is known of one candidate: whether it scores levels, and its scores so far, shared by all streams of one capacity.

    Args:
        heuristic: The candidate.
    """

    def __init__(self, heuristic: Heuristic) -> None:
        self.heuristic = heuristic
        self.verdict: Verdict = analyse(heuristic.code, next(iter(heuristic.functions)))
        self._tables: dict[int, _Table] = {}

    def pack(self, items: NDArray[np.int64], capacity: int, *, nan: NanRule) -> NDArray[np.int64]:
        """Pack a stream by the table.

        Args:
            items: Sizes in order of arrival.
            capacity: Of every bin.
            nan: As for `protocol.pack`.

        Returns:
            Bin of each item, as `protocol.pack` would choose it.

        Raises:
            Irregular: The rule is no level rule, or asking it for some size did not give one real number per level.
            BadScores: A bin that is offered is scored NaN, and `nan` is "error".
        """
        if not self.verdict.is_level_rule:
            raise Irregular(self.verdict.reason)
        table = self._table(np.unique(items), capacity)
        assignment, level_of = pack_levels(items, capacity, table.row_of, table.order, table.tied)
        if nan == "error":
            # NaN outranks every number in the table, so it was chosen wherever it was offered, the lowest bin first.
            refused = np.flatnonzero(table.nan[table.row_of[items], level_of])
            if refused.size:
                position = int(refused[0])
                raise nan_scored(position, int(items[position]), int(level_of[position]))
        return assignment

    def _table(self, sizes: NDArray[np.int64], capacity: int) -> "_Table":
        known = self._tables.get(capacity)
        wanted = sizes if known is None else sizes[known.row_of[sizes] < 0]
        rows = wanted.size + (0 if known is None else len(known.order))
        if rows * (capacity + 1) > LARGEST_TABLE:
            raise Irregular(f"{rows} item sizes x {capacity + 1} levels are too many to tabulate")
        if known is None or wanted.size:
            scores = np.zeros((wanted.size, capacity + 1))
            for row, size in enumerate(wanted.tolist()):
                scores[row, size:] = self._scores(size, capacity)
            known = _ranked(wanted, scores, known)
            self._tables[capacity] = known
        return known

    def _scores(self, size: int, capacity: int) -> NDArray[np.float64]:
        # Every level is offered twice, in a row and back again, so that a score that depends on its place shows.
        levels = np.arange(size, capacity + 1, dtype=np.int64)
        offered = np.concatenate((levels, levels[::-1]))
        try:
            scores = read_scores(self.heuristic.entry(size, offered), 2 * levels.size)
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
        if self.verdict.mixed or scores.dtype.kind != "f":
            # Beyond 2**53 whole numbers lose digits as floats, and a list of scores may hold either: the table could tie what the
            # protocol does not, or the reverse.
            finite = there[np.isfinite(there)]
            if finite.size and np.abs(finite).max() >= _EXACT_INTEGERS:
                raise Irregular(f"for size {size} whole scores reach 2**53")
        return there


@dataclass(frozen=True, slots=True)
class _Table:
    """Levels ranked per item size; see `pack_levels` for the first three."""

    row_of: NDArray[np.int64]
    order: NDArray[np.int32]
    tied: NDArray[np.bool_]
    nan: NDArray[np.bool_]  # by row and level


def _ranked(sizes: NDArray[np.int64], scores: NDArray[np.float64], known: _Table | None) -> _Table:
    # NaN comes first, as it does for argmax; levels below the size come last.
    nan = np.isnan(scores)
    numbers = np.where(nan, 0.0, scores)
    below = np.arange(scores.shape[1]) < sizes[:, None]
    order = np.lexsort((-numbers, ~nan, below), axis=1)
    ranked: list[NDArray[Any]] = [np.take_along_axis(values, order, axis=1) for values in (numbers, nan, below)]
    tied = np.zeros(scores.shape, dtype=np.bool_)
    tied[:, 1:] = np.logical_and.reduce([values[:, 1:] == values[:, :-1] for values in ranked])
    table = _Table(np.full(scores.shape[1], -1, dtype=np.int64), order.astype(np.int32), tied, nan)
    if known is not None:
        table = _Table(
            known.row_of.copy(),
            np.concatenate((known.order, table.order)),
            np.concatenate((known.tied, table.tied)),
            np.concatenate((known.nan, table.nan)),
        )
    table.row_of[sizes] = np.arange(len(table.order) - sizes.size, len(table.order))
    return table
