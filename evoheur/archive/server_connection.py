"""Connections to a PostgreSQL server, on which a transaction takes few round trips.

What a transaction writes is sent together (libpq's pipeline mode) when it first reads or commits: a round trip takes longer than most
statements, and a run waits for each. So the driver is in autocommit mode, and transactions are begun and committed here; psycopg itself
would wait for BEGIN. A mistake in what was sent is raised where it is waited for, at the latest by the commit.
"""

import contextlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, StatementError

if TYPE_CHECKING:
    import psycopg

__all__ = ["STEP_BY_STEP", "end_line", "next_row", "next_rows", "server_engine"]

STEP_BY_STEP = "evoheur_step_by_step"
"""Execution option of a transaction of somebody else's, who looks at how many rows each statement changed."""

_PIPELINE = "evoheur_pipeline"  # where a connection has its pipeline and what ends it, until the pool has it again
_RESERVED = "evoheur_reserved"  # and the row numbers that it may still give, by table
_AT_ONCE = {"request": 50, "candidate": 50, "evaluation": 50}
"""Row numbers that a connection takes in one round trip; one by one where later rows must have higher numbers than all earlier ones."""

_ALIVE = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}
"""A connection that is cut without a word is noticed after a minute, not after two hours."""


def server_engine(url: URL, *, read_only: bool, reading: str, relaxed: str) -> Engine:
    """Make an engine for a server; nothing is opened before its first connection.

    Reading transactions see one moment (REPEATABLE READ); writing ones see what others have committed, so that two never fail for having
    come at once.

    Args:
        url: Where it is.
        read_only: Let the server refuse whatever would be written.
        reading: Execution option of a transaction that only reads.
        relaxed: Execution option of a transaction for whose commit the server's disk is not waited.
    """
    arguments = _ALIVE if url.get_driver_name() == "psycopg" else {}
    engine = create_engine(url, pool_pre_ping=True, json_serializer=_serialized, connect_args=arguments)
    if url.get_driver_name() != "psycopg":
        return engine.execution_options(isolation_level="REPEATABLE READ")

    def set_up(connection: "psycopg.Connection[Any]", _record: Any) -> None:
        connection.autocommit = True

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        driver = _driver(connection)
        with _wrapped(connection):
            if read_only or options.get(reading):
                driver.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                return
            if _PIPELINE not in connection.info and not options.get(STEP_BY_STEP):
                ending = contextlib.ExitStack()
                connection.info[_PIPELINE] = (ending.enter_context(driver.pipeline()), ending)
            driver.execute("BEGIN")
            if options.get(relaxed):
                driver.execute("SET LOCAL synchronous_commit = off")

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)
    event.listen(engine, "after_cursor_execute", _wait_for_rows)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "reset", _end_pipeline)
    event.listen(engine, "invalidate", _end_pipeline)  # or psycopg says on standard error that it could not be ended
    return engine


def _serialized(document: Any) -> str:
    try:
        return json.dumps(document, allow_nan=False)
    except (TypeError, ValueError) as error:  # psycopg has it called later than SQLAlchemy would, and passes on what it raises
        raise StatementError(str(error), None, None, error) from error


def next_row(connection: Connection, table: str) -> int | None:
    """The number of a new row of a table; None where the database gives it.

    Known before the row is stored, so that nobody waits for the server to tell it.

    Args:
        connection: In a transaction.
        table: Has a column `id` that counts up.
    """
    if _PIPELINE not in connection.info:
        return None
    numbers = connection.info.setdefault(_RESERVED, {}).setdefault(table, [])
    if not numbers:
        numbers.extend(reversed(_reserve(connection, table, _AT_ONCE.get(table, 1))))
    return int(numbers.pop())


def next_rows(connection: Connection, table: str, count: int) -> list[int] | None:
    """The numbers of so many new rows, ascending; otherwise as `next_row`."""
    return _reserve(connection, table, count) if _PIPELINE in connection.info else None


def _reserve(connection: Connection, table: str, count: int) -> list[int]:
    query = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with _wrapped(connection):
        return sorted(number for (number,) in _driver(connection).execute(query, (table, count)).fetchall())


def _driver(connection: Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def _wait_for_rows(
    connection: Connection, _cursor: Any, _statement: str, _parameters: Any, context: Any, _executemany: bool
) -> None:
    """Send what was written so far, and wait for the rows of what is read."""
    if _PIPELINE not in connection.info:
        return
    writes = context is not None and (context.isinsert or context.isupdate or context.isdelete)
    if not writes or context.compiled.effective_returning:
        connection.info[_PIPELINE][0].sync()


def _commit(connection: Connection) -> None:
    # The driver's own commit finds nothing to do after this one.
    with _wrapped(connection):
        _driver(connection).execute("COMMIT")
        if _PIPELINE in connection.info:
            connection.info[_PIPELINE][0].sync()


@contextlib.contextmanager
def _wrapped(connection: Connection) -> Iterator[None]:
    """Turn errors of the driver into those of SQLAlchemy.

    It cannot do so itself where the driver is told something past it.
    """
    base = connection.dialect.dbapi.Error  # type: ignore[union-attr]  # it is psycopg's
    try:
        yield
    except base as error:
        is_cut = connection.dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
        if is_cut:
            connection.invalidate(error)
        raise DBAPIError.instance(None, None, error, base, connection_invalidated=is_cut, dialect=connection.dialect) from error


def _end_pipeline(_connection: Any, record: Any, _state: Any) -> None:
    """Leave pipeline mode before the pool has the connection again, so that it can be asked whether it still lives."""
    _, ending = record.info.pop(_PIPELINE, (None, None))
    if ending is not None:
        with contextlib.suppress(Exception):
            ending.close()


def end_line(connection: Connection) -> None:
    """End a connection with all that the server keeps for it, also a broken one."""
    connection.invalidate()
    connection.close()
