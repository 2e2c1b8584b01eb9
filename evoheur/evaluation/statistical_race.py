"""Statistical racing.

A candidate that is significantly worse than known ones is not scored any further.

Sources: Friedman's test with ties and the comparison of pairs after it, W. J. Conover 1999, "Practical Nonparametric Statistics", 3rd
edition, section 5.8, as racing uses them since Mauro Birattari et al. 2002, "A racing algorithm for configuring metaheuristics" (GECCO). A
first test after 5 instances, one more after each, and an end after 2 tests that drop nobody are AdaEva's.

How ours differs. Those races are held within a batch, whose members are dropped where the best of it beats them. Here candidates come one
after the other, so that one races against the costs of the best ones known, and is dropped only where every one of these beats it. That
needs no correction for many comparisons: what holds of each rival at a level holds of all of them at that level.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from evoheur.problem import Instance

__all__ = ["RankTest", "StatisticalRace", "mean_ranks", "race_order", "rank_test"]


class RankTest(NamedTuple):
    """What ranks of several treatments in several blocks say.

    Attributes:
        p: Of Friedman's test, by the chi-squared distribution; 1 where all are tied in every block.
        sums: The rank sum of every treatment; small ones are good.
        critical: The least difference of two rank sums that is significant at the level, in either direction.
    """

    p: float
    sums: tuple[float, ...]
    critical: float


def mean_ranks(costs: Sequence[float]) -> list[float]:
    """Ranks from 1 for the smallest.

    Equal ones share their mean rank.
    """
    return [sum(other < cost for other in costs) + (sum(other == cost for other in costs) + 1) / 2 for cost in costs]


def rank_test(blocks: Sequence[Sequence[float]], level: float) -> RankTest:
    """Friedman's test with ties, and the critical difference after it.

    Args:
        blocks: Instance by instance, the costs of all treatments; at least two of each, and finite.
        level: Of the comparison of pairs, two-sided.
    """
    from scipy.special import chdtrc, stdtrit  # noqa: PLC0415 - takes 0.3 seconds, and most runs hold no race

    ranks = [mean_ranks(block) for block in blocks]
    count, size = len(ranks), len(ranks[0])
    sums = tuple(math.fsum(column) for column in zip(*ranks, strict=True))
    squares = math.fsum([rank * rank for block in ranks for rank in block])
    of_sums = math.fsum([total * total for total in sums])
    middle = count * size * (size + 1) ** 2 / 4
    if squares <= middle:  # only ties
        return RankTest(1.0, sums, math.inf)
    statistic = (size - 1) * (of_sums - count * middle) / (squares - middle)
    freedom = (count - 1) * (size - 1)
    within = max(0.0, 2.0 * (count * squares - of_sums) / freedom)  # 0 where all blocks rank alike
    return RankTest(float(chdtrc(size - 1, statistic)), sums, float(stdtrit(freedom, 1.0 - level / 2)) * math.sqrt(within))


def race_order(instances: Sequence[Instance], most: int) -> tuple[int, ...]:
    """The places of all instances in the order of a race.

    First `most` ones, taken from all families in turn and within a family at random, always the same: a test takes instances for a sample,
    which the smallest ones of one family are not. Then the others as they come.
    """
    families: dict[str, list[int]] = {}
    for place, instance in enumerate(instances):
        families.setdefault(instance.family, []).append(place)
    rng = random.Random(0)  # noqa: S311 - the same order in every run, so that costs compare
    turns: list[tuple[int, int]] = []  # number within the family, place
    for places in families.values():
        rng.shuffle(places)
        turns.extend(enumerate(places))
    raced = [place for _, place in sorted(turns, key=lambda turn: turn[0])[:most]]  # a stable sort: families stay in turn
    held = set(raced)
    return (*raced, *(place for place in range(len(instances)) if place not in held))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticalRace:
    """A race of one candidate against the costs of known ones.

    Attributes:
        rivals: Their costs by instance, at least two rivals; in the order of the instances.
        first: After so many instances the first test is held.
        tests: So many are held, one more after each instance; then the candidate is scored on all.
        level: Of Friedman's test and of each comparison.
    """

    rivals: tuple[tuple[float, ...], ...]
    first: int
    tests: int
    level: float

    @property
    def most(self) -> int:
        """After how many instances the last test is held."""
        return self.first + self.tests - 1

    def in_order(self, places: Sequence[int]) -> "StatisticalRace":
        """The same race over instances in another order."""
        return replace(self, rivals=tuple(tuple(costs[place] for place in places) for costs in self.rivals))

    def verdict(self, costs: Sequence[float]) -> str:
        """Why a candidate is dropped now.

        In words; empty where it goes on.

        Args:
            costs: Its costs so far, in the order of the instances.
        """
        solved, total = len(costs), len(self.rivals[0])
        if not self.first <= solved <= self.most or solved == total:
            return ""
        test = rank_test([[cost, *column] for cost, *column in zip(costs, *self.rivals, strict=False)], self.level)
        mine, *theirs = test.sums
        if test.p >= self.level or any(mine - other <= test.critical for other in theirs):
            return ""
        return (
            f"significantly worse than all {len(theirs)} rivals after {solved} of {total} instances (Friedman p = {test.p:.2g})"
        )

    def first_verdict(self, costs: Sequence[float]) -> tuple[int, str]:
        """When a candidate is dropped, and why.

        After so many instances; 0 where it is not.

        Args:
            costs: Its costs on all instances, in their order.
        """
        for solved in range(self.first, self.most + 1):
            if detail := self.verdict(costs[:solved]):
                return solved, detail
        return 0, ""
