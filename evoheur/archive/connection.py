"""Connections to SQLite files and database servers.

An engine for each URL, and driver errors in words that say what to do.
"""

import json
import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError, StatementError

from evoheur.archive.server_connection import server_engine
from evoheur.archive.shared_statements import SHARING_DRIVER, STATEMENTS
from evoheur.errors import ArchiveError, ArchiveLost

__all__ = [
    "READING",
    "RELAXED",
    "Mode",
    "absent",
    "can_be_written",
    "connect",
    "parse_url",
    "read_back",
    "shown",
    "sqlite_file",
    "translated",
]

Mode: TypeAlias = Literal["ro", "rw", "rwc"]
"""As in SQLite's URIs: read only; read and write what exists; create what does not."""

READING = "evoheur_reading"
"""Execution option of a connection that only reads, so that it does not queue for the write lock."""

RELAXED = "evoheur_relaxed"
"""Execution option of a transaction that a power cut (never a kill) may undo, with all that follow it.

Syncing costs some milliseconds on a common disk, several times all else. What was paid for is synced, and everything before it.
"""

BUSY_SECONDS = 30.0
_SYNCHRONOUS = "evoheur_synchronous"  # where a connection remembers how it syncs

_strict_json = partial(json.dumps, allow_nan=False)

_SALVAGE = "restore a copy, or salvage what can be read with `sqlite3 FILE .recover | sqlite3 NEW`"

_REMEDIES = {
    "file is not a database": "the file is no SQLite database; name another file or move this one away",
    "malformed": f"the file is damaged; {_SALVAGE}",
    **dict.fromkeys(
        ("authentication failed", "pg_hba.conf", "does not exist", "permission denied"),
        "check that the database is there and that you may use it",
    ),
    "lock timeout": "another process has been writing the run for 30 seconds; wait for it or stop it",
    "read-only transaction": "it was opened for reading only",
    **dict.fromkeys(
        (
            "server closed the connection",
            "terminating connection",
            "connection refused",
            "connection failed",
            "connection is bad",
            "connection is lost",
            "the connection is closed",
            "starting up",
            "shutting down",
            "no such file or directory",
        ),
        "the database server cannot be reached; see that it runs. Nothing that was committed is lost",
    ),
    "unable to open": "check that the path names a file in a folder that you may write to",
    "readonly": "the file or its folder is read-only for you; change the permissions or copy the archive",
    "locked": f"another process has been writing to it for {BUSY_SECONDS:.0f} seconds; wait for it or stop it",
    "is full": "make room on the disk; nothing that was committed is lost, and a run goes on with `evoheur resume RUN`",
    "disk i/o": "the disk reports errors; check its space and health, nothing that was committed is lost",
}


def parse_url(url: str) -> URL:
    """Check the form of a database URL.

    Raises:
        ArchiveError: It is no URL, names no file, or its dialect or driver is not installed.
    """
    try:
        parsed = make_url(url)
        parsed.get_dialect().import_dbapi()
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ArchiveError(
            f"No driver is installed for {shown(url)} ({error}); install one (for postgresql+psycopg://: pip install "
            "'evoheur[postgres]'), or use sqlite:///path/to/evoheur.db."
        ) from error
    except ArgumentError as error:
        raise ArchiveError(f"{url!r} is no database URL; for a file write sqlite:///path/to/evoheur.db.") from error
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and (parsed.database in {None, "", ":memory:"} or str(parsed.database).startswith("file:")):
        raise ArchiveError(f"{url!r} names no file, so nothing would be kept; write sqlite:///path/to/evoheur.db.")
    return parsed


def shown(url: str) -> str:
    """The URL as messages print it: without a password."""
    return make_url(url).render_as_string(hide_password=True)


def absent(url: str) -> ArchiveError:
    """The error for an archive that is not there."""
    return ArchiveError(
        f"There is no archive at {shown(url)}; check the path, or create one with `evoheur run CONFIG --archive "
        f"{shlex.quote(shown(url))}`."
    )


def sqlite_file(url: str) -> Path | None:
    """The file that a SQLite URL names; None for a database server."""
    parsed = parse_url(url)
    return Path(str(parsed.database)).expanduser() if parsed.get_backend_name() == "sqlite" else None


