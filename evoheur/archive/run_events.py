"""The database queries for what happened to runs beside their logs.

Nothing of it is ever replayed.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from evoheur.archive.records import NewEvent, RunEvent
from evoheur.archive.row_writing import insert_row
from evoheur.archive.tables import RunEventRow

__all__ = ["events_of", "insert_event", "present_waits", "renew_event", "session_events"]


def events_of(connection: Connection, run_id: int, *, most: int | None = None) -> list[RunEvent]:
    """The events of a run, oldest first.

    Args:
        connection: Inside a transaction.
        run_id: Row number of the run.
        most: Leave out older ones beyond so many.
    """
    return _events(connection, RunEventRow.run_id == run_id, most=most)


def session_events(connection: Connection, run_id: int) -> list[RunEvent]:
    """The events of a run since its newest session began, that included, oldest first."""
    of_run = RunEventRow.run_id == run_id
    began = select(func.max(RunEventRow.id)).where(of_run, RunEventRow.kind == "session_began")
    return _events(connection, of_run & (RunEventRow.id >= (connection.scalar(began) or 0)))


def _events(connection: Connection, condition: ColumnElement[bool], *, most: int | None = None) -> list[RunEvent]:
    query = select(*RunEventRow.__table__.columns).where(condition).order_by(RunEventRow.id.desc()).limit(most)
    return [
        RunEvent(
            id=row.id,
            at=row.at,
            seconds=row.seconds,
            sequence=row.after_seq,
            kind=row.kind,
            text=row.text,
            details=dict(row.details),
        )
        for row in reversed(connection.execute(query).all())
    ]


def present_waits(events: Iterable[RunEvent], now: datetime) -> tuple[RunEvent, ...]:
    """The outages that last and the waits that are not over, of the events of a session.

    Args:
        events: Oldest first.
        now: The time of day, aware.
    """
    found: dict[object, RunEvent] = {}
    for event in events:
        endpoint = event.details.get("endpoint")
        if event.kind == "session_ended":
            found.clear()
        elif event.kind == "outage_over":
            found.pop(endpoint, None)
        elif event.kind == "outage":
            found[endpoint] = event
        elif event.kind == "wait" and event.details.get("until", 0.0) > now.timestamp():
            found[event.id] = event
    return tuple(found.values())


def insert_event(connection: Connection, run_id: int, event: NewEvent, *, at: datetime, seconds: float, after_seq: int) -> int:
    """Store what happened to a run beside its log, and return its row number.

    Args:
        connection: In a transaction.
        run_id: Row number of the run.
        event: What happened.
        at: When, aware.
        seconds: Wall time of the run by then.
        after_seq: Position in the log that had been reached.
    """
    row = {"run_id": run_id, "at": at, "seconds": max(0.0, seconds), "after_seq": after_seq}
    return insert_row(connection, RunEventRow, {**row, "kind": event.kind, "text": event.text, "details": dict(event.details)})


def renew_event(connection: Connection, row_id: int, event: NewEvent) -> None:
    """Store news of an event in its place; it keeps its time and its place in the log."""
    changed = {"kind": event.kind, "text": event.text, "details": dict(event.details)}
    connection.execute(update(RunEventRow).where(RunEventRow.id == row_id).values(changed))
