"""The document of instances and their solutions."""

from typing import Any, Literal

from evoheur.documents.document_model import JsonDocument, Text

__all__ = ["SolutionDocument", "SolutionFigures", "SolvedDocument"]


class SolutionFigures(JsonDocument):
    """The figures of a heuristic's solution of one instance."""

    status: str
    """"ok", or what went wrong."""
    detail: Text
    """Why the status is what it is."""
    cost: float | None
    """The trusted price, minimised; null unless the status is "ok"."""
    gap: float | None
    """In percent of the reference; null without either."""
    cpu_seconds: float
    """Processor time, in seconds."""


class SolvedDocument(SolutionFigures):
    """One instance and its solutions."""

    instance: Text
    """Its name."""
    family: Text
    """The group it belongs to."""
    reference: float | None
    """Optimum, best known value or bound; null where there is none."""
    level: Text
    """The isolation level that the heuristic ran at; "trusted" for textbook rules."""
    solution: Any
    """In the problem's own form; null unless the status is "ok"."""
    file: Text | None
    """Where it was written; null if nowhere."""
    textbook: dict[Text, SolutionFigures]
    """Textbook rule → its figures, if they were asked for."""


class SolutionDocument(JsonDocument):
    """Instances solved with a heuristic."""

    format: Literal["solution/1"]
    """Kind and version of this document."""
    target: Text
    """What solved them: a file, a candidate, or "textbook:" and a rule."""
    problem: Text
    """Name or folder of the problem."""
    settings: dict[str, Any]
    """The problem's, as far as they were given."""
    instances: list[SolvedDocument]
    """In the order they were solved."""
    unread: dict[Text, Text]
    """File that could not be read → why."""
