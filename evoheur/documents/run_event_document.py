"""The document of what happened to a run beside its log."""

from typing import Any, Literal

from pydantic import Field

from evoheur.archive.records import RunEvent
from evoheur.documents.document_model import JsonDocument, Moment, Text

__all__ = ["RunEventDocument", "run_event_document"]


class RunEventDocument(JsonDocument):
    """Something that happened to a run beside its log, as its archive has it."""

    format: Literal["run-event/1"]
    """Kind and version of this document."""
    run: str
    """Name of the run."""
    time: Moment
    """When it began, in UTC, ISO 8601."""
    seconds: float
    """Wall time of the run by then."""
    sequence: int
    """Position among all asks and tells of the run that had been reached; 0 before the first request."""
    kind: Text
    """session_began, session_ended, outage, outage_over, wait, calls_halved, audit, estimate, fault, advice, stop_asked, or policy_fault.

    Later versions may have others."""
    text: Text
    """For people, a sentence without its time."""
    details: dict[str, Any] = Field(default_factory=dict)
    """What more is known of it, by kind; such as `endpoint` and `since` (seconds since the epoch) of an outage."""


def run_event_document(event: RunEvent, run: str) -> RunEventDocument:
    """An event as a document.

    Args:
        event: As the archive has it.
        run: Name of the run.
    """
    return RunEventDocument(
        format="run-event/1",
        run=run,
        time=event.at.isoformat(),
        seconds=event.seconds,
        sequence=event.sequence,
        kind=event.kind,
        text=event.text,
        details=dict(event.details),
    )
