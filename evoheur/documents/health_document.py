"""The health of a run's replies, as documents hold it."""

from evoheur.documents.document_model import JsonDocument, Text

__all__ = ["HealthDocument", "HealthShareDocument", "HealthWindowDocument"]


class HealthShareDocument(JsonDocument):
    """How many replies there were, and how many of them were good for what."""

    name: Text
    """The operator or the model; "all"."""
    replies: int
    """That were to hold a heuristic."""
    valid: int
    """With a heuristic that did not fail, those whose evaluation was cut short among them."""
    distinct: int
    """Valid, and no duplicate of an earlier heuristic."""
    better: int
    """Distinct, and better on train than the best of its parents; without parents, than the problem's own heuristic."""
    among_best: int
    """Distinct, and when it came among so many of the best as `among` says."""


class HealthWindowDocument(JsonDocument):
    """Shares over some replies."""

    all: HealthShareDocument
    """Over all of them."""
    operators: list[HealthShareDocument]
    """By operator, most replies first."""
    models: list[HealthShareDocument]
    """By model, likewise."""


class HealthDocument(JsonDocument):
    """Health of a run."""

    among: int
    """How many heuristics count as the best so far: the strategy's population, or 10."""
    whole: HealthWindowDocument
    """Over all replies."""
    newest: HealthWindowDocument
    """Over the last 100."""
