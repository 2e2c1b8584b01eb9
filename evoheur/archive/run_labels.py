"""Changing what a run is called and filed under, and deleting it.

Every function works inside its caller's transaction.
"""

from collections.abc import Collection

from sqlalchemy import Connection, Select, delete, insert, select, update

from evoheur.archive.tables import (
    Base,
    CandidateParentRow,
    CandidateRow,
    CompletionRow,
    EvaluationRow,
    InstanceResultRow,
    PromptDictionaryRow,
    RequestParentRow,
    RequestRow,
    RunEventRow,
    RunRow,
    RunTagRow,
    SessionRow,
    SolutionRow,
    TextbookGapRow,
)
from evoheur.errors import ArchiveError, ConfigError

__all__ = ["change_tags", "check_name", "delete_run", "rename", "write_note"]


def check_name(name: str) -> None:
    """Refuse what cannot name a run.

    Raises:
        ArchiveError: It is not one word, has a slash, which parts a run from a candidate's number, or has signs that nobody sees or a
            database cannot hold; or it is "." or "..", which browsers take for a folder.
    """
    if not name or "/" in name or name.split() != [name]:
        raise ArchiveError(f"{name!r} cannot name a run: that is one word without spaces and slashes; choose another --name.")
    if name in {".", ".."} or not name.isprintable():
        raise ArchiveError(f"{name!r} cannot name a run: choose another --name, of letters and digits that can be seen.")


def rename(connection: Connection, run_id: int, name: str) -> None:
    """Give a run another name.

    Raises:
        ArchiveError: Another run has it, or it cannot be one.
    """
    check_name(name)
    holder = connection.scalar(select(RunRow.id).where(RunRow.name == name))
    if holder not in {None, run_id}:
        raise ArchiveError(f"There is a run {name!r} already; choose another name, or rename that one first.")
    connection.execute(update(RunRow).where(RunRow.id == run_id).values(name=name))


def write_note(connection: Connection, run_id: int, note: str) -> None:
    """Store a note in place of the earlier one."""
    connection.execute(update(RunRow).where(RunRow.id == run_id).values(note=note))


def change_tags(connection: Connection, run_id: int, *, add: Collection[str], remove: Collection[str]) -> tuple[str, ...]:
    """Give tags to a run and take others from it; harmless where it has them already, or has them not.

    Returns:
        Its tags from now on, sorted.

    Raises:
        ConfigError: A new tag is no word.
    """
    for tag in add:
        if not tag.isprintable():
            raise ConfigError(f"{tag!r} cannot be a tag: it has signs that cannot be seen or stored; choose another.")
        if not tag or "," in tag or tag.split() != [tag]:
            raise ConfigError(f"{tag!r} cannot be a tag: that is one word without spaces and commas; choose another.")
    # Locked, so that two who tag at the same moment do not both insert one.
    connection.execute(select(RunRow.id).where(RunRow.id == run_id).with_for_update()).scalar_one()
    had_ever = [tag for tag in remove if tag.isprintable()]  # what no run can have is not looked for: a server refuses NUL
    connection.execute(delete(RunTagRow).where(RunTagRow.run_id == run_id, RunTagRow.tag.in_(had_ever)))
    had = set(connection.scalars(select(RunTagRow.tag).where(RunTagRow.run_id == run_id)))
    fresh = [{"run_id": run_id, "tag": tag} for tag in sorted(set(add) - had)]
    if fresh:
        connection.execute(insert(RunTagRow), fresh)
    return tuple(sorted(had | set(add)))


def delete_run(connection: Connection, run_id: int) -> None:
    """Delete a run with everything that belongs to it."""
    requests = select(RequestRow.id).where(RequestRow.run_id == run_id)
    candidates = select(CandidateRow.id).where(CandidateRow.run_id == run_id)
    evaluations = select(EvaluationRow.id).where(EvaluationRow.candidate_id.in_(candidates))
    # What refers to others goes before them.
    _delete_parts(connection, SolutionRow, "candidate_id", candidates)
    _delete_parts(connection, InstanceResultRow, "evaluation_id", evaluations)
    _delete_parts(connection, EvaluationRow, "candidate_id", candidates)
    _delete_parts(connection, CompletionRow, "request_id", requests)
    _delete_parts(connection, RequestParentRow, "request_id", requests)
    _delete_parts(connection, CandidateParentRow, "candidate_id", candidates)
    for table in (CandidateRow, RequestRow, PromptDictionaryRow, TextbookGapRow, RunEventRow, SessionRow, RunTagRow):
        connection.execute(delete(table).where(table.run_id == run_id))
    connection.execute(delete(RunRow).where(RunRow.id == run_id))


def _delete_parts(connection: Connection, table: type[Base], column: str, owners: Select[int]) -> None:
    connection.execute(delete(table).where(table.__table__.c[column].in_(owners)))
