"""LHNS: neighbourhood search that ruins and rebuilds one heuristic.

One at a time; parts of it are taken out and rebuilt by the model.

Source: Zhuoliang Xie et al. 2025, "LLM-Driven Neighborhood Search for Efficient Heuristic Design", IEEE Congress on Evolutionary
Computation (IEEE Xplore document 11043025), in the form of its release (github.com/Acquent0/LHNS) and of LLM4AD's `lhns`. A share of the
current heuristic's code is removed and the model rebuilds it. What is better, or as good, becomes the current heuristic; what is worse
by a relative difference d does so with probability exp(-d / T), at a temperature T = alpha·(1 - (t - 1) / horizon) that falls over the
run.

| variant | share that is taken out                                              | after 10 outcomes in a row without improvement      |
| ------- | -------------------------------------------------------------------- | --------------------------------------------------- |
| vns     | 0.1, more by 0.1 after every rejection and from the start after all; | –                                                   |
|         | 0.1 again after every acceptance                                     |                                                     |
| ils     | 0.5                                                                  | `perturb`: the model changes the best one freely    |
| ts      | 0.5                                                                  | `merge`: the current one with one of five elites,   |
|         |                                                                      | whose new lines are pointed out                     |

How ours differs.

* Whole statements go instead of lines, and each gap is marked (see `ruin`).
* The relative difference is taken by the size of the current objective, where the releases divide by the objective itself and so accept
  everything worse while it is negative. It does not depend on the objective's unit, but on where its zero is: where the objective is a
  gap to a reference, it is the gap that is compared. A current objective of exactly 0 lets nothing worse in.
* It starts from the first i1 that works, as in LLM4AD, or from the problem's own heuristic (`seed_with_baseline`), as in the release, which
  reads a file. The release's table of elites starts empty, ours with that heuristic.
* `merge` shows the elite whole, beside the lines that set it apart from what it was bred from. The release inserts these lines into the
  current heuristic before its `return` and shows no more of the elite; LLM4AD does so too but describes the current one twice.
* LLM4AD uses one number for both the share of vns and the temperature, which then *rises* with every rejection; and it goes on escaping
  after the tenth failure until there is an improvement, where the release and ours go back to rebuilding. Ours repeats neither.

With many in flight nothing waits: a request is about the current heuristic and the share at the time it is asked, and its outcome is
compared with the current heuristic at the time it is told. Until the first heuristic works every request is i1; later ones of these are
outcomes like any other. t counts the outcomes told so far, failures included, and the generator is drawn from in the order of the tells.
"""

import math
import random
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, TypeAlias

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.mate_choice import MateSetting, mates_by
from evoheur.strategies.ruin import new_lines, ruin
from evoheur.strategies.selection import renewed, survivors
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig

__all__ = ["Lhns", "LhnsConfig", "Variant", "acceptance", "next_share", "temperature"]

Variant: TypeAlias = Literal["vns", "ils", "ts"]


class LhnsConfig(StrategyConfig):
    """LHNS (Xie et al. 2025); defaults are the release's, in its variant vns."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "rebuild": OperatorCard(
            summary="fill the gaps in the current heuristic",
            variation="vary",
            parents=(1, 1),
            context={**BASELINE_SHOWN, "ruined": "the parent's code with its gaps marked"},
        ),
        "perturb": OperatorCard(
            edits=True, summary="change the best heuristic freely", variation="vary", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "merge": OperatorCard(
            summary="join the current heuristic, shown first, and an elite",
            variation="vary",
            parents=(2, 2),
            context={**BASELINE_SHOWN, "features": "the elite's lines that what it was bred from did not have, or nothing"},
        ),
    }

    takes_new_worth = True
    kind: Literal["lhns"] = "lhns"

    variant: Variant = "vns"
    """"vns" varies the share that is taken out, "ils" perturbs the best, "ts" merges with elites. Release and LLM4AD: vns."""

    share: float | None = Field(default=None, ge=0, le=1)
    """The share of the statements that is taken out (vns: at first); None for 0.1 in vns and 0.5 in ils and ts. Release: 0.1 in its
    script and 0.5 in its readme, of all variants alike; LLM4AD: 0.1; BLADE reads 0.5 for ils and ts in the paper."""

    share_step: float = Field(default=0.1, gt=0, le=1)
    """By how much vns raises the share after a rejection. Release and LLM4AD: 0.1."""

    temperature: float = Field(default=0.1, ge=0, allow_inf_nan=False)
    """alpha, the temperature at the start, in relative differences: at 0.1, what is 1 % worse is accepted nine times in ten and what is
    10 % worse about once in three. Release and LLM4AD: 0.1."""

    horizon: int = Field(default=1000, ge=1)
    """The number of outcomes over which the temperature falls to 0; set it to the run's budget. Release: the budget, 1000."""

    patience: int = Field(default=10, ge=1)
    """After how many outcomes in a row without improvement ils perturbs and ts merges. Release and LLM4AD: 10."""

    mate: MateSetting = "published"
    """Which elite ts merges with: "published", any, all alike; or one by "rank", by "distance" of costs, or as a "complement"."""

    elite_size: int = Field(default=5, ge=1)
    """How many heuristics of pairwise different objective ts merges with, and how many reports show. Release and LLM4AD: 5."""

    seed_with_baseline: bool = False
    """Whether the search starts from the problem's own heuristic. Release: from a file; LLM4AD: no."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body. LLM4AD: no."""

    @property
    def first_share(self) -> float:
        """The share that is taken out at first."""
        if self.share is not None:
            return self.share
        return 0.1 if self.variant == "vns" else 0.5

    def build(self, baseline: Candidate, rng: random.Random) -> "Lhns":
        """Make the strategy."""
        return Lhns(self, baseline, rng)


