"""Opening, naming, checking and upgrading archives."""

import os
import re
import shlex
from pathlib import Path

from evoheur.archive import schema_state
from evoheur.archive.archive import Archive
from evoheur.archive.connection import absent, shown, sqlite_file
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import Asked, CandidateRecord, FailureGroup, RunEvent, RunRecord, Told, Totals
from evoheur.archive.run_pulses import RunPulse
from evoheur.archive.schema_state import SchemaState
from evoheur.errors import ArchiveError, ConfigError

__all__ = [
    "ARCHIVE_VARIABLE",
    "DEFAULT_ARCHIVE",
    "ArchiveReader",
    "Asked",
    "CandidateRecord",
    "FailureGroup",
    "RunEvent",
    "RunPulse",
    "RunRecord",
    "SchemaState",
    "Told",
    "Totals",
    "archive_address",
    "archive_file",
    "archive_option_for",
    "check_archive",
    "find_candidate",
    "find_run",
    "open_archive",
    "schema_of",
    "shown",
    "suggest",
    "upgrade_archive",
]

DEFAULT_ARCHIVE = "sqlite:///runs/evoheur.db"
ARCHIVE_VARIABLE = "EVOHEUR_ARCHIVE"

_REFERENCE = re.compile(r"(?:(?P<run>[^/\s]+)/)?(?P<number>[0-9]{1,9}|best)")


def archive_address(archive: str | Path | None, default: str = DEFAULT_ARCHIVE) -> str:
    """The URL of an archive.

    Args:
        archive: A URL, the path of an SQLite file, or None for what $EVOHEUR_ARCHIVE says.
        default: Where that says nothing.
    """
    if isinstance(archive, Path):
        return f"sqlite:///{archive.expanduser()}"
    return archive or os.environ.get(ARCHIVE_VARIABLE) or default


def archive_file(url: str) -> Path | None:
    """The file of an SQLite archive; None for a database server."""
    return sqlite_file(url)


def open_archive(archive: str | Path | None = None) -> ArchiveReader:
    """Open an archive for reading.

    Works while a run is writing to it, too. Use it as a context manager.

    Args:
        archive: A URL, such as "sqlite:///runs/evoheur.db" or that of a database server; a `Path` to an SQLite file; or None for
            $EVOHEUR_ARCHIVE, else runs/evoheur.db below the working directory.

    Returns:
        A reader with `runs`, `run`, `best`, `candidate`, `candidates`, `failures`, `totals` and more. It writes nothing.

    Raises:
        ArchiveError: There is none, it cannot be read, or its schema is another version's; says what to do.

    Example:
        >>> from evoheur import discover
        >>> first = discover("quickstart", {"budget.evaluations": 5})
        >>> with open_archive() as archive:
        ...     [(run.name, run.status, archive.best(run.name, 1)[0].id) for run in archive.runs()]
        [('quickstart-1', 'finished', 'quickstart-1/1')]
    """
    return Archive.open(archive_address(archive), read_only=True)


def schema_of(url: str) -> SchemaState:
    """The schema of an archive, beside this version's; changes nothing.

    Raises:
        ArchiveError: It cannot be read.
    """
    return schema_state.check(url)


def check_archive(url: str) -> SchemaState:
    """Check that this version of evoheur can use an archive; changes nothing.

    Raises:
        ArchiveError: It cannot; says what to do.
    """
    state = schema_state.check(url)
    schema_state.refuse_unusable(url, state)
    if state.kind == "absent":
        raise absent(url)
    if state.kind == "older":
        raise ArchiveError(
            f"The archive {shown(url)} has schema {state.found or 'none'}, older than {state.wanted}; "
            f"bring it up to date with `evoheur db upgrade {shlex.quote(shown(url))}`."
        )
    return state


def upgrade_archive(url: str) -> SchemaState:
    """Bring an archive to this version's schema; harmless if it has that already.

    Returns:
        What it was before.

    Raises:
        ArchiveError: There is no archive, it is of a later version or another program's, or the upgrade failed and changed nothing.
    """
    return schema_state.upgrade(url)


def archive_option_for(url: str) -> str:
    """The option that names this archive in a suggested command.

    "--archive URL", quoted for a shell; empty where it is the default archive.

    Args:
        url: A password in it is masked.
    """
    known = os.environ.get(ARCHIVE_VARIABLE) or DEFAULT_ARCHIVE
    return "" if url == known else f"--archive {shlex.quote(shown(url))}"


def suggest(words: str, url: str) -> str:
    """A command on an archive, as messages name it.

    Such as "`evoheur resume NAME --archive URL`".

    Args:
        words: The command without "evoheur".
        url: Where the archive is.
    """
    return f"`{' '.join(filter(None, ['evoheur', words, archive_option_for(url)]))}`"


def find_run(archive: ArchiveReader, name: str | None) -> RunRecord:
    """The run of a name, or the latest one.

    Raises:
        ArchiveError: There is none.
    """
    if name is not None:
        return archive.run(name)
    runs = archive.runs()
    if not runs:
        raise ArchiveError(f"The archive holds no run yet; start one with {suggest('run CONFIG', archive.url)}.")
    return runs[-1]


def find_candidate(archive: ArchiveReader, reference: str, *, run: str | None = None) -> CandidateRecord:
    """The candidate that a reference names.

    Args:
        archive: Where to look.
        reference: "run/17", or "17"; "best" in place of the number means the best on validation among the best on train
            that the run validated; the best on train where none was.
        run: Run of a bare number; None for the latest.

    Raises:
        ConfigError: It is no reference, or it contradicts `run`.
        ArchiveError: There is no such run or candidate.
    """
    match = _REFERENCE.fullmatch(reference.strip())
    if match is None:
        raise ConfigError(
            f"{reference!r} names no candidate; write RUN/NUMBER, such as quickstart-1/17 ({suggest('best', archive.url)} lists some), "
            "or RUN/best."
        )
    named = match["run"]
    if run is not None and named not in {None, run}:
        raise ConfigError(f"{reference!r} is not in the run that --run {run} names; leave one of them out.")
    found = find_run(archive, named or run).name
    if match["number"] != "best":
        return archive.candidate(found, int(match["number"]))
    best = archive.chosen(found)
    if best is None:
        raise ArchiveError(f"Run {found!r} has bred no heuristic that works yet; {found}/0 is what it began with.")
    return best
