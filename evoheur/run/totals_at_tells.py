"""Totals that do not depend on when replies come."""

from evoheur.run.listeners import TotalsListener
from evoheur.run.step import Step

__all__ = ["TotalsAtTells"]


class TotalsAtTells(TotalsListener):
    """Counts a reply when its outcome is told, and so is the same at every place of a log.

    The evaluations of a tuning, above all, come with its reply.
    """

    def replied(self, step: Step) -> None:
        """Pass over a reply; see `StepListener`."""

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        if step.completion is not None:
            super().replied(step)
        super().told(step)
