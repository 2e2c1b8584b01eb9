"""The document of what a run spent, and what it got for it."""

from typing import Literal

from evoheur.documents.document_model import JsonDocument, Text
from evoheur.documents.health_document import HealthDocument

__all__ = [
    "QualityLevelDocument",
    "SpendingDocument",
    "SpendingShareDocument",
]


class SpendingShareDocument(JsonDocument):
    """What one operator or one model spent and brought."""

    name: Text
    """The operator or the model."""
    requests: int
    """That were asked; of a model, those that got a reply."""
    calls: int
    """To the generator, failed ones included."""
    prompt_tokens: int
    """Sent."""
    completion_tokens: int
    """Received."""
    cached_tokens: int
    """Those of the sent ones that servers read from their caches."""
    reasoning_tokens: int
    """Those of the received ones that models thought with."""
    estimated_tokens: int
    """Those sent and received that no server counted."""
    cost_usd: float | None
    """Sum of the known prices in US dollars; null if no reply was priced."""
    useful: int
    """Replies that hold a heuristic or a note."""
    solved: int
    """Heuristics that solved all training instances, copies of earlier ones not counted."""
    bests: int
    """Heuristics that became the best that was found so far."""
    gain: float
    """By how much these lowered the best objective on train, the problem's own heuristic counted."""


class QualityLevelDocument(JsonDocument):
    """What had been spent when the best so far improved."""

    candidate: str
    """Name of the new best."""
    objective: float
    """Its objective on train, minimised."""
    requests: int
    """To the model, told until then."""
    tokens: int
    """Of their replies, sent and received."""
    cost_usd: float | None
    """Of their replies in US dollars; null where no price is known."""


class SpendingDocument(JsonDocument):
    """What a run spent and got."""

    format: Literal["spending/1"]
    """Kind and version of this document."""
    run: Text
    """Name of the run."""
    operators: list[SpendingShareDocument]
    """Most expensive first, by tokens."""
    models: list[SpendingShareDocument]
    """Likewise; what got no reply has none."""
    levels: list[QualityLevelDocument]
    """In the order in which they were reached."""
    prices: dict[Text, int]
    """Where prices are from ("configuration", or a table with its version) → replies with such a price; "unknown" where it was not
    stored."""
    health: HealthDocument
    """Which replies were valid, new, and better than what was known. Later than the other keys of this version."""
