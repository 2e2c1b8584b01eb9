"""Tuning of constants before survival.

A strategy hears of a promising child with its best numbers.

Source: constants within the loop are TIDE's (by differential evolution); to tune only what enters the top share, and by whichever optimiser
is configured, is ours. A structure is thus judged by what it can do, and not by the numbers that a model happened to write.

The strategy inside sees one outcome for each of its requests, only later. A tuning is a request of the search: its evaluations, and that of
the heuristic it ends with, are the search's.
"""

import math
from collections import deque
from collections.abc import Hashable, Mapping, Sequence

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request, RequestKind
from evoheur.strategies.strategy import OperatorCard, Strategy
from evoheur.strategies.tuning import TuneConfig
from evoheur.strategies.wrapped_strategy import WrappedStrategy

__all__ = ["TUNE_CHILD", "TUNE_CHILD_CARD", "TuningBeforeSurvival"]

TUNE_CHILD = "tune_child"

TUNE_CHILD_CARD: Mapping[str, OperatorCard] = {
    TUNE_CHILD: OperatorCard(
        summary="tune the constants of a child before survival",
        parents=(1, 1),
        kind=RequestKind.TUNING,
        context={"evaluations": "how many evaluations it may take", "method": "the optimiser"},
    )
}


class TuningBeforeSurvival(WrappedStrategy):
    """A strategy whose promising children are tuned first.

    A child is promising if fewer than ceil(share · n) of the strategy's n best are at least as good. Where nothing is held yet, nothing is
    tuned. The strategy is told the tuned one if that is new and better, else the child.

    Args:
        strategy: Breeds.
        config: Its `before_survival` is the share.
    """

    def __init__(self, strategy: Strategy, config: TuneConfig) -> None:
        if config.before_survival is None:
            raise ValueError("tune.before_survival is not set; give the share of children to tune, or tune beside the search")
        super().__init__(strategy)
        self._share = config.before_survival
        self._each = config.each
        self._method = config.method
        self._left = config.evaluations
        self._queue: deque[Hashable] = deque()  # tags of tunings that are to be asked for
        self._held: dict[Hashable, tuple[Request, Candidate]] = {}  # by tag: what the strategy asked for and is not told yet
        self._count = 0

    def ask(self) -> Request | None:
        """A tuning if one is due, else what the strategy asks for."""
        if not self._queue:
            return self._strategy.ask()
        tag = self._queue.popleft()
        _, child = self._held[tag]
        evaluations = min(self._each, self._left)
        self._left -= evaluations
        context = {"evaluations": str(evaluations), "method": self._method}
        return Request(operator=TUNE_CHILD, kind=RequestKind.TUNING, parents=(child,), context=context, tag=tag)

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Hold a promising child for tuning.

        Everything else is passed on, and what was tuned in the place of its child.
        """
        if request.operator == TUNE_CHILD and request.tag in self._held:
            original, child = self._held.pop(request.tag)
            self._strategy.tell(original, outcome if _improves(outcome, child) else child)
        elif isinstance(outcome, Candidate) and request.kind is RequestKind.MODEL and self._is_promising(outcome):
            self._count += 1
            tag = (TUNE_CHILD, self._count)
            self._held[tag] = (request, outcome)
            self._queue.append(tag)
        else:
            self._strategy.tell(request, outcome)

    def elites(self) -> Sequence[Candidate]:
        """The strategy's and the waiting children, best first."""
        both = [*self._strategy.elites(), *(child for _, child in self._held.values())]
        return tuple(sorted(both, key=lambda elite: elite.objective if elite.objective is not None else math.inf))

    def _is_promising(self, child: Candidate) -> bool:
        best = [elite.objective for elite in self._strategy.elites() if elite.objective is not None]
        if child.objective is None or child.duplicate_of is not None or not best:
            return False
        if self._left <= self._each * len(self._queue):  # nothing is left when those before it have theirs
            return False
        return sum(objective <= child.objective for objective in best) < math.ceil(self._share * len(best))


def _improves(outcome: Outcome, child: Candidate) -> bool:
    """Whether a tuned heuristic is new and better."""
    if not isinstance(outcome, Candidate) or outcome.objective is None or outcome.duplicate_of is not None:
        return False
    return child.objective is None or outcome.objective < child.objective
