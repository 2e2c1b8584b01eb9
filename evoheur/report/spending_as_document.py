"""Turning what a run spent into a document."""

from dataclasses import asdict

from evoheur.documents.candidate_document import candidate_name
from evoheur.documents.spending_document import QualityLevelDocument, SpendingDocument, SpendingShareDocument
from evoheur.report.health_as_document import health_document
from evoheur.run.reply_health import RunHealth
from evoheur.run.run_spending import RunSpending

__all__ = ["spending_document"]


def spending_document(run: str, spending: RunSpending, health: RunHealth) -> SpendingDocument:
    """What a run spent and got as a document.

    Args:
        run: Its name.
        spending: What it spent.
        health: Of its replies.
    """
    return SpendingDocument(
        format="spending/1",
        run=run,
        operators=[SpendingShareDocument(**asdict(share)) for share in spending.operators],
        models=[SpendingShareDocument(**asdict(share)) for share in spending.models],
        levels=[
            QualityLevelDocument(**{**asdict(level), "candidate": candidate_name(run, level.candidate)})
            for level in spending.levels
        ],
        prices=dict(spending.prices),
        health=health_document(health),
    )
