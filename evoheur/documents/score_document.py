"""The document of heuristics scored beside textbook rules."""

from typing import Any, Literal

from pydantic import Field

from evoheur.documents.document_model import JsonDocument, Text
from evoheur.documents.evaluation_document import EvaluationFields

__all__ = ["FamilyDocument", "FamilyStandingDocument", "RuleDocument", "ScoreDocument"]


class FamilyStandingDocument(JsonDocument):
    """One heuristic on one family of instances."""

    name: Text
    """Of the heuristic."""
    rule_class: Text | None
    """What it knows and how much work it does; null where all compared are alike."""
    gap: float | None
    """In percent; null unless every instance of the family is solved and has a reference."""
    cost: float | None
    """Mean cost, minimised; null unless every instance is solved."""
    seconds: float | None
    """Mean processor time per solved instance, in seconds; null if none was solved."""


class FamilyDocument(JsonDocument):
    """Heuristics on one family of instances."""

    family: Text
    """Its name."""
    instances: int
    """How many there are."""
    without_reference: int
    """How many of them have none, so that costs must stand for gaps."""
    scale: Literal["gap", "mean cost"]
    """What heuristics are compared by here."""
    heuristics: list[FamilyStandingDocument]
    """Best first; those that did not solve the family last."""


class RuleDocument(JsonDocument):
    """A textbook rule on the same instances."""

    gap: float | None
    """In percent over all instances; null unless every one is solved and has a reference."""
    families: dict[Text, float | None]
    """Family → gap in percent, likewise."""


class ScoreDocument(EvaluationFields):
    """A heuristic on a set of instances, beside the textbook rules."""

    format: Literal["score/1"]
    """Kind and version of this document."""
    target: Text
    """What was scored: a file, a candidate, or "textbook:" and a rule."""
    problem: Text
    """Name or folder of the problem."""
    settings: dict[str, Any]
    """The problem's, as far as they were given."""
    families: dict[Text, float | None]
    """Family → gap in percent; null unless every instance of it is solved and has a reference."""
    ratios: dict[Text, float] = Field(default_factory=dict)
    """Family → gap as a multiple of the best textbook rule's; empty unless the objective is made of these."""
    textbook: dict[Text, RuleDocument]
    """The textbook rules, by name."""
    comparison: list[FamilyDocument]
    """All of them, family by family."""
    unread: dict[Text, Text]
    """File that could not be read → why."""
    stored: bool
    """Whether the score was stored with the candidate."""
