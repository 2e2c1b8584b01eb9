"""Turning the health of a run into a part of documents."""

from dataclasses import asdict

from evoheur.documents.health_document import HealthDocument, HealthShareDocument, HealthWindowDocument
from evoheur.run.reply_health import HealthShare, HealthWindow, RunHealth

__all__ = ["health_document"]


def health_document(health: RunHealth) -> HealthDocument:
    """Health as a document: counts, over all replies and over the newest."""
    return HealthDocument(among=health.among, whole=_window(health.whole), newest=_window(health.newest))


def _window(window: HealthWindow) -> HealthWindowDocument:
    def written(each: HealthShare) -> HealthShareDocument:
        return HealthShareDocument(**asdict(each))

    return HealthWindowDocument(
        all=written(window.all),
        operators=[written(each) for each in window.operators],
        models=[written(each) for each in window.models],
    )
