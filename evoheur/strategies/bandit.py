"""Discounted UCB, a bandit for arms whose worth changes.

It says which of several arms to play next when what an arm is worth changes with time.

Source: Aurélien Garivier and Eric Moulines 2011, "On Upper-Confidence Bound Policies for Switching Bandit Problems", ALT
(doi 10.1007/978-3-642-24412-4_16, arXiv 0805.3415). With N(i) the plays of arm i and X(i) the mean of its rewards, both discounted by γ
per play of any arm, the arm with the largest

    X(i) + 2B √(ξ ln n / N(i)),    n = the sum of all N(i),

is played: B bounds the rewards, and the theory wants ξ > 1/2. `exploration` stands for 2B √ξ.

How ours differs. Rewards arrive late and in any order, while other plays are under way. Time passes when a reward arrives, and plays under
way count in N(i) and n, undiscounted, but not in X(i): so several plays that are started one after the other are spread over the arms as if
nothing were known of them but that they were made.
"""

import math
from functools import reduce
from operator import add

__all__ = ["DiscountedUcb"]


class DiscountedUcb:
    """The bandit; holds a few numbers per arm and draws nothing.

    Args:
        arms: How many there are, numbered from 0.
        discount: γ, in (0, 1]; 1 never forgets.
        exploration: Weight of what is not known; 0 plays the best mean so far.
    """

    def __init__(self, arms: int, *, discount: float, exploration: float) -> None:
        self._discount = discount
        self._exploration = exploration
        self._plays = [0.0] * arms  # discounted
        self._rewards = [0.0] * arms  # discounted sums
        self._under_way = [0] * arms

    def ranking(self) -> list[int]:
        """The arms, largest index first; of equal ones the one with the smaller number."""
        indices = self.indices()
        return sorted(range(len(indices)), key=lambda arm: -indices[arm])

    def indices(self) -> list[float]:
        """X(i) and its upper confidence margin, per arm.

        Infinite for an arm that was never played.
        """
        tried = [plays + under_way for plays, under_way in zip(self._plays, self._under_way, strict=True)]
        known = math.log(max(1.0, reduce(add, tried)))  # `sum` compensates since Python 3.12: a run would go another way there
        return [
            self.mean(arm) + self._exploration * math.sqrt(known / count) if count else math.inf
            for arm, count in enumerate(tried)
        ]

    def mean(self, arm: int) -> float:
        """X(i): the discounted mean of an arm's rewards; 0 before its first one."""
        return self._rewards[arm] / self._plays[arm] if self._plays[arm] else 0.0

    def start(self, arm: int) -> None:
        """Play an arm; its reward comes later."""
        self._under_way[arm] += 1

    def finish(self, arm: int, reward: float) -> None:
        """Take the reward, in [0, 1], of a play that was started."""
        self._under_way[arm] -= 1
        self._plays = [self._discount * plays for plays in self._plays]
        self._rewards = [self._discount * rewards for rewards in self._rewards]
        self._plays[arm] += 1.0
        self._rewards[arm] += reward
