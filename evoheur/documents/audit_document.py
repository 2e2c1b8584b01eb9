"""The document of a candidate's audit."""

from dataclasses import asdict
from typing import Any

from evoheur.documents.document_model import JsonDocument
from evoheur.evaluation.audit_verdict import AuditVerdict

__all__ = ["AuditDocument", "LeadDocument", "audit_document"]


class LeadDocument(JsonDocument):
    """By how much a heuristic is ahead, in percentage points."""

    value: float
    """Positive where it is ahead."""
    low: float | None
    """Lower end of the 95 % interval; null for a single instance."""
    high: float | None
    """Upper end."""


class AuditDocument(JsonDocument):
    """One candidate on fresh instances that no selection has seen, beside the problem's own heuristic."""

    overfitted: bool
    """Whether it is shown that it leads on train only."""
    instances: int
    """How many fresh ones there were."""
    status: str
    """How its evaluation on them ended."""
    train: LeadDocument | None
    """Its lead over the problem's own heuristic on train; null where the two cannot be compared."""
    audit: LeadDocument | None
    """The same on the fresh instances."""
    lost: LeadDocument | None
    """The first minus the second."""


def audit_document(verdict: AuditVerdict) -> AuditDocument:
    """The verdict of an audit as a document."""
    leads: dict[str, Any] = {
        name: None if lead is None else LeadDocument(**asdict(lead))
        for name, lead in (("train", verdict.train), ("audit", verdict.audit), ("lost", verdict.lost))
    }
    return AuditDocument(overfitted=verdict.overfitted, instances=verdict.instances, status=verdict.status.value, **leads)
