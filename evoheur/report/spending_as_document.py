"""Turning what a run spent into a document."""

from dataclasses import asdict

from evoheur.documents.candidate_document import candidate_name
from evoheur.documents.spending_document import (
    HealthDocument,
    HealthShareDocument,
    HealthWindowDocument,
    QualityLevelDocument,
    SpendingDocument,
    SpendingShareDocument,
)
from evoheur.run.reply_health import HealthShare, HealthWindow, RunHealth
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
        health=HealthDocument(among=health.among, whole=_window(health.whole), newest=_window(health.newest)),
    )


def _window(window: HealthWindow) -> HealthWindowDocument:
    def written(each: HealthShare) -> HealthShareDocument:
        return HealthShareDocument(**asdict(each))

    return HealthWindowDocument(
        all=written(window.all),
        operators=[written(each) for each in window.operators],
        models=[written(each) for each in window.models],
    )
