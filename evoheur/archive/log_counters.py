"""The next numbers of a run's log.

They are derived from what is stored, once, and counted in memory from then on by the session that is the run's only writer.
"""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection, bindparam, func, select

from evoheur.archive.tables import CandidateRow, RequestRow

__all__ = ["LogCounters"]

_largest = (
    select(func.max(column)).where(table.run_id == bindparam("run")).scalar_subquery()
    for table, column in (
        (RequestRow, RequestRow.number),
        (RequestRow, RequestRow.asked_seq),
        (RequestRow, RequestRow.told_seq),
        (CandidateRow, CandidateRow.number),
    )
)
_LARGEST = select(*_largest)  # four subqueries in one statement, because each maximum alone is read off its index


@dataclass(slots=True, kw_only=True)
class LogCounters:
    """What the next entries of a run's log are numbered.

    Attributes:
        request: Number of the next request, from 1.
        sequence: Place of the next ask or tell, from 1; one counter is for both.
        candidate: Number of the next candidate, from 0.
    """

    request: int
    sequence: int
    candidate: int

    @classmethod
    def read(cls, connection: Connection, run_id: int) -> Self:
        """Derive them from what is stored."""
        request, asked, told, candidate = connection.execute(_LARGEST, {"run": run_id}).one()
        return cls(
            request=(request or 0) + 1,
            sequence=max(asked or 0, told or 0) + 1,
            candidate=0 if candidate is None else candidate + 1,
        )
