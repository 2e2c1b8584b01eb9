"""Fresh training instances every so many candidates, around any strategy.

Bred for long enough on one set of instances, heuristics fit these instances and no others. So after every `every` candidates an epoch
ends: nothing is asked for until all that is in flight has come back, then the members of the strategy are scored on fresh instances, and
breeding goes on with these worths. Which instances an epoch has follows from the run's seed and the epoch's number, so that a run can be
repeated and resumed.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from pydantic import Field

from evoheur.candidate import Candidate, Status
from evoheur.components import Config
from evoheur.request import Outcome, Request, RequestKind, Rescored
from evoheur.strategies.strategy import Strategy
from evoheur.strategies.wrapped_strategy import WrappedStrategy

__all__ = ["ResampleConfig", "Resampling"]


class ResampleConfig(Config):
    """Fresh training instances during a run."""

    every: int = Field(default=100, ge=1)
    """After so many candidates training goes on with fresh instances, on which the strategy's members are scored again. These evaluations
    are not in the budget: with 20 members and 100 candidates they are a sixth of all.
    """


class Resampling(WrappedStrategy):
    """A strategy whose candidates are scored on fresh instances every so often.

    Members of equal code are scored once. The problem's own heuristic is scored with them, to be compared with.

    Args:
        strategy: Breeds; its configuration says `takes_new_worth`.
        baseline: The problem's own heuristic, evaluated.
        every: How many candidates make an epoch.
    """

    def __init__(self, strategy: Strategy, baseline: Candidate, every: int) -> None:
        super().__init__(strategy)
        self._baseline = baseline
        self._every = every
        self._epoch = 0
        self._bred = 0  # candidates in this epoch
        self._in_flight = 0  # requests of the strategy
        self._queue: deque[Candidate] = deque()  # to be scored again, not asked for yet
        self._missing = 0  # asked for and not told
        self._fresh: dict[str, Candidate] = {}  # by code, the new worth of this epoch

    def ask(self) -> Request | None:
        """A score on fresh instances if one is due, else what the strategy asks for.

        None while outcomes of the epoch that ends, or scores of the one that begins, are missing.
        """
        if self._bred >= self._every:
            if self._in_flight:
                return None
            self._begin_epoch()
        if self._queue:
            self._missing += 1
            return Request.rescoring(self._queue.popleft(), epoch=self._epoch)
        if self._missing:
            return None
        request = self._strategy.ask()
        if request is None:
            return None
        self._in_flight += 1
        parents = tuple(self._renewed(parent) for parent in request.parents)
        return replace(request, parents=parents, epoch=self._epoch)

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Collect the scores on fresh instances until they are complete; pass on everything else."""
        if request.kind is not RequestKind.RESCORING:
            self._in_flight -= 1
            self._bred += isinstance(outcome, Candidate)
            self._strategy.tell(request, outcome)
            return
        self._missing -= 1
        [scored] = request.parents
        self._fresh[_code(scored)] = outcome.candidate if isinstance(outcome, Rescored) else _unscored(scored, self._epoch)
        if not self._missing and not self._queue:
            self._scored()

    def _scored(self) -> None:
        """Go on when all scores of an epoch are there."""
        self._strategy.rescored({member.id: self._renewed(member) for member in self._everyone()})

    def _begin_epoch(self) -> None:
        self._begin_scoring(self._everyone())

    def _begin_scoring(self, known: Sequence[Candidate]) -> None:
        """Begin an epoch by scoring known heuristics."""
        self._epoch += 1
        self._bred = 0
        self._fresh.clear()
        once: dict[str, Candidate] = {}
        for member in known:
            once.setdefault(_code(member), member)
        self._queue.extend(once.values())

    def _everyone(self) -> Sequence[Candidate]:
        return (self._baseline, *self._strategy.members())

    def _renewed(self, candidate: Candidate) -> Candidate:
        fresh = self._fresh.get(_code(candidate))
        return candidate if fresh is None else replace(candidate, evaluation=fresh.evaluation)


def _code(candidate: Candidate) -> str:
    """What candidates of equal code have in common."""
    return candidate.code_hash or candidate.code


def _unscored(candidate: Candidate, epoch: int) -> Candidate:
    """A candidate whose score on fresh instances could not be had.

    That is a fault of ours; it cannot be compared any more.
    """
    evaluation = replace(
        candidate.evaluation,
        status=Status.ERROR,
        objective=None,
        objective_kind=None,
        results=(),
        detail="it could not be scored on fresh instances",
        epoch=epoch,
    )
    return replace(candidate, evaluation=evaluation)
