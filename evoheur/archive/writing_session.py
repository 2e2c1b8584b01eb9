"""The session in which this process writes a run.

It has its time, and the next numbers of the run's log.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from evoheur.archive.log_counters import LogCounters
from evoheur.archive.tables import SessionRow

__all__ = ["WritingSession"]

_BEAT = update(SessionRow).where(SessionRow.id == bindparam("session"))  # made once, since many writes need it
_BEAT_SECONDS = 1.0


class WritingSession:
    """The session of a run's only writer.

    Args:
        row_id: Of its row.
        run_id: The run that it writes.
        now: The time of day.
        monotonic: Seconds that only move forward.

    Attributes:
        row_id: Of its row.
        run_id: The run that it writes.
    """

    def __init__(self, row_id: int, run_id: int, *, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self.row_id = row_id
        self.run_id = run_id
        self._now = now
        self._monotonic = monotonic
        self._began = self._beaten = monotonic()
        self._counters: LogCounters | None = None

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return self._monotonic() - self._began

    def beat(self, connection: Connection) -> None:
        """Store how long it has lasted."""
        connection.execute(_BEAT, {"session": self.row_id, "heartbeat_at": self._now(), "seconds": self.seconds})
        self._beaten = self._monotonic()

    def beat_if_due(self, connection: Connection) -> None:
        """Store how long it has lasted, unless that was stored within a second."""
        if self._monotonic() - self._beaten >= _BEAT_SECONDS:
            self.beat(connection)

    def counters(self, connection: Connection) -> LogCounters:
        """The next numbers of its run, read once and counted from then on."""
        if self._counters is None:
            self._counters = LogCounters.read(connection, self.run_id)
        return self._counters

    def forget_counters(self) -> None:
        """Have them read again, as after a transaction that failed."""
        self._counters = None
