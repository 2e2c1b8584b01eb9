"""Greedy search: start anew a few times, then change the best heuristic so far and keep what is better."""

import random
from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig

__all__ = ["Greedy", "GreedyConfig"]


class GreedyConfig(StrategyConfig):
    """Greedy search from several starts."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "start": OperatorCard(summary="invent without parents", variation="new", context=BASELINE_SHOWN),
        "improve": OperatorCard(
            summary="improve the best",
            parents=(1, 1),
            variation="mutation",
            context={**BASELINE_SHOWN, "mood": "how boldly to change it"},
        ),
    }

    takes_new_worth = True
    kind: str = "greedy"
    starts: int = Field(default=3, ge=1)
    """So many heuristics are invented before the best of them is improved."""

    def build(self, baseline: Candidate, rng: random.Random) -> "Greedy":
        """Make the strategy."""
        return Greedy(self.starts, rng)


class Greedy(Strategy):
    """Never waits: what it improves is the best of what it was told so far."""

    def __init__(self, starts: int, rng: random.Random) -> None:
        self._starts = starts
        self._rng = rng
        self._asked = 0
        self._best: Candidate | None = None

    def ask(self) -> Request:
        """A start, or an improvement once there is something to improve."""
        self._asked += 1
        if self._asked <= self._starts or self._best is None:
            return Request(operator="start", context={"baseline": "header"}, tag=self._asked)
        context = {"baseline": "header", "mood": self._rng.choice(["carefully", "boldly"])}
        return Request(operator="improve", parents=(self._best,), context=context, tag=self._asked)

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Keep a candidate that is better."""
        if isinstance(outcome, Candidate):
            self.immigrate(outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """Keep it if it is better."""
        known = None if self._best is None else self._best.objective
        if candidate.objective is not None and (known is None or candidate.objective < known):
            self._best = candidate

    def elites(self) -> Sequence[Candidate]:
        """The best, if there is one."""
        return [] if self._best is None else [self._best]

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Take the best's worth on fresh instances, or begin anew if it fails on them."""
        if self._best is not None:
            best = fresh[self._best.id]
            self._best = None if best.objective is None else best
