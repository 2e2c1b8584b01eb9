"""The document of what a run has done and spent."""

from dataclasses import fields
from typing import Any, Literal

from evoheur.archive.records import Totals
from evoheur.documents.document_model import JsonDocument, Text

__all__ = ["TotalsDocument", "TotalsFields", "counted", "totals_document"]


class TotalsFields(JsonDocument):
    """The amounts that a run has done and spent.

    Tuning beside the search counts in the keys of its own and in `best_objective` only.
    """

    requests: int
    """Asked so far."""
    pending: int
    """Asked and not yet told."""
    calls: int
    """Calls made to the generator, failed ones included."""
    evaluations: int
    """Candidates evaluated on train; duplicates, screened ones and the baseline are not counted."""
    duplicates: int
    """Candidates that shared an earlier evaluation."""
    twins: int
    """Those of them whose code is another, of which it is known that it does the same."""
    failures: dict[Text, int]
    """Reason → count: failed requests by their reason, failed candidates by their status."""
    pruned: int
    """Candidates whose evaluation was cut short, since they could not enter the population any more."""
    tokens: int
    """Sent and received together."""
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
    best_objective: float | None
    """Best on train, minimised, the baseline not counted; null before the first success."""
    since_best: int
    """Evaluations told since the best improved; all of them before the first success."""
    seconds: float
    """Wall time of all sessions, in seconds."""
    tunings: int
    """Heuristics whose constants were tuned beside the search, those in work included."""
    tunings_pending: int
    """Those in work."""
    tuning_evaluations: int
    """Evaluations that the finished ones took."""
    rescorings: int
    """Heuristics that were scored again on fresh training instances."""


class TotalsDocument(TotalsFields):
    """The totals of a run so far."""

    format: Literal["totals/1"]
    """Kind and version of this document."""


def totals_document(totals: Totals) -> TotalsDocument:
    """Totals as a document."""
    return TotalsDocument(format="totals/1", **counted(totals))


def counted(totals: Totals) -> dict[str, Any]:
    """The values of `TotalsFields`."""
    return {**{field.name: getattr(totals, field.name) for field in fields(totals)}, "tokens": totals.tokens}
