"""Islands that are niches.

A heuristic lives where those like it live, whoever bred it.
"""

import random
from collections.abc import Sequence

from evoheur.candidate import Candidate
from evoheur.strategies.adaptive_islands import AdaptiveIsland
from evoheur.strategies.mate_choice import MateSetting, mates_by
from evoheur.strategies.niches import Niches, NichesConfig
from evoheur.strategies.selection import rank_choice

__all__ = ["NicheIslands"]


class NicheIslands:
    """Files heuristics on the island of their niche.

    Args:
        islands: One for each niche, in the order of their numbers; they are filled and regrouped in place.
        config: Of the niches.
    """

    def __init__(self, islands: Sequence[AdaptiveIsland], config: NichesConfig) -> None:
        self._islands = islands
        self._niches = Niches(config)

    @property
    def occupied(self) -> list[int]:
        """The numbers of the islands with members.

        Of all, where none has any.
        """
        return [number for number, island in enumerate(self._islands) if island.members] or list(range(len(self._islands)))

    def home(self, candidate: Candidate) -> int:
        """The number of the island that a heuristic belongs to."""
        return self._niches.label(candidate)

    def arrived(self) -> None:
        """Count a heuristic that was filed.

        Niches may be formed anew then.
        """
        self._niches.arrived()
        if self._niches.due(sum(len(island.members) for island in self._islands)):
            self.regroup()

    def regroup(self) -> None:
        """Form niches of all members, and move these.

        Of what has no room on its island the best stay.
        """
        held: dict[int, int] = {}
        known: dict[int, Candidate] = {}
        for number, island in enumerate(self._islands):
            for member in island.members:
                held.setdefault(member.id, number)
                known.setdefault(member.id, member)
        members = [known[number] for number in sorted(known)]
        self._niches.form(members, lambda member: held[member.id])
        homes = [self._niches.label(member) for member in members]
        for number, island in enumerate(self._islands):
            island.settle([member for member, home in zip(members, homes, strict=True) if home == number])

    def mates(self, first: Candidate, number: int, by: MateSetting, rng: random.Random) -> tuple[Candidate, ...]:
        """One of another niche; none where there is no other.

        Args:
            first: The first parent.
            number: Of its island.
            by: "published": of an island that is drawn evenly, one by rank; else among the members of all other islands.
            rng: Source of randomness.
        """
        others = [island for place, island in enumerate(self._islands) if place != number and island.members]
        if not others:
            return ()
        if by == "published":
            return tuple(rank_choice(rng.choice(others).ranked, 1, rng, distinct=True))
        everyone = [member for island in others for member in island.members]
        return mates_by(by, first, sorted(everyone, key=lambda member: (member.objective or 0.0, member.id)), 1, rng)
