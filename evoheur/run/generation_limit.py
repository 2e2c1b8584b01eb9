"""The end of a run after so many generations."""

from evoheur.request import Request
from evoheur.run.budget import Budget
from evoheur.strategies.strategy import Strategy

__all__ = ["GenerationLimit"]


class GenerationLimit:
    """Asks a strategy, and keeps back the first request of a generation that is beyond the budget.

    That request is stored nowhere, so that a run that is resumed with a larger budget asks for it then.

    Attributes:
        reached: Why nothing more may be asked; None while something may.

    Args:
        strategy: Is asked; past the limit it is of no further use for asking.
        budget: Says how many generations there may be.
    """

    def __init__(self, strategy: Strategy, budget: Budget) -> None:
        self.reached: str | None = None
        self._strategy = strategy
        self._budget = budget

    def ask(self) -> Request | None:
        """The strategy's next request; None where it waits, and from the limit on."""
        if self.reached is not None:
            return None
        request = self._strategy.ask()
        if request is not None:
            self.reached = self._budget.generations_used(self._strategy.generation)
        return None if self.reached is not None else request
