"""FunSearch's islands: clusters of programs that behave alike.

No operation looks at all of them.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal, TypeAlias

from evoheur.candidate import Candidate
from evoheur.strategies.mate_choice import MateChoice, MateSetting, mates_by
from evoheur.strategies.softmax import softmax_choice
from evoheur.strategies.structure import IslandPopulation, ProgramCluster

__all__ = ["Cluster", "CostScale", "Island", "cluster_temperature", "signature_of"]

CostScale: TypeAlias = Literal["published", "range", "median"]

_LENGTH_MARGIN = 1e-6  # the release's guard against a division by zero, kept for the same probabilities


def cluster_temperature(registered: int, *, initial: float, period: int) -> float:
    """Temperature of the choice of clusters, a sawtooth.

    T0 · (1 - (n mod P) / P) falls from T0 to T0 / P and jumps back.

    Args:
        registered: n, the programs ever registered on the island.
        initial: T0.
        period: P.
    """
    return initial * (1 - registered % period / period)


def signature_of(candidate: Candidate) -> tuple[float, ...]:
    """What tells clusters apart: the costs of all instances.

    Or the objective where there are none.

    Args:
        candidate: One that works.
    """
    return candidate.evaluation.behaviour or (_objective(candidate),)


class Cluster:
    """Programs of one signature.

    Attributes:
        cost: Their objective, minimised; a score of FunSearch is its negative.
    """

    def __init__(self, founder: Candidate) -> None:
        self.cost = _objective(founder)
        self._lengths: list[int] = []  # ascending
        self._programs: list[Candidate] = []  # in the same order
        self.add(founder)

    @property
    def shortest(self) -> Candidate:
        """Its shortest program."""
        return self._programs[0]

    def structure(self) -> ProgramCluster:
        """What it holds, in numbers."""
        return ProgramCluster(objective=self.cost, programs=len(self._programs), shortest=self.shortest.id)

    def add(self, program: Candidate) -> None:
        """Take in a program of the same signature."""
        place = bisect_right(self._lengths, len(program.code))
        self._lengths.insert(place, len(program.code))
        self._programs.insert(place, program)

    def draw(self, rng: random.Random) -> Candidate:
        """Draw a program, short ones more often.

        By a softmax, at temperature 1, of -(length - shortest) / (longest + 1e-6) in characters.
        """
        return self._programs[softmax_choice(self._lengths, self._lengths[-1] + _LENGTH_MARGIN, rng)]


class Island:
    """Programs that are bred among themselves only.

    Attributes:
        epoch: How often it was reset; children of parents of another epoch are not its own.
        registered: Programs ever registered since the reset, n.
        best: The first of its best programs.
    """

    def __init__(self, founder: Candidate, *, epoch: int = 0) -> None:
        self.epoch = epoch
        self.registered = 0
        self.best = founder
        self._clusters: dict[tuple[float, ...], Cluster] = {}
        self._ranked: list[Cluster] = []  # by cost, best first
        self._costs: list[float] = []  # theirs
        self.register(founder)

    @property
    def best_cost(self) -> float:
        """The objective of its best program."""
        return self._costs[0]

    def register(self, program: Candidate) -> None:
        """Put a program that works into its cluster."""
        self.registered += 1
        if _objective(program) < _objective(self.best):
            self.best = program
        signature = signature_of(program)
        if signature in self._clusters:
            self._clusters[signature].add(program)
        else:
            self._found(signature, Cluster(program))

    def draw(
        self, count: int, temperature: float, rng: random.Random, *, scale: CostScale, mate: MateSetting = "published"
    ) -> tuple[Candidate, ...]:
        """Draw clusters by their scores, and a program from each.

        Clusters are drawn with replacement, by a softmax of their scores.

        Args:
            count: How many, or as many as there are clusters.
            temperature: As `cluster_temperature` gives it.
            rng: Source of randomness.
            scale: What counts as a difference of 1 between scores, see `FunSearchConfig.scale`.
            mate: How those beside the first are chosen; unless as published, among the shortest programs of other clusters.

        Returns:
            The programs by ascending score, the best last; the same one may come twice.
        """
        heat = temperature * self._unit(scale)
        if mate != "published":
            return self._mated(softmax_choice(self._costs, heat, rng), count - 1, rng, mate)
        places = [softmax_choice(self._costs, heat, rng) for _ in range(min(count, len(self._costs)))]
        return tuple(self._ranked[place].draw(rng) for place in sorted(places, reverse=True))

    def structure(self, number: int) -> IslandPopulation:
        """The population, as the island of a number."""
        return IslandPopulation(
            number=number,
            resets=self.epoch,
            registered=self.registered,
            best=self.best.id,
            best_objective=self.best.objective,
            clusters=tuple(cluster.structure() for cluster in self._ranked),
        )

    def best_programs(self, count: int) -> Sequence[Candidate]:
        """The shortest programs of so many of the best clusters, best first."""
        return tuple(cluster.shortest for cluster in self._ranked[:count])

    def _mated(self, place: int, count: int, rng: random.Random, by: MateChoice) -> tuple[Candidate, ...]:
        first = self._ranked[place].draw(rng)
        others = [cluster.shortest for cluster in self._ranked if cluster is not self._ranked[place]]
        shown = {program.id for program in mates_by(by, first, others, count, rng)}
        versions = [first if at == place else cluster.shortest for at, cluster in enumerate(self._ranked)]
        return tuple(program for program in reversed(versions) if program is first or program.id in shown)

    def _unit(self, scale: CostScale) -> float:
        if scale == "published":
            return 1.0
        compared = self._costs[-1] if scale == "range" else self._costs[len(self._costs) // 2]
        return compared - self._costs[0]

    def _found(self, signature: tuple[float, ...], cluster: Cluster) -> None:
        self._clusters[signature] = cluster
        place = bisect_right(self._costs, cluster.cost)
        self._costs.insert(place, cluster.cost)
        self._ranked.insert(place, cluster)


def _objective(candidate: Candidate) -> float:
    assert candidate.objective is not None, f"candidate {candidate.id} failed, so it is in no cluster"
    return candidate.objective
