"""The document of a heuristic that is kept with what is known of it."""

from typing import Any, Literal

from evoheur.documents.document_model import JsonDocument, Moment, Text

__all__ = ["GalleryDocument", "GalleryFamily", "GalleryOrigin"]


class GalleryOrigin(JsonDocument):
    """Where a heuristic comes from."""

    candidate: Text
    """Run and number, such as "eoh_tsp_insertion-1/57"."""
    found: Moment
    """When its run began."""
    strategy: Text
    """The search method."""
    generator: Text
    """What wrote the code: a model, or the offline generator."""
    seed: int
    """Of the run."""
    evoheur: Text
    """Version that ran it."""
    command: Text | None
    """That finds it again; null where nobody said."""


class GalleryFamily(JsonDocument):
    """A heuristic on one family of the test split."""

    family: Text
    """Its name."""
    instances: int
    """How many there are."""
    gap: float | None
    """In percent, lower is better; null where an instance was not solved or has no reference."""
    interval: tuple[float, float] | None
    """Of the mean gap over its instances, 95 %, by bootstrap; null for fewer than three."""
    textbook: dict[Text, float | None]
    """Textbook rule of the same class → its gap, best first."""
    seconds: float | None
    """Mean processor time of an instance, in seconds, of the heuristic on the machine that scored it."""


class GalleryDocument(JsonDocument):
    """A heuristic of the gallery."""

    format: Literal["gallery/1"]
    """Kind and version of this document."""
    name: Text
    """By which `gallery:NAME` means it."""
    problem: Text
    """Name or folder of the problem."""
    settings: dict[str, Any]
    """Of the problem."""
    thought: Text
    """What its author, or the search, says of it."""
    origin: GalleryOrigin
    """Where it comes from."""
    rule_class: Text
    """What it knows and how much work it does; textbook rules of the same class stand beside it."""
    unit_free: bool
    """Whether the problem has symmetries, such as other units, and it keeps to them."""
    gap: float | None
    """On the whole test split, in percent, lower is better."""
    textbook: dict[Text, float | None]
    """Textbook rule of the same class → its gap on the whole test split, best first."""
    families: list[GalleryFamily]
    """Of the test split."""
