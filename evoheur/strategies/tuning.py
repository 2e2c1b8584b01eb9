"""Tuning of constants, beside any strategy.

See `tuning_before_survival` for tuning within the search.

What any strategy holds to be best is tuned without telling the strategy. What is tuned enters the archive as a candidate of its own. The
strategy never hears of it, so what it asks the model is the same with and without, and the gain of tuning can be measured at equal model
calls.
"""

from collections.abc import Sequence

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.components import Config
from evoheur.request import Outcome, Request, RequestKind
from evoheur.strategies.selection import survivors
from evoheur.strategies.strategy import Strategy
from evoheur.strategies.wrapped_strategy import WrappedStrategy

__all__ = ["TuneConfig", "Tuning"]

_KEPT = 10


class TuneConfig(Config):
    """Constant tuning, beside the search or before survival."""

    before_survival: float | None = Field(default=None, gt=0, le=1)
    """A child that would be among this share of the strategy's best, such as 0.1, is tuned before the strategy decides on it, and the
    search pays for it. Unset, tuning goes on beside the search, on evaluation slots that it leaves idle."""
    evaluations: int = Field(default=1000, ge=1)
    """Evaluations on train that tuning may take in all. Beside the search they are no part of its budget, before survival they are."""
    each: int = Field(default=100, ge=2)
    """Evaluations for one heuristic. HSEvo's harmony search takes 10; a hundred are ten to fifteen generations of CMA-ES."""
    top: int = Field(default=1, ge=1)
    """Beside the search: only what is among so many of the strategy's best is tuned. With more the budget is gone before the last best is
    there."""
    settled: int = Field(default=20, ge=0)
    """Beside the search: a heuristic is tuned when it has been among the best for so many outcomes, because early in a run the best are
    soon replaced."""
    method: str = "cma-es"
    """"cma-es", "harmony-search", or package.module:Class of an optimiser of your own."""


class Tuning(WrappedStrategy):
    """A strategy beside which constants are tuned, one heuristic at a time.

    Args:
        strategy: Breeds.
        config: What is tuned, how and for how long.
    """

    def __init__(self, strategy: Strategy, config: TuneConfig) -> None:
        super().__init__(strategy)
        self._config = config
        self._best: Sequence[Candidate] = ()
        self._ages: dict[int, int] = {}  # candidate among the best → outcomes since it came there
        self._asked_for: set[int] = set()
        self._left = config.evaluations
        self._due: Candidate | None = None
        self._busy = False
        self._tuned: list[Candidate] = []

    def ask(self) -> Request | None:
        """A tuning if one is due, else what the strategy asks for."""
        if self._due is None:
            return self._strategy.ask()
        parent, self._due = self._due, None
        evaluations = min(self._config.each, self._left)
        self._left -= evaluations
        self._busy = True
        self._asked_for.add(parent.id)
        return Request.tuning_beside(parent, method=self._config.method, evaluations=evaluations)

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Keep what is tuned from the strategy, and tell it everything else."""
        if request.kind is RequestKind.TUNING_BESIDE:
            self._busy = False
            if isinstance(outcome, Candidate) and outcome.duplicate_of is None:
                self._tuned = survivors([*self._tuned, outcome], _KEPT)
        else:
            self._strategy.tell(request, outcome)
            self._look(self._strategy.elites()[: self._config.top])
        if not self._busy and self._left > 0:
            self._due = self._chosen()

    def elites(self) -> Sequence[Candidate]:
        """The strategy's and the tuned ones, best first."""
        both = [*self._strategy.elites(), *self._tuned]
        return tuple(sorted(both, key=lambda elite: elite.objective if elite.objective is not None else float("inf")))

    def _look(self, best: Sequence[Candidate]) -> None:
        self._best = best
        self._ages = {elite.id: self._ages.get(elite.id, -1) + 1 for elite in best}

    def _chosen(self) -> Candidate | None:
        """The best that has settled and was not tuned yet."""
        for elite in self._best:
            if self._ages[elite.id] >= self._config.settled and elite.id not in self._asked_for:
                return elite
        return None
