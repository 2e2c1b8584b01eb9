"""Documents of the configurations that ship with evoheur."""

from typing import Literal

from evoheur.documents.document_model import JsonDocument, Text

__all__ = ["ConfigSummaryDocument"]


class ConfigSummaryDocument(JsonDocument):
    """A shipped configuration in a list."""

    format: Literal["config-summary/1"]
    """Kind and version of this document."""
    name: str
    """By which `evoheur run` takes it."""
    summary: Text
    """In a line."""
