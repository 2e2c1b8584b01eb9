"""The interface of every search method."""

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence

from evoheur.candidate import Candidate
from evoheur.plugins import Config
from evoheur.request import Outcome, Request

__all__ = ["BUILTIN_STRATEGIES", "Strategy", "StrategyConfig"]

BUILTIN_STRATEGIES = {
    "random": "evoheur.strategies.random_sampling:RandomConfig",
    "eoh": "evoheur.strategies.eoh:EohConfig",
}


class Strategy(ABC):
    """Chooses what to breed next.

    Deterministic: behaviour is a function of the configuration, the baseline, the generator `rng` and the sequence of calls. A strategy
    performs no I/O, reads no clock and never iterates over a set of strings. Resuming a run feeds its log to a fresh strategy, so
    `replay` depends on this and `evoheur.testing.strategies.StrategyContract` checks it.
    """

    @abstractmethod
    def ask(self) -> Request | None:
        """The next model call it wants, or None to wait for an outcome; when it returns None its state is unchanged."""

    @abstractmethod
    def tell(self, request: Request, outcome: Outcome) -> None:
        """Learn what became of a request. Outcomes come in any order; the request is the one `ask` returned."""

    @abstractmethod
    def elites(self) -> Sequence[Candidate]:
        """The heuristics it holds to be best, best first; for reports."""


class StrategyConfig(Config):
    """Base of every strategy's configuration."""

    kind: str
    """Which strategy: a built-in name, or package.module:Class of its configuration."""

    @abstractmethod
    def build(self, baseline: Candidate, rng: random.Random) -> Strategy:
        """Make the strategy.

        Args:
            baseline: The problem's own heuristic, evaluated; candidate 0.
            rng: The strategy's only source of randomness, seeded by the run.
        """

    @property
    def template_folder(self) -> str:
        """The folder of prompt templates under `evoheur/prompts/templates/`; the kind, unless a strategy shares another's."""
        return self.kind
