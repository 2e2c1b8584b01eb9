"""Choice of how much of a run's records is read.

Reports on long runs do without their texts, which are by far the most of an archive.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import JSON, ColumnElement, String, Text, case, cast, literal_column, null

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

    def stored(self, table: type[Base], names: Sequence[str] = ()) -> list[ColumnElement[Any]]:
        """Columns of a table as they are stored, with what is left out empty.

        What SQLAlchemy would make of them costs more than reading them, and a long run has millions; `rows` knows what they mean.

        Args:
            table: Of the database.
            names: Of the columns, in the order wanted; all of them by default.
        """
        empty: Collection[str] = () if self.texts else _TEXTS.get(table, ())
        columns = table.__table__.columns
        return [
            literal_column("''", String).label(column.name) if column.name in empty else self._stored(column)
            for column in ([columns[name] for name in names] or columns)
        ]

    def _stored(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        if column is RequestRow.__table__.c.prompt and self.prompts != "all":
            pending = case((RequestRow.told_seq.is_(None), column)) if self.prompts == "pending" else null()
            return pending.label(column.name)
        if column is InstanceResultRow.__table__.c.notes and not self.texts:
            return null().label(column.name)
        if isinstance(column.type, JSON):  # some drivers would parse it themselves
            return cast(column, Text).label(column.name)
        return column


WHOLE = Extent()
FOR_REPLAY = Extent(prompts="pending")
"""What a run needs to go on."""
COURSE = Extent(prompts="none", texts=False)
"""What tells how a run came along, and which heuristics behave alike."""
MEASURES = Extent(prompts="none", texts=False, results=False)
"""Candidates with their objectives and what was measured of their code."""
