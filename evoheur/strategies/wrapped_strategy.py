"""A strategy around another one, which hands on what it does not change."""

from collections.abc import Mapping, Sequence

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.evolved_prompt import EvolvedPrompt
from evoheur.strategies.strategy import Strategy
from evoheur.strategies.structure import Structure

__all__ = ["WrappedStrategy"]


class WrappedStrategy(Strategy):
    """Base of strategies that add something to any other one.

    Args:
        strategy: Breeds.
    """

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy

    def ask(self) -> Request | None:
        """What the strategy asks for."""
        return self._strategy.ask()

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Hand an outcome on to the strategy."""
        self._strategy.tell(request, outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """Hand a foreign heuristic on to the strategy."""
        self._strategy.immigrate(candidate)

    def elites(self) -> Sequence[Candidate]:
        """The elites of the strategy."""
        return self._strategy.elites()

    def members(self) -> Sequence[Candidate]:
        """The members of the strategy."""
        return self._strategy.members()

    def structure(self) -> Structure | None:
        """What the strategy holds."""
        return self._strategy.structure()

    def evolved_prompts(self) -> tuple[EvolvedPrompt, ...]:
        """The instructions of the strategy."""
        return self._strategy.evolved_prompts()

    @property
    def generation(self) -> int | None:
        """The generation of the strategy."""
        return self._strategy.generation

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Hand new worth on to the strategy."""
        self._strategy.rescored(fresh)
