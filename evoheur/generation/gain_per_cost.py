"""Which of several models to ask next, by what their replies gained for what they cost.

Source: Long Tran-Thanh, Archie Chapman, Alex Rogers and Nicholas Jennings 2012, "Knapsack Based Optimal Policies for Budget-Limited
Multi-Armed Bandits", AAAI (arXiv 1204.1909): the arm with the largest

    (X(i) + ξ √(ln n / N(i))) / c(i)

is played, with X(i) the mean of its rewards, N(i) its plays, n those of all arms and c(i) its cost, here the mean so far.

How ours differs. Rewards arrive late and in any order, while other plays are under way: these count in N(i) and n, but not in X(i). ξ is
a setting, since most rewards are 0. A reply earns 1/r when its heuristic takes place r among the ten best objectives so far, and nothing
where one of them has the same: places mean the same for every problem and at every stage of a search.
"""

import bisect
import math
from dataclasses import dataclass

__all__ = ["GainPerCost"]

_PLACES = 10


@dataclass(slots=True)
class _Arm:
    plays: int = 0
    under_way: int = 0
    reward: float = 0.0
    usd: float = 0.0
    priced: int = 0
    tokens: int = 0


class GainPerCost:
    """The bandit over models; draws nothing.

    Args:
        names: Of the models; of equal indices the first is asked.
        exploration: ξ.
    """

    def __init__(self, names: tuple[str, ...], *, exploration: float) -> None:
        self._arms = {name: _Arm() for name in names}
        self._exploration = exploration
        self._best: list[float] = []

    def ranking(self) -> list[str]:
        """The models, best first."""
        total = sum(arm.plays + arm.under_way for arm in self._arms.values())
        known = math.log(max(1, total))
        costs = self._costs()

        def index(name: str) -> float:
            arm = self._arms[name]
            count = arm.plays + arm.under_way
            if not count:
                return math.inf
            mean = arm.reward / arm.plays if arm.plays else 0.0
            return (mean + self._exploration * math.sqrt(known / count)) / costs[name]

        return sorted(self._arms, key=lambda name: -index(name))

    def start(self, name: str) -> None:
        """Ask a model; what it gained comes later."""
        self._arms[name].under_way += 1

    def withdraw(self, name: str) -> None:
        """A model was asked, and nothing will come of it that can be told to be its own."""
        self._arms[name].under_way -= 1

    def learn(self, name: str, objective: float | None, *, usd: float | None, tokens: int) -> None:
        """Take what a reply gained.

        Args:
            name: Of the model.
            objective: Of its heuristic, minimised; None if it is of no use.
            usd: What the reply cost; None if unknown.
            tokens: Of prompt and reply.
        """
        arm = self._arms[name]
        arm.plays += 1
        arm.tokens += tokens
        if usd is not None:
            arm.usd += usd
            arm.priced += 1
        if objective is not None and math.isfinite(objective):
            arm.reward += self._earned(objective)

    def _earned(self, objective: float) -> float:
        place = bisect.bisect_left(self._best, objective)
        if place >= _PLACES or (place < len(self._best) and self._best[place] == objective):
            return 0.0
        self._best.insert(place, objective)
        del self._best[_PLACES:]
        return 1.0 / (place + 1)

    def _costs(self) -> dict[str, float]:
        """Mean cost of a model's reply, compared with the cheapest one.

        In money where that is known of every reply, else in tokens; 1 before the first.
        """
        asked = [arm for arm in self._arms.values() if arm.plays]
        if asked and all(arm.priced == arm.plays and arm.usd > 0 for arm in asked):
            means = {name: arm.usd / arm.plays if arm.plays else math.nan for name, arm in self._arms.items()}
        elif asked and all(arm.tokens > 0 for arm in asked):
            means = {name: arm.tokens / arm.plays if arm.plays else math.nan for name, arm in self._arms.items()}
        else:
            means = dict.fromkeys(self._arms, 1.0)
        least = min((mean for mean in means.values() if not math.isnan(mean)), default=1.0)
        return {name: 1.0 if math.isnan(mean) else mean / least for name, mean in means.items()}
