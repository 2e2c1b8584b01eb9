"""What was simplified from what."""

from sqlalchemy import Connection, and_, func, not_, select

from evoheur.archive.tables import CandidateParentRow, CandidateRow, RequestRow
from evoheur.request import Request

__all__ = ["bred_by_search", "newest_simplification"]

_simplification = Request.simplification()
_simplified = and_(RequestRow.operator == _simplification.operator, RequestRow.produces == _simplification.stored_product)

bred_by_search = not_(_simplified)
"""The condition on `request` that leaves out what is simplified."""


def newest_simplification(connection: Connection, run_id: int, number: int) -> int | None:
    """The number of the candidate that was simplified from another one last; None if there is none."""
    query = (
        select(func.max(CandidateRow.number))
        .join(RequestRow, RequestRow.id == CandidateRow.request_id)
        .join(CandidateParentRow, CandidateParentRow.candidate_id == CandidateRow.id)
        .where(CandidateRow.run_id == run_id, CandidateParentRow.parent == number, _simplified)
    )
    return connection.scalar(query)
