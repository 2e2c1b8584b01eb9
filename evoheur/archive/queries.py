"""Queries for runs and their candidates.

A fixed number of queries each, however long the run.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from evoheur.archive import candidates, rows
from evoheur.archive.extent import WHOLE, Extent
from evoheur.archive.prompt_dictionaries import PromptReader
from evoheur.archive.records import Asked, CandidateRecord, RunRecord
from evoheur.archive.request_reading import read_requests, requests_with_replies
from evoheur.archive.tables import Base, CandidateRow, RequestRow, RunRow, RunTagRow, TextbookGapRow
from evoheur.candidate import TextbookGap
from evoheur.components import nearest
from evoheur.errors import ArchiveError
from evoheur.request import Completion, Message

__all__ = [
    "candidate_record",
    "candidate_records",
    "check_number",
    "numbered_requests",
    "replies",
    "run_named",
    "runs",
    "textbook_gaps",
]


def _all(table: type[Base]) -> Select[*tuple[Any, ...]]:
    return select(*table.__table__.columns)


def runs(connection: Connection) -> list[RunRecord]:
    """All runs, oldest first."""
    tags: dict[int, list[str]] = {}
    for run_id, tag in connection.execute(select(RunTagRow.run_id, RunTagRow.tag)):
        tags.setdefault(run_id, []).append(tag)
    return [rows.run(row, sorted(tags.get(row.id, ()))) for row in connection.execute(_all(RunRow).order_by(RunRow.id))]


def run_named(connection: Connection, name: str) -> RunRecord:
    """The run of a name.

    Raises:
        ArchiveError: There is none of that name; the message suggests one.
    """
    # A database takes some signs for damage, which words of a command line or an address may hold, and no name does.
    storable = name.encode("utf-8", "replace").decode().replace("\0", "?")
    row = connection.execute(_all(RunRow).where(RunRow.name == storable)).one_or_none() if storable == name else None
    if row is not None:
        return rows.run(row, sorted(connection.scalars(select(RunTagRow.tag).where(RunTagRow.run_id == row.id))))
    known = list(connection.scalars(select(RunRow.name).order_by(RunRow.id.desc())))
    if not known:
        raise ArchiveError(f"There is no run {name!r}: the archive holds none yet; start one, or name another --archive.")
    older = f" and {len(known) - 10} older ones" if len(known) > 10 else ""
    raise ArchiveError(f"There is no run {name!r}{nearest(name, known)}; the archive holds {', '.join(known[:10])}{older}.")


def replies(connection: Connection, run_id: int) -> list[tuple[tuple[Message, ...], Completion]]:
    """The answered prompts with their replies, in order of asking."""
    asked = sorted(_asked(connection, run_id).values(), key=lambda asked: asked.number)
    return [(one.messages, one.completion) for one in asked if one.completion is not None]


def _asked(connection: Connection, run_id: int, request_ids: Collection[int] | None = None) -> dict[int, Asked]:
    """The requests with their replies, by row number; all of the run, or some."""
    chosen = requests_with_replies(WHOLE).where(RequestRow.run_id == run_id)
    if request_ids is not None:
        chosen = chosen.where(RequestRow.id.in_(request_ids))
    return {asked.id: asked for asked in read_requests(connection, chosen, {}, prompts=PromptReader(connection))}


def numbered_requests(connection: Connection, run_id: int, numbers: Collection[int]) -> Iterator[Asked]:
    """The requests of these numbers with their prompts and replies, in no order."""
    chosen = requests_with_replies(WHOLE).where(RequestRow.run_id == run_id, RequestRow.number.in_(numbers))
    return read_requests(connection, chosen, {}, prompts=PromptReader(connection))


def candidate_records(
    connection: Connection, run: RunRecord, numbers: Sequence[int] | None = None, *, extent: Extent = WHOLE
) -> list[CandidateRecord]:
    """Candidates with all that is known of them, or less.

    All of a run by number, or some in the order given. Without prompts they come without their requests.
    """
    if extent.prompts == "none":
        return candidates.load(connection, run, {}, numbers, extent=extent)
    ids = None
    if numbers is not None:
        answered = select(CandidateRow.request_id).where(CandidateRow.run_id == run.id, CandidateRow.number.in_(numbers))
        ids = [request_id for request_id in connection.scalars(answered) if request_id is not None]
    return candidates.load(connection, run, _asked(connection, run.id, ids), numbers)


def check_number(connection: Connection, run: RunRecord, number: int) -> None:
    """Refuse a number that no candidate of a run has.

    Raises:
        ArchiveError: The message tells the range.
    """
    of_run = CandidateRow.run_id == run.id
    if connection.scalar(select(CandidateRow.id).where(of_run, CandidateRow.number == number)) is None:
        last = connection.scalar(select(func.max(CandidateRow.number)).where(of_run))
        held = "no candidates yet" if last is None else f"candidates {run.name}/0 (the baseline) to {run.name}/{last}"
        raise ArchiveError(f"There is no candidate {run.name}/{number}; the run has {held}.")


def candidate_record(connection: Connection, run: RunRecord, number: int) -> CandidateRecord:
    """One candidate with all that is known of it.

    Raises:
        ArchiveError: The run has none of that number; the message tells the range.
    """
    check_number(connection, run, number)
    return candidate_records(connection, run, [number])[0]


def textbook_gaps(connection: Connection, run_id: int) -> dict[str, dict[str, TextbookGap]]:
    """Split → family → the best textbook rule there, as far as they are stored."""
    found: dict[str, dict[str, TextbookGap]] = {}
    query = _all(TextbookGapRow).where(TextbookGapRow.run_id == run_id).order_by(TextbookGapRow.split, TextbookGapRow.position)
    for row in connection.execute(query):
        found.setdefault(row.split, {})[row.family] = TextbookGap(rule=row.rule, gap=row.gap)
    return found
