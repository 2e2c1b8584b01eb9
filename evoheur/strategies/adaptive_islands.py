"""Islands that adapt to what they gain: how boldly each explores, and which of them breeds next.

Source: Mert Cemri et al. 2026, "AdaEvolve: Adaptive LLM Driven Zeroth-Order Optimization" (arXiv 2602.20133), and its release
(SkyDiscover).
"""

import math
from collections.abc import Mapping, Sequence
from heapq import nsmallest

from evoheur.candidate import Candidate
from evoheur.code.similarity import similarity
from evoheur.strategies.selection import renewed
from evoheur.strategies.structure import IslandPopulation, ProgramCluster

__all__ = ["AdaptiveIsland", "exploration_chance", "gain_over", "island_to_breed"]

_DECAY = 0.9  # of gains, rewards and visits, at every outcome of the island
_LEAST, _SPAN = 0.15, 0.35  # the chance to explore is between .15 and .5
_MARGIN = 1e-8
_NEIGHBOURS = 5  # whose mean distance is a member's novelty
_TRIES = 3  # visits that every island has before the bandit decides


def gain_over(best: float | None, objective: float, scale: float | None) -> float:
    """The gain of an objective over the best so far, as a share of `scale`, from 0 to 1.

    Args:
        best: The best so far, minimised; None where there is none, which is no gain.
        objective: The new one.
        scale: Whose size the gain is divided by; of a size of 0 every gain is whole.
    """
    if best is None or scale is None or objective >= best:
        return 0.0
    return min(1.0, (best - objective) / abs(scale)) if scale else 1.0


def exploration_chance(gains: float) -> float:
    """The chance that an island explores: the less it gained lately, the larger.

    It is .15 + .35 / (1 + √(G + 1e-8)).

    Args:
        gains: G, the decayed sum of squared relative gains.
    """
    return _LEAST + _SPAN / (1.0 + math.sqrt(gains + _MARGIN))


class AdaptiveIsland:
    """A population that is bred apart, with what it gained lately.

    Args:
        size: The most members.

    Attributes:
        members: Oldest first.
        gains: G, the decayed sum of squared relative gains; it decays with every outcome, so that stagnation raises exploration.
        visits: Requests that were made here.
    """

    def __init__(self, size: int) -> None:
        self.members: list[Candidate] = []
        self.gains = 0.0
        self.visits = 0
        self._size = size
        self._reward = 0.0  # decayed, as its divisor is
        self._rewarded = 0.0

    @property
    def ranked(self) -> list[Candidate]:
        """The members, best first; of equal ones the older."""
        return sorted(self.members, key=lambda member: (member.objective or 0.0, member.id))

    @property
    def best(self) -> Candidate | None:
        """Its best member."""
        return min(self.members, key=lambda member: (member.objective or 0.0, member.id), default=None)

    @property
    def mean_reward(self) -> float:
        """The decayed mean of what its outcomes earned; 0 before the first."""
        return self._reward / self._rewarded if self._rewarded else 0.0

    def learn(self, candidate: Candidate | None, overall: float | None, *, stays: bool = True) -> bool:
        """Take an outcome of its own: gains decay, the bandit is told, and what works moves in.

        Args:
            candidate: None where nothing came of the request.
            overall: The best objective of all islands before it.
            stays: Whether it is to live here, if it is let in.

        Returns:
            Whether it is better than the island's best was.
        """
        objective = None if candidate is None else candidate.objective
        best = self.best
        before = None if best is None else best.objective
        relative = 0.0 if objective is None else gain_over(before, objective, before)
        reward = 0.0 if objective is None else gain_over(before, objective, overall)
        self.gains = _DECAY * self.gains + (1.0 - _DECAY) * relative**2
        self._reward = _DECAY * self._reward + reward
        self._rewarded = _DECAY * self._rewarded + 1.0
        if candidate is not None and stays:
            self._admit(candidate)
        return relative > 0.0

    def settle(self, members: Sequence[Candidate]) -> None:
        """Hold these members alone.

        The best of them, where there is no room for all.

        Args:
            members: That work, oldest first.
        """
        kept = nsmallest(self._size, members, key=lambda member: (member.objective or 0.0, member.id))
        self.members = sorted(kept, key=lambda member: member.id)

    def receive(self, migrant: Candidate) -> None:
        """Take in what another island or method bred.

        It counts as a gain, but earns the island no credit as a place to breed.
        """
        if migrant.objective is None:
            return
        best = self.best
        before = None if best is None else best.objective
        if relative := gain_over(before, migrant.objective, before):
            self.gains = _DECAY * self.gains + (1.0 - _DECAY) * relative**2
        self._admit(migrant)

    def novelty(self, member: Candidate) -> float:
        """The mean distance to the five nearest other members, from 0 to 1; 1 for one that is alone."""
        others = [1.0 - similarity(member.code, other.code) for other in self.members if other.id != member.id]
        nearest = nsmallest(_NEIGHBOURS, others)
        return math.fsum(nearest) / len(nearest) if nearest else 1.0

    def most_novel_first(self) -> list[Candidate]:
        """The members, most novel first; of equal ones the older."""
        novelties = {member.id: self.novelty(member) for member in self.members}
        return sorted(self.members, key=lambda member: (-novelties[member.id], member.id))

    def structure(self, number: int) -> IslandPopulation | None:
        """The population, as the island of a number; None while it is empty."""
        ranked = self.ranked
        if not ranked:
            return None
        return IslandPopulation(
            number=number,
            resets=0,
            registered=self.visits,
            best=ranked[0].id,
            best_objective=ranked[0].objective,
            clusters=tuple(
                ProgramCluster(objective=member.objective or 0.0, programs=1, shortest=member.id) for member in ranked
            ),
        )

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Keep the members that have a new worth; what was gained before is kept in mind."""
        self.members = renewed(self.members, fresh)

    def _admit(self, newcomer: Candidate) -> None:
        """Let a newcomer in by deterministic crowding.

        On a full island it takes the place of the member that is most like it, if it is better than that.
        """
        if newcomer.objective is None:
            return
        if any(newcomer.id == member.id or newcomer.code == member.code for member in self.members):
            return
        if len(self.members) >= self._size:
            nearest = max(self.members, key=lambda member: (similarity(newcomer.code, member.code), member.objective or 0.0))
            if newcomer.objective >= (nearest.objective or 0.0):
                return
            self.members.remove(nearest)
        self.members.append(newcomer)


def island_to_breed(islands: Sequence[AdaptiveIsland], exploration: float) -> int:
    """The island that breeds next, by upper confidence bounds after three visits each.

    The bound is the decayed mean reward + c √(ln(N + 1) / n), for n visits of N in all; visits are never forgotten.

    Args:
        islands: At least one.
        exploration: c.
    """
    fewest = min(range(len(islands)), key=lambda number: islands[number].visits)
    if islands[fewest].visits < _TRIES:
        return fewest
    known = math.log(sum(island.visits for island in islands) + 1)
    return max(
        range(len(islands)),
        key=lambda number: islands[number].mean_reward + exploration * math.sqrt(known / islands[number].visits),
    )
