"""When to stop: rules over what a run has done and spent. A strategy never hears of them, so extending a budget leaves its past alone."""

from pydantic import Field

from evoheur.archive.records import Totals
from evoheur.plugins import Config

__all__ = ["Budget"]

_REQUESTS_PER_EVALUATION = 10


class Budget(Config):
    """The run stops at the first limit it reaches; what is in flight by then is still finished and counted."""

    evaluations: int | None = Field(default=200, ge=0)
    """Candidates evaluated on train; duplicates and replies without usable code cost none."""
    requests: int | None = Field(default=None, ge=0)
    """Requests to the generator. Unset, ten for each of `evaluations`, so that a generator that only repeats itself comes to an end."""
    tokens: int | None = Field(default=None, ge=0)
    """Tokens sent and received."""
    cost_usd: float | None = Field(default=None, ge=0)
    """Known prices in US dollars; replies of unknown price do not count."""
    minutes: float | None = Field(default=None, gt=0)
    """Wall time over all sessions of the run, in minutes."""
    target: float | None = None
    """Objective on train (the gap in percent where there are references) that is good enough."""
    stagnation: int | None = Field(default=None, ge=1)
    """Evaluations in a row without a better candidate."""

    @property
    def request_limit(self) -> int | None:
        """`requests`, or what stands for it when unset."""
        if self.requests is not None or self.evaluations is None:
            return self.requests
        return _REQUESTS_PER_EVALUATION * self.evaluations

    def spent(self, totals: Totals) -> str | None:
        """Why nothing more may be asked, or None.

        Args:
            totals: Done and spent so far; requests in flight count as the evaluations they may become.
        """
        best = totals.best_objective
        rules = (
            (self.evaluations, totals.evaluations + totals.pending, "evaluations"),
            (self.request_limit, totals.requests, "requests"),
            (self.tokens, totals.tokens, "tokens"),
            (self.cost_usd, totals.cost_usd or 0.0, "US dollars"),
            (self.minutes, totals.seconds / 60.0, "minutes"),
            (self.stagnation, totals.since_best, "evaluations without a better candidate"),
        )
        for limit, used, unit in rules:
            if limit is not None and used >= limit:
                return f"budget of {limit:g} {unit} used"
        if self.target is not None and best is not None and best <= self.target:
            return f"target {self.target:g} reached with {best:.4g}"
        return None

    def share_used(self, totals: Totals) -> float | None:
        """The largest used share of any countable limit, 0 to 1; None if there is no such limit."""
        pairs = (
            (self.evaluations, totals.evaluations),
            (self.request_limit, totals.requests),
            (self.tokens, totals.tokens),
            (self.cost_usd, totals.cost_usd or 0.0),
            (self.minutes, totals.seconds / 60.0),
        )
        shares = [min(1.0, used / limit) for limit, used in pairs if limit]
        return max(shares, default=None)
