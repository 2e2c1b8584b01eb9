"""A request to stop a run, which another process makes and the run's own process hears of.

It stands where the reason for the run's end will: that is empty while a run goes on, and is written at every start and end.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from evoheur.archive.records import RunRecord
from evoheur.archive.tables import RunRow
from evoheur.errors import ArchiveError

__all__ = ["STOP_ASKED", "ask", "asked"]

STOP_ASKED = "asked to stop"
"""What the reason of a run begins with while its process has not heard of the request."""


def ask(connection: Connection, run: RunRecord, now: datetime) -> None:
    """Ask the process that works on a run to end it.

    Args:
        connection: In a transaction.
        run: That is to end.
        now: The time of day, aware, which tells this request from one that an earlier process left behind.

    Raises:
        ArchiveError: The run has ended.
    """
    unfinished = (RunRow.id == run.id, RunRow.status == "unfinished")
    words = f"{STOP_ASKED}, {now:%Y-%m-%d %H:%M:%S.%f} UTC"
    asked_of = connection.execute(update(RunRow).where(*unfinished).values(reason=words).returning(RunRow.id)).first()
    if asked_of is None:  # told by the row: not every driver counts
        raise ArchiveError(f"Run {run.name!r} is {run.status} already; there is nothing to stop.")


def asked(connection: Connection, run_id: int) -> str:
    """The request to stop a run that goes on; empty if there is none."""
    found = connection.scalar(select(RunRow.reason).where(RunRow.id == run_id, RunRow.status == "unfinished"))
    return found if found is not None and found.startswith(STOP_ASKED) else ""
