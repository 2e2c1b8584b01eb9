"""Queries for runs, their logs and their candidates.

A fixed number of queries each, however long the run.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from evoheur.archive import candidates, rows
from evoheur.archive.extent import WHOLE, Extent
from evoheur.archive.records import Asked, CandidateRecord, RunRecord, Told
from evoheur.archive.tables import Base, CandidateRow, CompletionRow, RequestParentRow, RequestRow, RunRow, TextbookGapRow
from evoheur.candidate import TextbookGap
from evoheur.components import nearest
from evoheur.errors import ArchiveError
from evoheur.request import Completion, Message, Outcome, Rescored

__all__ = ["candidate_record", "candidate_records", "log", "replies", "run_named", "runs", "textbook_gaps"]


def _all(table: type[Base]) -> Select[*tuple[Any, ...]]:
    return select(*table.__table__.columns)


def runs(connection: Connection) -> list[RunRecord]:
    """All runs, oldest first."""
    return [rows.run(row) for row in connection.execute(_all(RunRow).order_by(RunRow.id))]


def run_named(connection: Connection, name: str) -> RunRecord:
    """The run of a name.

    Raises:
        ArchiveError: There is none of that name; the message suggests one.
    """
    row = connection.execute(_all(RunRow).where(RunRow.name == name)).one_or_none()
    if row is not None:
        return rows.run(row)
    known = list(connection.scalars(select(RunRow.name).order_by(RunRow.id.desc())))
    if not known:
        raise ArchiveError(f"There is no run {name!r}: the archive holds none yet; start one, or name another --archive.")
    older = f" and {len(known) - 10} older ones" if len(known) > 10 else ""
    raise ArchiveError(f"There is no run {name!r}{nearest(name, known)}; the archive holds {', '.join(known[:10])}{older}.")


def log(connection: Connection, run_id: int, extent: Extent = WHOLE) -> list[Asked | Told]:
    """The asks and tells of a run, in order."""
    found = _completions(connection, run_id, extent=extent)
    requests = connection.execute(select(*extent.columns(RequestRow)).where(RequestRow.run_id == run_id)).all()
    asked = {row.id: rows.asked(row, found.get(row.id)) for row in requests}
    answers = select(CandidateRow.request_id, CandidateRow.number).where(CandidateRow.run_id == run_id)
    bred = {row.request_id: row.number for row in connection.execute(answers)}
    scored = candidates.load_by_epoch(connection, run_id, extent=extent)
    rescored = _rescored(connection, run_id)
    entries: list[tuple[int, Asked | Told]] = []
    for row in requests:
        entries.append((row.asked_seq, asked[row.id]))
        if row.told_seq is None:
            continue
        outcome: Outcome
        match row.outcome:
            case "candidate":
                outcome = scored[bred[row.id]][row.epoch]
            case "rescored":
                outcome = Rescored(candidate=scored[rescored[row.id]][row.epoch])
            case _:
                outcome = rows.textual_outcome(row)
        entries.append((row.told_seq, Told(asked=asked[row.id], sequence=row.told_seq, outcome=outcome)))
    return [entry for _, entry in sorted(entries, key=lambda entry: entry[0])]


def _rescored(connection: Connection, run_id: int) -> dict[int, int]:
    """Numbers of the candidates that were scored again, by row number of the request."""
    query = (
        select(RequestParentRow.request_id, RequestParentRow.parent)
        .join(RequestRow, RequestRow.id == RequestParentRow.request_id)
        .where(RequestRow.run_id == run_id, RequestRow.outcome == "rescored")
    )
    return {row.request_id: row.parent for row in connection.execute(query)}


def replies(connection: Connection, run_id: int) -> list[tuple[tuple[Message, ...], Completion]]:
    """The answered prompts with their replies, in order of asking."""
    asked = sorted(_asked(connection, run_id).values(), key=lambda asked: asked.number)
    return [(one.messages, one.completion) for one in asked if one.completion is not None]


def _asked(connection: Connection, run_id: int, request_ids: Collection[int] | None = None) -> dict[int, Asked]:
    """The requests with their replies, by row number; all of the run, or some."""
    query = _all(RequestRow).where(RequestRow.run_id == run_id)
    if request_ids is not None:
        query = query.where(RequestRow.id.in_(request_ids))
    found = _completions(connection, run_id, request_ids)
    return {row.id: rows.asked(row, found.get(row.id)) for row in connection.execute(query)}


def _completions(
    connection: Connection, run_id: int, request_ids: Collection[int] | None = None, *, extent: Extent = WHOLE
) -> dict[int, Completion]:
    """The replies, by row number of their requests."""
    replies = select(*extent.columns(CompletionRow)).join(RequestRow, RequestRow.id == CompletionRow.request_id)
    query = replies.where(RequestRow.run_id == run_id)
    if request_ids is not None:
        query = query.where(CompletionRow.request_id.in_(request_ids))
    return {row.request_id: rows.completion(row) for row in connection.execute(query)}


def candidate_records(
    connection: Connection, run: RunRecord, numbers: Sequence[int] | None = None, *, extent: Extent = WHOLE
) -> list[CandidateRecord]:
    """Candidates with all that is known of them, or less.

    All of a run by number, or some in the order given. Without prompts they come without their requests.
    """
    if extent.prompts == "none":
        return candidates.load(connection, run.id, {}, numbers, extent=extent)
    ids = None
    if numbers is not None:
        answered = select(CandidateRow.request_id).where(CandidateRow.run_id == run.id, CandidateRow.number.in_(numbers))
        ids = [request_id for request_id in connection.scalars(answered) if request_id is not None]
    return candidates.load(connection, run.id, _asked(connection, run.id, ids), numbers)


def candidate_record(connection: Connection, run: RunRecord, number: int) -> CandidateRecord:
    """One candidate with all that is known of it.

    Raises:
        ArchiveError: The run has none of that number; the message tells the range.
    """
    of_run = CandidateRow.run_id == run.id
    if connection.scalar(select(CandidateRow.id).where(of_run, CandidateRow.number == number)) is None:
        last = connection.scalar(select(func.max(CandidateRow.number)).where(of_run))
        held = "no candidates yet" if last is None else f"candidates {run.name}/0 (the baseline) to {run.name}/{last}"
        raise ArchiveError(f"There is no candidate {run.name}/{number}; the run has {held}.")
    return candidate_records(connection, run, [number])[0]


def textbook_gaps(connection: Connection, run_id: int) -> dict[str, dict[str, TextbookGap]]:
    """Split → family → the best textbook rule there, as far as they are stored."""
    found: dict[str, dict[str, TextbookGap]] = {}
    query = _all(TextbookGapRow).where(TextbookGapRow.run_id == run_id).order_by(TextbookGapRow.split, TextbookGapRow.position)
    for row in connection.execute(query):
        found.setdefault(row.split, {})[row.family] = TextbookGap(rule=row.rule, gap=row.gap)
    return found
