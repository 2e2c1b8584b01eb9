"""OPRO: asking a model to improve on the best so far.

The model is shown the best solutions so far with their scores, and asked for a better one.

Source: Chengrun Yang et al. 2023, "Large Language Models as Optimizers", ICLR 2024 (arXiv 2309.03409), with the code released beside it.
The prompt lists the best heuristics by ascending worth, the best last, since the end of a prompt weighs most; every step takes several
samples of it.

How ours differs. The paper optimises points, tours and instructions, which are a line each; a heuristic is twenty or more, so a prompt
of `keep` = 20 is long, and a small model may want fewer. The first solutions are invented by the model, where the releases start from
random points or a given instruction. A step does not wait for the outcomes in flight: with one request in flight it is the published step,
with more the list lags behind by those. Failed candidates are not listed.
"""

import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.selection import admission_bound, renewed
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig

__all__ = ["Opro", "OproConfig", "listed"]


class OproConfig(StrategyConfig):
    """OPRO (Yang et al. 2023); defaults are the paper's values."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "propose": OperatorCard(
            summary="better all that are listed, worst to best", variation="vary", parents=(1, None), context=BASELINE_SHOWN
        ),
    }

    takes_new_worth = True
    kind: Literal["opro"] = "opro"

    keep: int = Field(default=20, ge=1)
    """How many of the best heuristics the prompt lists. Paper: 20 for linear regression and instructions; release: 10 for TSP."""

    initial: int = Field(default=5, ge=1)
    """How many i1 requests come first. Release: 5 starting points for linear regression and TSP."""

    samples_per_step: int = Field(default=8, ge=1)
    """How many requests in a row show the same list. Paper: 8."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body."""

    def build(self, baseline: Candidate, rng: random.Random) -> "Opro":  # noqa: ARG002 - it draws nothing and begins with inventions
        """Make the strategy; the baseline is not in its list."""
        return Opro(self)


class Opro(Strategy):
    """OPRO; never waits. The first requests are inventions, until there is something to list."""

    def __init__(self, config: OproConfig) -> None:
        self._config = config
        self._context = {"baseline": "body" if config.show_baseline_body else "header"}
        self._initial_left = config.initial
        self._best: list[Candidate] = []  # best first
        self._step: tuple[Candidate, ...] = ()  # what the present step lists, best last
        self._samples_left = 0

    def ask(self) -> Request:
        """An invention at first and while nothing works; then the list."""
        bound = admission_bound(self._best, self._config.keep)
        if self._initial_left or not self._best:
            self._initial_left = max(0, self._initial_left - 1)
            return Request(operator="i1", context=self._context, bound=bound)
        if not self._samples_left:
            self._step = tuple(reversed(self._best))
            self._samples_left = self._config.samples_per_step
        self._samples_left -= 1
        return Request(operator="propose", parents=self._step, context=self._context, bound=bound)

    def tell(self, request: Request, outcome: Outcome) -> None:  # noqa: ARG002 - there is one list
        """Take a candidate into the list if it is among the best."""
        if isinstance(outcome, Candidate):
            self.immigrate(outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """Take it into the list if it is among the best."""
        self._best = listed(self._best, candidate, self._config.keep)

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """List the best by their new worth, from the next request on."""
        best: list[Candidate] = []
        for member in renewed(self._best, fresh):
            best = listed(best, member, self._config.keep)
        self._best = best
        self._samples_left = 0

    def elites(self) -> Sequence[Candidate]:
        """The list, best first."""
        return tuple(self._best)


def listed(best: Sequence[Candidate], newcomer: Candidate, size: int) -> list[Candidate]:
    """The best with a newcomer among them.

    Heuristics of equal worth may stand side by side, the older one first; the same code may not, as in the releases.

    Args:
        best: Best first.
        newcomer: May have failed.
        size: How many may stay; of equal ones the older.
    """
    same = any(member.code == newcomer.code or member.id == newcomer.duplicate_of for member in best)
    if newcomer.objective is None or same:
        return list(best)
    place = bisect_right(best, newcomer.objective, key=lambda member: member.objective or 0.0)
    return [*best[:place], newcomer, *best[place:]][:size]
