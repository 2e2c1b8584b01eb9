"""The document of a user's advice to a run."""

from typing import Literal

from evoheur.archive.advice import Advice
from evoheur.documents.document_model import JsonDocument, Text

__all__ = ["AdviceDocument", "advice_document"]


class AdviceDocument(JsonDocument):
    """One hint to the model, with the prompts that show it."""

    format: Literal["advice/1"]
    """Kind and version of this document."""
    run: str
    """Name of the run."""
    text: Text
    """What prompts say."""
    first_request: int | None
    """Number of the first request whose prompt shows it; null until there is one."""
    last_request: int | None
    """Number of the last request whose prompt may show it; null while it is shown."""
    withdrawn: bool
    """Whether later prompts show it no longer."""


def advice_document(advice: Advice, run: str) -> AdviceDocument:
    """A hint as a document."""
    return AdviceDocument(
        format="advice/1",
        run=run,
        text=advice.text,
        first_request=advice.first,
        last_request=advice.last,
        withdrawn=advice.withdrawn,
    )
