"""The document of a plug-in."""

from typing import Literal

from evoheur.documents.document_model import JsonDocument, Text

__all__ = ["PluginDocument"]


class PluginDocument(JsonDocument):
    """A plug-in in a list."""

    format: Literal["plugin/1"]
    """Kind and version of this document."""
    what: str
    """"strategy", "generator", "problem", …"""
    name: str
    """As configurations name it."""
    target: str
    """"package.module:Class"."""
    package: str
    """The distribution that it comes from, with its version."""
    summary: Text
    """The first line of its docstring; empty if it cannot be used."""
    fault: Text
    """Why it cannot be used, and what to do; empty if it can."""
