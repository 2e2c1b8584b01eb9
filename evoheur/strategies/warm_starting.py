"""Warm starts: known heuristics that a search begins with, around any strategy.

They are the first requests: each is evaluated as a candidate of the run, without a model, and once all are told the strategy takes in those
that work, in the order they are named. So a search can begin at one's own programs, at what earlier runs found, or at the textbook, and not
below it. Their sources are part of the configuration that is stored with a run.
"""

from collections import deque
from collections.abc import Sequence

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.components import Config
from evoheur.request import Outcome, Request, RequestKind
from evoheur.strategies.strategy import Strategy
from evoheur.strategies.wrapped_strategy import WrappedStrategy

__all__ = ["WarmStart", "WarmStarting"]


class WarmStart(Config):
    """A heuristic that a search begins with; a plain string stands for its source."""

    source: str = Field(min_length=1)
    """A file that ends in .py, a candidate as RUN/17 or RUN/best, "textbook" for all textbook rules that can be written as heuristics of
    the problem, or "textbook:NAME" for one of them."""
    archive: str | None = None
    """Database URL of the run; the archive of this run if not given."""
    code: str | None = None
    """Its source code. It is stored when a run starts, so that what the file or the other run is later changes nothing."""
    thought: str = ""
    """Its idea in a sentence, for people and prompts."""


class WarmStarting(WrappedStrategy):
    """A strategy that begins with known heuristics.

    Args:
        strategy: Breeds.
        starts: At least one, all with their code.
    """

    def __init__(self, strategy: Strategy, starts: Sequence[WarmStart]) -> None:
        super().__init__(strategy)
        self._queue = deque(enumerate(starts))
        self._missing = len(self._queue)  # not told yet
        self._told: dict[int, Candidate] = {}  # by place

    def ask(self) -> Request | None:
        """The next of the known heuristics, then what the strategy asks for; None while a known one is not told."""
        if self._queue:
            place, start = self._queue.popleft()
            return Request.warm_start(start.code or "", source=start.source, thought=start.thought, place=place)
        return None if self._missing else self._strategy.ask()

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Collect the known heuristics, and hand them to the strategy when all are there; pass on everything else."""
        if request.kind is not RequestKind.WARM_START:
            self._strategy.tell(request, outcome)
            return
        self._missing -= 1
        if isinstance(outcome, Candidate) and isinstance(request.tag, int):
            self._told[request.tag] = outcome
        if not self._missing:
            for place in sorted(self._told):
                self._strategy.immigrate(self._told[place])
            self._told.clear()
