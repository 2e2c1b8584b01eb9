"""Limits at which a run stops.

They are limits on what it has done and spent. A strategy never hears of them, so extending a budget leaves its past alone.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import Field, model_validator

from evoheur.archive.records import Totals
from evoheur.components import Config

__all__ = ["Awaited", "Budget"]

_REQUESTS_PER_EVALUATION = 10
_UNITS = {
    "evaluations": "evaluations",
    "requests": "requests",
    "tokens": "tokens",
    "cost_usd": "US dollars",
    "minutes": "minutes",
    "stagnation": "evaluations without a better candidate",
    "generations": "generations",
}


_EVALUATIONS = 200


class Awaited(NamedTuple):
    """What replies on their way are expected to cost."""

    tokens: float = 0.0
    cost_usd: float = 0.0


_NOTHING = Awaited()


class Budget(Config):
    """The limits of a run, which stops at the first reached.

    What is in flight is counted: as an evaluation that it may become, and with the tokens and the money of a mean reply. Where no limit is
    named at all, it is 200 evaluations; a budget that names one has no others.
    """

    evaluations: int | None = Field(default=None, ge=0)
    """Candidates evaluated on train; duplicates and replies without usable code cost none. 200 if the budget names nothing."""
    requests: int | None = Field(default=None, ge=0)
    """Requests to the generator. Unset, ten for each of `evaluations`, so that a generator that only repeats itself comes to an end."""
    tokens: int | None = Field(default=None, ge=0)
    """Tokens sent and received."""
    cost_usd: float | None = Field(default=None, ge=0)
    """Prices in US dollars. It needs to be known what the generator costs; see generator.price."""
    minutes: float | None = Field(default=None, gt=0)
    """Wall time over all sessions of the run, in minutes."""
    generations: int | None = Field(default=None, ge=1)
    """Generations after the initial population, of a strategy that has them (eoh, es, reevo, hsevo)."""
    target: float | None = None
    """Objective on train (the gap in percent where there are references) that is good enough; name a limit beside it, as it may never be
    reached."""
    stagnation: int | None = Field(default=None, ge=1)
    """Evaluations in a row without a better candidate."""

    @model_validator(mode="before")
    @classmethod
    def _limit_what_has_no_limit(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        if not data:
            return {"evaluations": _EVALUATIONS}
        if data.keys() == {"target"} and data["target"] is not None:
            raise ValueError(
                "a target that is never reached would let the run go on forever; name a limit beside it, such as evaluations: 2000 "
                "(evaluations: null for none)"
            )
        return data

    @property
    def request_limit(self) -> int | None:
        """The limit of requests, also where none is set.

        `requests`, or what stands for it when unset.
        """
        if self.requests is not None or self.evaluations is None:
            return self.requests
        return _REQUESTS_PER_EVALUATION * self.evaluations

    def spent(self, totals: Totals, awaited: Awaited = _NOTHING) -> str | None:
        """The reason why nothing more may be asked, or None.

        Args:
            totals: Done and spent so far; requests in flight count as the evaluations they may become.
            awaited: What the replies on their way will cost; nothing where none are.
        """
        limit = self.exhausted(totals, awaited)
        if limit == "target":
            return f"target {self.target:g} reached with {totals.best_objective:.4g}"
        if limit == "requests" and self.requests is None:
            return f"budget of {self.request_limit} requests used (ten for each evaluation, as budget.requests is not set)"
        return None if limit is None else f"budget of {_number(getattr(self, limit))} {_UNITS[limit]} used"

    def exhausted(self, totals: Totals, awaited: Awaited = _NOTHING) -> str | None:
        """Name of the limit that is reached, or None.

        Args:
            totals: As for `spent`.
            awaited: As for `spent`.
        """
        best = totals.best_objective
        used = {
            "evaluations": totals.evaluations + totals.pending,
            "requests": totals.requests,
            "tokens": totals.tokens + awaited.tokens,
            "cost_usd": (totals.cost_usd or 0.0) + awaited.cost_usd,
            "minutes": totals.seconds / 60.0,
            "stagnation": totals.since_best,
        }
        for limit, value in used.items():
            most = self.request_limit if limit == "requests" else getattr(self, limit)
            if most is not None and value >= most:
                return limit
        return "target" if self.target is not None and best is not None and best <= self.target else None

    def generations_used(self, generation: int | None) -> str | None:
        """The reason why a request may not be asked that belongs to a generation, or None."""
        if self.generations is None or generation is None or generation <= self.generations:
            return None
        return f"budget of {self.generations} generations used"

    def is_used(self, totals: Totals, reason: str) -> bool:
        """Whether a run that finished has nothing more to ask under this budget.

        Args:
            totals: As for `spent`.
            reason: Why it finished, which tells of generations.
        """
        most = self.generations
        return self.spent(totals) is not None or (most is not None and reason == self.generations_used(most + 1))

    def extended(self, totals: Totals) -> str:
        """A setting that extends a used-up budget, such as "budget.evaluations=400".

        Args:
            totals: As for `spent`.
        """
        limit = self.exhausted(totals) or ("evaluations" if self.generations is None else "generations")
        if limit == "target":
            return "budget.target=null"
        reached = self.request_limit if limit == "requests" else getattr(self, limit)
        return f"budget.{limit}={_number(2 * reached)}" if reached else f"budget.{limit}=1000"

    def share_used(self, totals: Totals) -> float | None:
        """The largest used share of any countable limit.

        0 to 1; None if there is no such limit.
        """
        pairs = (
            (self.evaluations, totals.evaluations),
            (self.request_limit, totals.requests),
            (self.tokens, totals.tokens),
            (self.cost_usd, totals.cost_usd or 0.0),
            (self.minutes, totals.seconds / 60.0),
        )
        shares = [min(1.0, used / limit) for limit, used in pairs if limit]
        return max(shares, default=None)


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"
