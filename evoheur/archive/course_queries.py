"""The database query for the course of a run, a plain row for every request.

Charts of a hundred thousand candidates need neither their code nor their results on instances.
"""

from collections.abc import Iterator
from heapq import merge
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select
from sqlalchemy.orm import aliased

from evoheur.archive import rows
from evoheur.archive.counting import Expense, Fate
from evoheur.archive.tables import CandidateRow, CompletionRow, EvaluationRow, RequestParentRow, RequestRow
from evoheur.candidate import Status
from evoheur.request import RequestKind

__all__ = ["CourseStep", "course_steps"]

_Original = aliased(CandidateRow)
_STATUS = {status.value: status for status in Status}


class CourseStep(NamedTuple):
    """One request with what came of it, without any text.

    Attributes:
        sequence: Position of its outcome in the log; None while it has none.
        request: Number within the run.
        operator: What asked for it.
        kind: Who answered it.
        model: Who replied; None without a reply.
        reply_seconds: Wall time of the reply; 0 without one.
        expense: What the reply cost; None without one.
        stage: Where it failed, if it yielded no candidate: "generation" or "parsing".
        candidate: Number of the candidate that came of it, or that was scored again; None without one.
        fate: The counted parts of the outcome; empty while there is none.
        cpu_seconds: Processor time of the evaluation, in seconds; 0 for one that is shared.
        is_note: Whether a text for the strategy came of it.
        told_seconds: Wall time of the run by its outcome; None while it has none, and where that was not stored.
    """

    sequence: int | None
    request: int
    operator: str
    kind: RequestKind
    model: str | None
    reply_seconds: float
    expense: Expense | None
    stage: str | None
    candidate: int | None
    fate: Fate
    cpu_seconds: float
    is_note: bool
    told_seconds: float | None = None


def course_steps(connection: Connection, run_id: int, since: int = 0) -> Iterator[CourseStep]:
    """The requests of a run in the order of their outcomes, then those that have none yet.

    Args:
        connection: Inside a transaction.
        run_id: Row number of the run.
        since: Leave out outcomes up to this position in the log.
    """
    told = (RequestRow.run_id == run_id, RequestRow.told_seq > since)
    waiting = (RequestRow.run_id == run_id, RequestRow.told_seq.is_(None))
    bred = _bred().where(*told).order_by(RequestRow.told_seq)
    again = _scored_again(run_id).where(*told).order_by(RequestRow.told_seq)
    parts = (rows.with_names(connection.execute(query)) for query in (bred, again))
    for row in merge(*parts, key=lambda row: row.told_seq):
        yield _step(row)
    for row in connection.execute(_bred().where(*waiting).order_by(RequestRow.asked_seq)).all():
        yield _step(row)


_COLUMNS: tuple[ColumnElement[Any], ...] = (
    RequestRow.told_seq.expression,
    RequestRow.told_seconds.expression,
    RequestRow.number.label("request"),
    RequestRow.operator.expression,
    RequestRow.produces.expression,
    RequestRow.epoch.expression,
    RequestRow.outcome.expression,
    RequestRow.failure_stage.expression,
    RequestRow.failure_reason.expression,
    RequestRow.failure_attempts.expression,
    *(
        column.expression
        for column in (
            CompletionRow.model,
            CompletionRow.seconds,
            CompletionRow.attempts,
            CompletionRow.evaluations,
            CompletionRow.prompt_tokens,
            CompletionRow.completion_tokens,
            CompletionRow.cached_tokens,
            CompletionRow.reasoning_tokens,
            CompletionRow.estimated,
            CompletionRow.cost_usd,
        )
    ),
    CandidateRow.number.label("candidate"),
    CandidateRow.duplicate_of.expression,
    (CandidateRow.code_hash != _Original.code_hash).label("twin"),
    EvaluationRow.status.expression,
    EvaluationRow.objective.expression,
    EvaluationRow.cpu_seconds.expression,
)


def _bred() -> Select[*tuple[Any, ...]]:
    """Select the requests that breed, with their replies and candidates."""
    query = (
        select(*_COLUMNS)
        .select_from(RequestRow)
        .outerjoin(CompletionRow, CompletionRow.request_id == RequestRow.id)
        .outerjoin(CandidateRow, CandidateRow.request_id == RequestRow.id)
    )
    return _with_evaluation(query).where(func.coalesce(RequestRow.outcome, "") != "rescored")


def _scored_again(run_id: int) -> Select[*tuple[Any, ...]]:
    """Select the requests that score a known heuristic on fresh instances."""
    query = (
        select(*_COLUMNS)
        .select_from(RequestRow)
        .outerjoin(CompletionRow, CompletionRow.request_id == RequestRow.id)
        .join(RequestParentRow, RequestParentRow.request_id == RequestRow.id)
        .join(CandidateRow, (CandidateRow.run_id == run_id) & (CandidateRow.number == RequestParentRow.parent))
    )
    return _with_evaluation(query).where(RequestRow.outcome == "rescored")


def _with_evaluation(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    original = func.coalesce(CandidateRow.duplicate_of, CandidateRow.number)
    return query.outerjoin(_Original, (_Original.run_id == CandidateRow.run_id) & (_Original.number == original)).outerjoin(
        EvaluationRow,
        (EvaluationRow.candidate_id == _Original.id)
        & (EvaluationRow.split == "train")
        & (EvaluationRow.epoch == RequestRow.epoch),
    )


def _step(row: Row[Any]) -> CourseStep:
    shared = row.duplicate_of is not None
    return CourseStep(
        sequence=row.told_seq,
        request=row.request,
        operator=row.operator,
        kind=RequestKind.stored(row.operator, row.produces),
        model=row.model,
        reply_seconds=row.seconds or 0.0,
        expense=None if row.model is None else _expense(row),
        stage=row.failure_stage,
        candidate=row.candidate,
        fate=_fate(row, shared=shared),
        cpu_seconds=0.0 if shared else row.cpu_seconds or 0.0,
        is_note=row.outcome == "note",
        told_seconds=row.told_seconds,
    )


def _fate(row: Row[Any], *, shared: bool) -> Fate:
    if row.outcome == "rescored":  # of which nothing counts but its worth, and of the baseline not even that
        return Fate(objective=row.objective if row.candidate else None, epoch=row.epoch)
    return Fate(
        reason=row.failure_reason,
        attempts=row.failure_attempts or 0,
        status=None if row.status is None else _STATUS[row.status],
        shared=shared,
        objective=row.objective,
        epoch=row.epoch if row.candidate is not None else 0,
        twin=shared and bool(row.twin),
    )


def _expense(row: Row[Any]) -> Expense:
    tokens = row.prompt_tokens + row.completion_tokens
    return Expense(
        row.attempts,
        row.evaluations,
        row.prompt_tokens,
        row.completion_tokens,
        row.cost_usd,
        row.cached_tokens,
        row.reasoning_tokens,
        tokens if row.estimated else 0,
    )
