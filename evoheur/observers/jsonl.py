"""A run's events as JSON lines, for programs.

`docs/documents.md` tells their form.
"""

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from evoheur.documents.document_model import plain_json
from evoheur.documents.event_as_document import event_document
from evoheur.errors import ConfigError
from evoheur.run.events import Event, RunStarted

__all__ = ["JsonlObserver"]


class JsonlObserver:
    """Appends one line per event to a file.

    Each is flushed, so that whoever follows the file sees events as they happen.

    Args:
        target: A file to append to, made with its folders if need be, or an open text stream, which stays open.
        now: The time of day, aware.

    Raises:
        ConfigError: The file cannot be opened for writing.
    """

    def __init__(self, target: Path | TextIO, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._owned = isinstance(target, Path)
        self._stream = _open(target) if isinstance(target, Path) else target
        self._now = now
        self._run = ""

    def notify(self, event: Event) -> None:
        """See `Observer.notify`."""
        if isinstance(event, RunStarted):
            self._run = event.run.name
        document = event_document(event, time=self._now().astimezone(UTC).isoformat(), run=self._run)
        self._stream.write(json.dumps(plain_json(document), allow_nan=False) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Close the file if it was opened here; harmless when repeated."""
        if self._owned:
            with contextlib.suppress(OSError):  # what could not be written was told of when its event came
                self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _open(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"The event log {str(path)!r} cannot be written ({reason}); name a file that you may write.") from error
