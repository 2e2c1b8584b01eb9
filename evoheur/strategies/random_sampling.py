"""Random sampling: the control arm of every comparison.

The initial prompt again and again, nothing learnt from the answers. A search method that does not beat it at an equal number of model
calls has not shown that its search does anything. LLM4AD ships the same idea as `randsample`.
"""

import random
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.selection import admission_bound, renewed, survivors
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig

__all__ = ["RandomConfig", "RandomSampling"]


class RandomConfig(StrategyConfig):
    """Random sampling with the initial prompt i1."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN)
    }

    takes_new_worth = True
    kind: Literal["random"] = "random"

    keep: int = Field(default=10, ge=1)
    """How many of the best heuristics are reported as elites; the search itself does not use them."""

    show_baseline_body: bool = False
    """Whether the prompt shows the problem's own heuristic with its body; set it as in the method that is compared against."""

    def build(self, baseline: Candidate, rng: random.Random) -> "RandomSampling":  # noqa: ARG002 - it draws nothing itself
        """Make the strategy; the baseline is not among its elites."""
        return RandomSampling(self)


class RandomSampling(Strategy):
    """Requests for new heuristics with one prompt; never waits."""

    def __init__(self, config: RandomConfig) -> None:
        self._keep = config.keep
        self._context = {"baseline": "body" if config.show_baseline_body else "header"}
        self._best: list[Candidate] = []

    def ask(self) -> Request:
        """The initial prompt, always."""
        return Request(operator="i1", context=self._context, bound=admission_bound(self._best, self._keep))

    def tell(self, request: Request, outcome: Outcome) -> None:  # noqa: ARG002 - every request is the same
        """Remember the best, one per objective."""
        if isinstance(outcome, Candidate):
            self.immigrate(outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """Remember it if it is among the best."""
        self._best = survivors([*self._best, candidate], self._keep)

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Rank the best by their new worth."""
        self._best = survivors(renewed(self._best, fresh), self._keep)

    def elites(self) -> Sequence[Candidate]:
        """The best seen, best first, one per objective."""
        return tuple(self._best)
