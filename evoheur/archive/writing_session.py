"""The session in which this process writes a run.

It has its time, the next numbers of the run's log, and the dictionary of its prompts.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from evoheur.archive.log_counters import LogCounters
from evoheur.archive.prompt_dictionaries import latest_packer
from evoheur.archive.prompt_packing import PromptPacker
from evoheur.archive.server_connection import end_line
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
        line: The one connection that it writes on, to a server.
        earlier_seconds: Wall time of the run's earlier sessions.

    Attributes:
        row_id: Of its row.
        run_id: The run that it writes.
        line: As above; None where the archive is a file.
        broken: Why the line is of no use any more; empty while it is.
        earlier_seconds: As above.
    """

    def __init__(
        self,
        row_id: int,
        run_id: int,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        line: Connection | None = None,
        earlier_seconds: float = 0.0,
    ) -> None:
        self.row_id = row_id
        self.run_id = run_id
        self.line = line
        self.broken = ""
        self.earlier_seconds = earlier_seconds
        self._now = now
        self._monotonic = monotonic
        self._began = self._beaten = monotonic()
        self._counters: LogCounters | None = None
        self._packer: PromptPacker | None = None

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return self._monotonic() - self._began

    @property
    def run_seconds(self) -> float:
        """Wall time of the run by now, in seconds."""
        return self.earlier_seconds + self.seconds

    def beat(self, connection: Connection) -> None:
        """Store how long it has lasted."""
        connection.execute(_BEAT, {"session": self.row_id, "heartbeat_at": self._now(), "seconds": self.seconds})
        self._beaten = self._monotonic()

    def beat_if_due(self, connection: Connection) -> bool:
        """Store how long it has lasted, unless that was stored within a second; whether it was stored now."""
        due = self._monotonic() - self._beaten >= _BEAT_SECONDS
        if due:
            self.beat(connection)
        return due

    def close(self) -> None:
        """End the line, with all that the server keeps for it; harmless when repeated."""
        if self.line is not None:
            end_line(self.line)
            self.line = None

    def counters(self, connection: Connection) -> LogCounters:
        """The next numbers of its run, read once and counted from then on."""
        if self._counters is None:
            self._counters = LogCounters.read(connection, self.run_id)
        return self._counters

    def packer(self, connection: Connection) -> PromptPacker:
        """What packs its run's prompts."""
        if self._packer is None:
            self._packer = latest_packer(connection, self.run_id)
        return self._packer

    def forget(self) -> None:
        """Have counters and dictionary read again, as after a transaction that failed."""
        self._counters = self._packer = None
