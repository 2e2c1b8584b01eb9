"""The locks that keep a run on a PostgreSQL server to one process.

The server gives them back when the connection ends, however its process does.
"""

import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from evoheur.archive.connection import parse_url, shown, translated
from evoheur.archive.server_connection import end_line
from evoheur.errors import ArchiveError, ArchiveLost

__all__ = ["held_on_server", "wait_for_last_writer"]

_TABLE = "(CAST(CAST('run' AS regclass) AS oid)::bigint % 2147483647)::int"  # other archives are other schemas of one database
_TRY = text(f"SELECT pg_try_advisory_lock({_TABLE}, :run)")
_HOLDER = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) "  # noqa: S608 - of constants
    f"WHERE locktype = 'advisory' AND granted AND classid::bigint = {_TABLE} AND objid::bigint = :run "
    "AND datname = current_database()"
)
_WAIT = text(f"SELECT pg_advisory_lock({_TABLE}, -:run)")
_NAMED = re.compile(r"evoheur: process (?P<process>\d+) on (?P<host>.+)")
_DYING_SECONDS = 10.0  # for the server to notice that a process was killed


@contextmanager
def held_on_server(url: str, run_id: int, run_name: str) -> Iterator[Callable[[], None]]:
    """Hold an advisory lock on a connection of its own.

    Args:
        url: The archive, on a PostgreSQL server.
        run_id: Row number of the run.
        run_name: For messages.

    Returns:
        A context manager; what it gives raises ArchiveLost unless the lock is held still, since connections break.

    Raises:
        ArchiveError: Another process holds it, which the message names.
    """
    name = f"evoheur: process {os.getpid()} on {socket.gethostname()}"[:63]  # as long as the server keeps
    arguments = {"application_name": name, "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}
    engine = create_engine(parse_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=arguments)
    with translated(url):
        connection = engine.connect()
    try:
        with translated(url):
            _acquire(connection, run_id, run_name)
        yield lambda: _check(connection, url, run_name)
    finally:
        end_line(connection)


def _acquire(connection: Connection, run_id: int, run_name: str) -> None:
    deadline = time.monotonic() + _DYING_SECONDS
    while not connection.scalar(_TRY, {"run": run_id}):
        holder = connection.scalar(_HOLDER, {"run": run_id})
        named = _NAMED.match(holder or "")
        if (holder is None or (named is not None and _is_gone(named))) and time.monotonic() < deadline:
            time.sleep(0.02)
            continue
        words = "another process" if named is None else f"process {named['process']} on {named['host']}"
        raise ArchiveError(f"Run {run_name!r} is being worked on by {words}; wait for it or stop it first.")


def _is_gone(holder: re.Match[str]) -> bool:
    if not socket.gethostname().startswith(holder["host"]):
        return False
    try:
        os.kill(int(holder["process"]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # another user's
        return False
    return False


def _check(connection: Connection, url: str, run_name: str) -> None:
    try:
        connection.exec_driver_sql("SELECT 1")
    except SQLAlchemyError as error:
        raise ArchiveLost(
            f"The lock of run {run_name!r} on {shown(url)} is lost, as its connection broke; another process may work on the run now. "
            "Nothing more was stored; see that the server can be reached."
        ) from error


def wait_for_last_writer(connection: Connection, run_id: int) -> None:
    """Wait until the connection that wrote a run last has ended, and take its place.

    A process that was killed may have sent a transaction that the server still works on, when the lock of its run is free already.

    Args:
        connection: In a transaction.
        run_id: Row number of the run.

    Raises:
        OperationalError: It has not ended for half a minute.
    """
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_DYING_SECONDS * 3:.0f}s'")
    connection.execute(_WAIT, {"run": run_id})
