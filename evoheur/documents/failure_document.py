"""The document of failures for one reason."""

from typing import Literal

from evoheur.archive.records import FailureGroup
from evoheur.documents.candidate_document import candidate_name
from evoheur.documents.document_model import JsonDocument, Text

__all__ = ["FailureDocument", "FailureExampleDocument", "failure_document"]


class FailureExampleDocument(JsonDocument):
    """One failed request or candidate."""

    request: int
    """Number of the request."""
    candidate: str | None
    """Name of the candidate; null if the request yielded none."""
    operator: Text
    """What asked for it."""
    detail: Text
    """What happened, with the value."""


class FailureDocument(JsonDocument):
    """Everything in a run that failed for one reason."""

    format: Literal["failure/1"]
    """Kind and version of this document."""
    stage: Literal["generation", "parsing", "evaluation"]
    """Where it failed: no reply, no usable code in it, or the code when it was evaluated."""
    reason: Text
    """The failure's reason, or the candidate's status."""
    count: int
    """How many; a duplicate of a failed candidate counts again."""
    share: float
    """Of all requests of the run, from 0 to 1."""
    examples: list[FailureExampleDocument]
    """The first few."""


def failure_document(group: FailureGroup, *, run: str, requests: int) -> FailureDocument:
    """All failures of one reason as a document.

    Args:
        group: The failures.
        run: Name of the run.
        requests: How many the run made.
    """
    examples = [
        FailureExampleDocument(
            request=example.request,
            candidate=None if example.candidate is None else candidate_name(run, example.candidate),
            operator=example.operator,
            detail=example.detail,
        )
        for example in group.examples
    ]
    share = group.count / requests if requests else 0.0
    return FailureDocument(
        format="failure/1", stage=group.stage, reason=group.reason, count=group.count, share=share, examples=examples
    )