class Lhns(Strategy):
    """LHNS in steady state; it never waits."""

    def __init__(self, config: LhnsConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        self._rng = rng
        self._baseline = {"baseline": "body" if config.show_baseline_body else "header"}
        self._current: Candidate | None = None
        self._elites: list[Candidate] = []
        self._features: dict[int, str] = {}  # by elite; what came without a parent has none
        self._share = config.first_share
        self._failures = 0  # outcomes in a row without improvement
        self._told = 0  # t
        if config.seed_with_baseline:
            self.immigrate(baseline)

    def ask(self) -> Request:
        """Rebuild the current heuristic, or escape from it; before there is one, invent."""
        if self._current is None:
            return Request(operator="i1", context=self._baseline)
        if self._failures >= self._config.patience and (escape := self._escape(self._current)) is not None:
            self._failures = 0
            return escape
        ruined = ruin(self._current.code, self._share, self._rng)
        return Request(operator="rebuild", parents=(self._current,), context={**self._baseline, "ruined": ruined})

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Accept the outcome or not, and remember it if it is among the best."""
        self._told += 1
        accepted = improved = False
        if isinstance(outcome, Candidate) and outcome.objective is not None:
            self._remember(outcome, bred_from=request.parents)
            improved = self._improves(outcome)
            accepted = improved or self._rng.random() < self._acceptance(outcome.objective)
            if accepted:
                self._current = outcome
        self._failures = 0 if improved else self._failures + 1
        if self._config.variant == "vns":
            first = self._config.first_share
            self._share = first if accepted else next_share(self._share, first, self._config.share_step)

    def immigrate(self, candidate: Candidate) -> None:
        """Remember a foreign heuristic if it is among the best.

        Go on from it if it is better than the current one.
        """
        if candidate.objective is None:
            return
        self._remember(candidate, bred_from=())
        if self._improves(candidate):
            self._current = candidate
            self._failures = 0
            self._share = self._config.first_share

    def elites(self) -> Sequence[Candidate]:
        """The best seen, best first, one per objective."""
        return tuple(self._elites)

    def members(self) -> Sequence[Candidate]:
        """The elites and the current heuristic."""
        current = () if self._current is None else (self._current,)
        return tuple({member.id: member for member in (*self._elites, *current)}.values())

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Go on from the current heuristic, or from the best elite where it failed."""
        current = None if self._current is None else fresh[self._current.id]
        self._elites = survivors(renewed(self._elites, fresh), self._config.elite_size)
        self._features = {elite.id: self._features.get(elite.id, "") for elite in self._elites}
        if current is None or current.objective is None:
            current = self._elites[0] if self._elites else None
        self._current = current

    def _escape(self, current: Candidate) -> Request | None:
        """The request of ils and ts against a local optimum.

        None where there is nothing to do it with.
        """
        match self._config.variant:
            case "ils":
                return Request(operator="perturb", parents=(self._elites[0],), context=self._baseline)
            case "ts" if others := [elite for elite in self._elites if elite.code != current.code]:
                elite = self._mate(current, others)
                features = self._features.get(elite.id, "")
                return Request(operator="merge", parents=(current, elite), context={**self._baseline, "features": features})
            case _:
                return None

    def _mate(self, current: Candidate, others: Sequence[Candidate]) -> Candidate:
        if self._config.mate == "published":
            return self._rng.choice(others)
        [elite] = mates_by(self._config.mate, current, others, 1, self._rng)
        return elite

    def _remember(self, candidate: Candidate, *, bred_from: Sequence[Candidate]) -> None:
        self._elites = survivors([*self._elites, candidate], self._config.elite_size)
        features = {elite.id: self._features.get(elite.id, "") for elite in self._elites}
        if candidate.id in features and bred_from:
            features[candidate.id] = "\n".join(new_lines(candidate.code, bred_from[0].code))
        self._features = features

    def _improves(self, candidate: Candidate) -> bool:
        if self._current is None:
            return True
        assert candidate.objective is not None
        assert self._current.objective is not None
        return candidate.objective < self._current.objective

    def _acceptance(self, objective: float) -> float:
        assert self._current is not None
        assert self._current.objective is not None
        heat = temperature(self._told, self._config.temperature, self._config.horizon)
        return acceptance(self._current.objective, objective, heat)


def temperature(outcome: int, start: float, horizon: int) -> float:
    """The temperature at the outcome of this number.

    Numbers count from 1; it falls from `start` in equal steps and is 0 after the horizon.
    """
    return start * max(1.0 - (outcome - 1) / horizon, 0.0)


def acceptance(current: float, new: float, heat: float) -> float:
    """The probability with which a new objective is accepted.

    It is exp(-d / T) for a relative difference of d.

    Args:
        current: The objective of the current heuristic, of any sign.
        new: The objective of the new one.
        heat: The temperature T, at least 0.
    """
    if new <= current:
        return 1.0
    if heat <= 0.0 or current == 0.0:
        return 0.0
    return math.exp(-(new - current) / abs(current) / heat)


def next_share(share: float, first: float, step: float) -> float:
    """The share of code to remove after a rejection.

    It is one step more, at most all, and after all the first one again.
    """
    return first if share >= 1.0 else min(round(share + step, 9), 1.0)