def connect(url: str, mode: Mode, *, foreign_keys: bool = True) -> Engine:
    """Make an engine; nothing is opened before its first connection.

    SQLite runs in write-ahead mode, where readers and the writer do not wait for each other, and syncs at every commit that is not
    RELAXED. Transactions begin when SQLAlchemy says so (the driver's own rule would commit before a CREATE TABLE), writing ones with
    the write lock.

    Args:
        url: Where the archive is.
        mode: What may be done to a file; servers have permissions of their own.
        foreign_keys: Off only while a migration rebuilds SQLite tables.

    Raises:
        ArchiveError: The file or its folder cannot be written; or it can only be read, and part of it cannot.
    """
    file = sqlite_file(url)
    if file is None:
        return server_engine(parse_url(url), read_only=mode == "ro", reading=READING, relaxed=RELAXED)
    query = {"mode": mode, "uri": "true", **(_without_help_files(file, url) if mode == "ro" else {})}
    if mode != "ro":
        _see_that_it_can_be_written(file, url)
    address = URL.create(SHARING_DRIVER, database=f"file:{quote(str(file.absolute()))}", query=query)
    engine = create_engine(
        address,
        connect_args={"timeout": BUSY_SECONDS},
        execution_options={"compiled_cache": STATEMENTS},
        json_serializer=_strict_json,
    )

    def set_up(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ARG001
        connection.isolation_level = None
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        if mode != "ro":
            connection.execute("PRAGMA journal_mode = WAL")

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if mode == "ro" or options.get(READING):
            connection.exec_driver_sql("BEGIN")
            return
        # By the driver itself, since these take longer to hand on than to execute, and by far the most are as the last one was.
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]  # it is SQLite's
        wanted = "NORMAL" if options.get(RELAXED) else "FULL"
        if connection.info.get(_SYNCHRONOUS) != wanted:
            driver.execute(f"PRAGMA synchronous = {wanted}")
            connection.info[_SYNCHRONOUS] = wanted
        driver.execute("BEGIN IMMEDIATE")

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)
    return engine


def _without_help_files(file: Path, url: str) -> dict[str, str]:
    """The options for SQLite to read in a read-only folder.

    There it cannot make the files that it reads a write-ahead log with.
    """
    if not file.exists() or os.access(file.parent, os.W_OK):
        return {}
    log, index = (file.with_name(file.name + ending) for ending in ("-wal", "-shm"))
    if not log.exists() or log.stat().st_size == 0:
        return {"immutable": "1"}
    if not index.exists():  # the log could only be left out, and with it the end of what happened
        raise ArchiveError(
            f"The archive {shown(url)} has changes in {log.name} that are not part of it yet, and its folder cannot be written; "
            "copy both files to a folder that you may write to, and name the copy."
        )
    return {}


def can_be_written(url: str) -> bool:
    """Whether permissions and file system allow writing to an archive.

    As far as can be told without trying.
    """
    file = sqlite_file(url)
    return file is None or _read_only(file) is None


def _read_only(file: Path) -> Path | None:
    """The file or folder that there is and cannot be written."""
    return next((path for path in (file, file.parent) if path.exists() and not os.access(path, os.W_OK)), None)


def _see_that_it_can_be_written(file: Path, url: str) -> None:
    closed = _read_only(file)
    if closed is not None:
        raise ArchiveError(
            f"The archive {shown(url)} cannot be written, as {str(closed)!r} is read-only for you; "
            "name an archive elsewhere, or copy this one to a folder that you may write to."
        )


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn errors of the driver into errors of the archive.

    They name the archive and the remedy.

    Raises:
        ValueError: What is to be stored cannot be, such as NaN in a document.
    """
    try:
        yield
    except IntegrityError as error:
        reason = " ".join(str(error.orig).split())
        raise ArchiveError(
            f"The archive {shown(url)} refused a contradictory record ({reason}); nothing of it was stored. "
            "This is a fault of evoheur, or two processes work on one run; please report it."
        ) from error
    except DBAPIError as error:
        raise _unusable(url, str(error.orig), ArchiveLost if error.connection_invalidated else ArchiveError) from error
    except sqlite3.Error as error:  # of what the driver was told past SQLAlchemy
        raise _unusable(url, str(error)) from error
    except StatementError as error:
        raise ValueError(f"The archive cannot hold what it was given: {error.orig}") from error
    except SQLAlchemyError as error:
        raise _unusable(url, str(error)) from error
    except (
        OSError
    ) as error:  # such as a bad file descriptor: another thread ended the connection while this one waited for the server
        if sqlite_file(url) is not None:
            raise
        raise _unusable(url, str(error), ArchiveLost) from error


@contextmanager
def read_back(url: str) -> Iterator[None]:
    """Turn errors in reading stored values into ArchiveErrors, too.

    Otherwise as `translated`. What is read was written by evoheur: if nothing can be made of it, the file is damaged.
    """
    try:
        with translated(url):
            yield
    except (LookupError, OverflowError, TypeError, ValueError) as error:
        raise ArchiveError(
            f"The archive {shown(url)} holds what evoheur did not write ({type(error).__name__}: {error}); the file is damaged: "
            f"{_SALVAGE}."
        ) from error


def _unusable(url: str, words: str, kind: type[ArchiveError] = ArchiveError) -> ArchiveError:
    reason = " ".join(words.split())  # in one line
    remedy = next(
        (remedy for sign, remedy in _REMEDIES.items() if sign in reason.lower()),
        "check that the database is there and that you may use it",
    )
    return kind(f"Cannot use the archive {shown(url)}: {reason.rstrip('.')}; {remedy}.")
