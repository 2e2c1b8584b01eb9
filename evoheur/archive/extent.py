"""Choice of how much of a run's records is read.

Reports on long runs do without their texts, which are by far the most of an archive.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, literal_column, null

from evoheur.archive.tables import Base, CandidateRow, CompletionRow, EvaluationRow, InstanceResultRow, RequestRow

__all__ = ["COURSE", "FOR_REPLAY", "MEASURES", "WHOLE", "Extent"]

_TEXTS: dict[type[Base], frozenset[str]] = {
    CandidateRow: frozenset({"code", "thought"}),
    CompletionRow: frozenset({"text"}),
    EvaluationRow: frozenset({"detail"}),
    InstanceResultRow: frozenset({"detail"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """What is read; the rest is empty in the records.

    Attributes:
        prompts: Those of all requests, of the ones without an outcome yet, or none.
        texts: Replies, code, thoughts and details, and what solvers noted.
        results: What came of every instance.
    """

    prompts: Literal["all", "pending", "none"] = "all"
    texts: bool = True
    results: bool = True

    def columns(self, table: type[Base]) -> list[ColumnElement[Any]]:
        """The columns of a table, with what is left out empty."""
        empty: Collection[str] = () if self.texts else _TEXTS.get(table, ())
        return [
            literal_column("''").label(column.name) if column.name in empty else self._read(column)
            for column in table.__table__.columns
        ]

    def _read(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        if column is RequestRow.__table__.c.messages and self.prompts != "all":
            pending = case((RequestRow.told_seq.is_(None), column)) if self.prompts == "pending" else null()
            return pending.label(column.name)
        if column is InstanceResultRow.__table__.c.notes and not self.texts:
            return null().label(column.name)
        return column


WHOLE = Extent()
FOR_REPLAY = Extent(prompts="pending")
"""What a run needs to go on."""
COURSE = Extent(prompts="none", texts=False)
"""What tells how a run came along, and which heuristics behave alike."""
MEASURES = Extent(prompts="none", texts=False, results=False)
"""Candidates with their objectives and what was measured of their code."""
