"""Documents of problems and of their checks."""

from typing import Any, Literal

from evoheur.documents.document_model import JsonDocument, Text
from evoheur.documents.score_document import FamilyDocument
from evoheur.problem import Aggregate

__all__ = [
    "CheckDocument",
    "FunctionDocument",
    "ProblemCheckDocument",
    "ProblemDocument",
    "ProblemSummaryDocument",
    "QuestionDocument",
    "RuleScoreDocument",
]


class ProblemSummaryDocument(JsonDocument):
    """A problem in a list."""

    format: Literal["problem-summary/1"]
    """Kind and version of this document."""
    name: str
    """By which it is named."""
    title: Text
    """In a line."""
    description: Text
    """What a model is told of it."""
    functions: list[Text]
    """What evolves, as it is called."""


class FunctionDocument(JsonDocument):
    """A function that evolves."""

    call: Text
    """As it is called."""
    docstring: Text
    """What a model is told of it."""


class RuleScoreDocument(JsonDocument):
    """A textbook rule on a split."""

    objective: float | None
    """Minimised; null if it failed."""
    gap: float | None
    """In percent; null without references."""


class ProblemDocument(JsonDocument):
    """A problem as a model is told it, with heuristics to beat."""

    format: Literal["problem/1"]
    """Kind and version of this document."""
    name: Text
    """Name or folder."""
    title: Text
    """In a line."""
    description: Text
    """What a model is told of it."""
    functions: list[FunctionDocument]
    """What evolves."""
    skeleton: Text
    """The functions without their bodies."""
    code: Text
    """The first candidate."""
    aggregate: Aggregate
    """How costs become one objective."""
    settings: dict[str, Any]
    """Setting → default; null where it has none."""
    formats: list[Text]
    """Files of instances that it reads, in words."""
    splits: dict[str, dict[Text, int]]
    """Split → family → number of instances."""
    textbook: dict[str, dict[Text, RuleScoreDocument]]
    """Split → textbook rule → its score."""
    comparison: dict[str, list[FamilyDocument]]
    """Split → all heuristics, family by family."""
    seconds_per_instance: dict[str, float | None]
    """Split → mean processor time of the problem's own heuristic, in seconds; null if it solved none."""
    unread: dict[str, dict[Text, Text]]
    """Split → file that could not be read → why."""
    limits: dict[str, float]
    """What a candidate may use on one instance."""


class CheckDocument(JsonDocument):
    """One check of a problem."""

    name: Text
    """What must hold."""
    ok: bool
    """Whether it does."""
    detail: Text
    """What is wrong; empty if nothing is."""


class QuestionDocument(JsonDocument):
    """Something that a problem's author must decide."""

    file: Text
    """Name of the file that asks."""
    line: int
    """From 1."""
    text: Text
    """The question."""


class ProblemCheckDocument(JsonDocument):
    """Whether a problem keeps its contract."""

    format: Literal["problem-check/1"]
    """Kind and version of this document."""
    name: Text
    """Name or folder."""
    settings: dict[str, Any]
    """As far as they were given."""
    ok: bool
    """Whether every check holds."""
    checks: list[CheckDocument]
    """In the order they were made."""
    comparison: dict[str, list[FamilyDocument]]
    """Split → all heuristics, family by family; none if a check failed."""
    seconds_per_instance: dict[str, float | None]
    """Split → mean processor time of the problem's own heuristic, in seconds."""
    questions: list[QuestionDocument]
    """What its author must decide, as comments in its files ask."""
    unapproved: bool
    """Whether it is a draft that nobody said yes to: only what can be checked in the jail was, and nothing was scored."""
