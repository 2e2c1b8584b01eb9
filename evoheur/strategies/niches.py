"""Niches of heuristics.

They are grouped by what they are good at, or by how they are written.

Source: Qinglong Hu and Qingfu Zhang 2025, "Partition to Evolve: Niching-enhanced Evolution with LLMs for Automated Algorithm Discovery"
(PartEvo, NeurIPS, openreview.net/forum?id=OEawM2coNT), which partitions the space of features of heuristics by k-means.

How ours differs. Features are costs by instance or syntax trees, with no principal components; groups are those of k-medoids, which need
distances only. Every so often they are formed anew, and new groups take over the numbers of those that they share most members with. A
heuristic is filed by what it is, whatever its parents' niche; in PartEvo's release offspring have no niche, so they stay as at first.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.code.similarity import similarity
from evoheur.components import Config
from evoheur.strategies.complementary import worths

__all__ = ["Niches", "NichesConfig", "matched_labels", "medoid_groups"]

_ROUNDS = 20  # of k-medoids; few are needed
_MOST = 100  # heuristics that groups are formed of, the best ones: the work grows with the square

Distances = Sequence[Sequence[float]]


class NichesConfig(Config):
    """Niches by behaviour or structure (after PartEvo)."""

    by: Literal["costs", "structure"] = "costs"
    """What makes heuristics alike: "costs", where they rank high and where low, instance by instance; "structure", their syntax trees."""
    count: int = Field(default=4, ge=2, le=8)
    """How many niches there are. PartEvo: 4."""
    every: int = Field(default=40, ge=1)
    """After how many new heuristics niches are formed anew; the first time as soon as there are two heuristics for each. PartEvo: never
    again."""


def medoid_groups(distances: Distances, count: int) -> list[list[int]]:
    """Group points around medoids; deterministic.

    It begins with the most central point and then takes the point that is farthest from all before; then members and medoids are adapted to
    each other in turn, as in k-means. After Kaufman and Rousseeuw 1987.

    Args:
        distances: Of all points to each other, symmetric.
        count: The most groups; fewer where fewer points differ.

    Returns:
        The points of every group, its medoid first.
    """
    points = range(len(distances))
    medoids = [min(points, key=lambda point: math.fsum(distances[point]))]
    while len(medoids) < count:
        far = max(points, key=lambda point: min(distances[point][medoid] for medoid in medoids))
        if min(distances[far][medoid] for medoid in medoids) <= 0.0:
            break
        medoids.append(far)
    groups = _assigned(distances, medoids)
    for _ in range(_ROUNDS):
        central = [min(group, key=lambda point: math.fsum([distances[point][each] for each in group])) for group in groups]
        if central == medoids:
            break
        medoids, groups = central, _assigned(distances, central)
    return [[medoid, *(point for point in group if point != medoid)] for medoid, group in zip(medoids, groups, strict=True)]


def _assigned(distances: Distances, medoids: Sequence[int]) -> list[list[int]]:
    groups: list[list[int]] = [[] for _ in medoids]
    for point in range(len(distances)):
        # A medoid is in its own group, also where another one is as near.
        place = (
            medoids.index(point) if point in medoids else min(range(len(medoids)), key=lambda at: distances[point][medoids[at]])
        )
        groups[place].append(point)
    return groups


def matched_labels(shared: Sequence[Sequence[int]], count: int) -> list[int]:
    """Number new groups after the old ones.

    As many members as can be keep their number.

    Args:
        shared: For every new group, how many members it has of each old number.
        count: How many numbers there are, at least as many as groups.

    Returns:
        A different number for every new group; of equally good ways the one with the smallest numbers first.
    """

    @cache
    def best(group: int, taken: int) -> tuple[int, tuple[int, ...]]:
        if group == len(shared):
            return 0, ()
        ways = []
        for number in range(count):
            if not taken >> number & 1:
                kept, rest = best(group + 1, taken | 1 << number)
                ways.append((kept + shared[group][number], (number, *rest)))
        return max(ways, key=lambda way: (way[0], tuple(-number for number in way[1])))

    return list(best(0, 0)[1])


class Niches:
    """Tells which niche a heuristic belongs to.

    Args:
        config: What makes heuristics alike, and how many niches there are.
    """

    def __init__(self, config: NichesConfig) -> None:
        self._config = config
        self._reference: list[tuple[float, ...]] = []  # worths by instance of those that groups were formed of
        self._medoids: list[tuple[int, Candidate]] = []  # with the niche's number
        self._since = 0

    @property
    def count(self) -> int:
        """How many niches there may be."""
        return self._config.count

    def due(self, members: int) -> bool:
        """Whether niches are to be formed now.

        Args:
            members: How many heuristics there are.
        """
        if not self._medoids:
            return members >= 2 * self._config.count
        return self._since >= self._config.every

    def arrived(self) -> None:
        """Count a new heuristic."""
        self._since += 1

    def label(self, candidate: Candidate) -> int:
        """The number of a heuristic's niche.

        0 before any are formed; the nearest first one where it does not compare.

        Args:
            candidate: One that works.
        """
        if not self._medoids:
            return 0
        apart = self._distance()
        return min(self._medoids, key=lambda medoid: (apart(medoid[1], candidate), medoid[0]))[0]

    def form(self, members: Sequence[Candidate], old: Callable[[Candidate], int]) -> None:
        """Form niches anew.

        Args:
            members: That work, each once; the best count where there are many.
            old: The number of the niche that a member was in.
        """
        self._since = 0
        best = sorted(members, key=lambda member: (member.objective or 0.0, member.id))[:_MOST]
        labels = [old(member) for member in best]  # before anything changes that they may follow from
        if not best:
            self._reference, self._medoids = [], []
            return
        self._reference = [vector for member in best if (vector := worths(member)) is not None]
        apart = self._distance()
        distances = [[0.0] * len(best) for _ in best]
        for place, member in enumerate(best):
            for other in range(place):
                distances[place][other] = distances[other][place] = apart(member, best[other])
        groups = medoid_groups(distances, self._config.count)
        shared = [[sum(labels[point] == number for point in group) for number in range(self.count)] for group in groups]
        numbers = matched_labels(shared, self.count)
        self._medoids = sorted(
            ((number, best[group[0]]) for number, group in zip(numbers, groups, strict=True)), key=lambda medoid: medoid[0]
        )

    def _distance(self) -> Callable[[Candidate, Candidate], float]:
        if self._config.by == "structure":
            return lambda one, other: 1.0 - similarity(one.code, other.code)
        profiles: dict[int, tuple[float, ...]] = {}

        def profile(candidate: Candidate) -> tuple[float, ...]:
            if candidate.id not in profiles:
                profiles[candidate.id] = _profile(worths(candidate) or (), self._reference)
            return profiles[candidate.id]

        def apart(one: Candidate, other: Candidate) -> float:
            first, second = profile(one), profile(other)
            if len(first) != len(second) or not first:
                return 1.0
            return math.fsum([abs(here - there) for here, there in zip(first, second, strict=True)]) / len(first)

        return apart


def _profile(vector: Sequence[float], reference: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The ranks of a heuristic, less their mean.

    On each instance, among the reference, from 0 to 1.

    So niches are of what heuristics are good at, and not of how good they are.
    """
    known = [other for other in reference if len(other) == len(vector)]
    if not vector or not known:
        return ()
    ranks = []
    for place, worth in enumerate(vector):
        column = [other[place] for other in known]
        ranks.append((sum(other < worth for other in column) + sum(other == worth for other in column) / 2) / len(column))
    mean = math.fsum(ranks) / len(ranks)
    return tuple([rank - mean for rank in ranks])
