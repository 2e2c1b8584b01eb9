"""Outages of an endpoint: news of one, for whoever watches a run."""

from dataclasses import dataclass

__all__ = ["OutageNews"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageNews:
    """How it stands with an endpoint that nothing gets through to.

    Attributes:
        endpoint: The model and where it is.
        reason: What the last call met; empty once something got through again.
        since: When it began, in seconds since the epoch.
        seconds: How long it has lasted.
        next_try: Seconds until the next call is tried; None once something got through.
        renewed_at: When a used-up quota is renewed, in seconds since the epoch; None where that is not known, or not the reason.
        others_answer: Whether other models of the run answer meanwhile.
    """

    endpoint: str
    reason: str
    since: float
    seconds: float
    next_try: float | None
    renewed_at: float | None = None
    others_answer: bool = False

    @property
    def is_over(self) -> bool:
        """Whether something got through again."""
        return self.next_try is None
