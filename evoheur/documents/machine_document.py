"""Documents of findings on machine, archive, image and prompts."""

from typing import Any, Literal

from evoheur.archive.schema_state import SchemaKind
from evoheur.documents.document_model import JsonDocument, Text
from evoheur.request import Product

__all__ = [
    "DoctorDocument",
    "FindingDocument",
    "ImageDocument",
    "LevelDocument",
    "LevelsDocument",
    "OperatorDocument",
    "ParentsDocument",
    "PromptsDocument",
    "SchemaDocument",
]


class FindingDocument(JsonDocument):
    """A finding on one thing of this machine."""

    area: Text
    """Group that it belongs to, such as "isolation"."""
    name: Text
    """What was looked at."""
    ok: bool
    """It is there and works."""
    detail: Text
    """The facts, for a person."""
    needed: bool
    """The quickstart cannot do without it."""
    remedy: Text
    """What to do; empty if there is nothing to remedy."""
    value: Any
    """The facts, for a program."""


class DoctorDocument(JsonDocument):
    """The findings on what this machine offers."""

    format: Literal["doctor/1"]
    """Kind and version of this document."""
    ok: bool
    """Everything that is needed works."""
    findings: list[FindingDocument]
    """In the order they were made."""


class SchemaDocument(JsonDocument):
    """Whether an archive's schema is this version's."""

    format: Literal["archive-schema/1"]
    """Kind and version of this document."""
    url: Text
    """Address of the archive, without a password."""
    state: SchemaKind
    """current: ready. older: an upgrade away. newer: made by a later evoheur. absent: not there. foreign: another program's."""
    found: str | None
    """Revision of the database; null if it has none."""
    wanted: str
    """Revision of this version."""


class ImageDocument(JsonDocument):
    """The image for candidates, which isolation level docker needs."""

    format: Literal["image/1"]
    """Kind and version of this document."""
    image: str
    """Its name."""
    built: bool
    """Whether it was built now."""
    layout: int
    """Version of what lies where in it."""
    machine: str
    """Architecture that it is for."""
    python: str
    """Version of Python in it."""
    packages: dict[str, str]
    """Package → version."""


class LevelDocument(JsonDocument):
    """The attacks that an isolation level stopped, or did not."""

    level: str
    """Its name."""
    works: bool
    """Whether it works here."""
    reason: Text
    """Why it does not; empty if it does."""
    holds: bool
    """It works, and every promise was kept."""
    families: list[dict[str, Any]]
    """Attacks by family: how many there were, how many were stopped, and those that were not."""


class LevelsDocument(JsonDocument):
    """The attacks that this machine's isolation levels stopped."""

    format: Literal["levels/1"]
    """Kind and version of this document."""
    ok: bool
    """Every promise was kept, and enough levels work."""
    levels: list[LevelDocument]
    """One by one."""


class ParentsDocument(JsonDocument):
    """The number of candidates that an operator shows."""

    least: int
    """At least."""
    most: int | None
    """At most; null for no limit."""


class OperatorDocument(JsonDocument):
    """An operator and its prompt."""

    summary: Text
    """In a few words."""
    produces: Product | Literal["tuning"]
    """What comes of it."""
    parents: ParentsDocument
    """How many candidates it shows."""
    context: dict[str, Text]
    """Text that the template is given → what it holds."""
    uses: list[str]
    """The placeholders that the template uses."""


class PromptsDocument(JsonDocument):
    """The operators of a strategy, with their prompts."""

    format: Literal["prompts/1"]
    """Kind and version of this document."""
    strategy: str
    """Its kind."""
    folder: str
    """Folder of its templates."""
    operators: dict[str, OperatorDocument]
    """By name."""
    placeholders: dict[str, Text]
    """Placeholder → what it holds."""
