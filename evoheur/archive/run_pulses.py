"""The database query for how far all runs have come.

It looks at a few rows of each, however long it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from evoheur.archive.records import RunEvent, RunRecord
from evoheur.archive.run_events import session_events
from evoheur.archive.tables import RequestRow, RunRow, SessionRow

__all__ = ["RunPulse", "run_pulses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPulse:
    """How far a run has come.

    Attributes:
        run: Its record.
        asked: Position of its newest request in the log; 0 without one.
        told: Position of its newest outcome in the log; 0 without one.
        alive_at: When its process last wrote, UTC, aware; None before its first session.
        events: Of a run that has not ended, what happened beside its log in its newest session, oldest first.
    """

    run: RunRecord
    asked: int
    told: int
    alive_at: datetime | None
    events: tuple[RunEvent, ...] = ()


def run_pulses(connection: Connection, runs: Mapping[int, RunRecord]) -> list[RunPulse]:
    """The pulses of runs, oldest first.

    Args:
        connection: Inside a transaction.
        runs: Row number → record of all runs.
    """
    # A subquery for each run takes the last entry of an index; grouping by run would read all of it.
    asked = select(func.max(RequestRow.asked_seq)).where(RequestRow.run_id == RunRow.id).scalar_subquery()
    told = select(func.max(RequestRow.told_seq)).where(RequestRow.run_id == RunRow.id).scalar_subquery()
    alive = select(func.max(SessionRow.heartbeat_at)).where(SessionRow.run_id == RunRow.id).scalar_subquery()
    query = select(RunRow.id, asked.label("asked"), told.label("told"), alive.label("alive_at")).order_by(RunRow.id)
    pulses = [
        RunPulse(run=runs[row.id], asked=row.asked or 0, told=row.told or 0, alive_at=row.alive_at)
        for row in connection.execute(query).all()
        if row.id in runs
    ]
    return [
        replace(pulse, events=tuple(session_events(connection, pulse.run.id))) if pulse.run.status == "unfinished" else pulse
        for pulse in pulses
    ]
