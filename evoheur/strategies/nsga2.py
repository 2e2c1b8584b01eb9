"""NSGA-II on heuristics: a front of gap against the size of the code.

Source: Kalyanmoy Deb, Amrit Pratap, Sameer Agarwal and T. Meyarivan 2002, "A fast and elitist multiobjective genetic algorithm: NSGA-II"
(doi:10.1109/4235.996017). Survival goes front by front, and within the last that does not fit by crowding; parents are drawn in binary
tournaments by front, then crowding.

LLM4AD's version has the operators e1, e2, m1 and m2 of EoH and the negative running time as second objective. How ours differs: see
`multiobjective`; besides, "better" and "cheaper" tell the model what a parent costs and how much work it is, and ask for less of the one
at no more of the other. By default nothing waits; heuristics at the same point are one, since copies would
crowd out each other's neighbours.
"""

import random
from collections.abc import Sequence
from typing import Literal

from evoheur.candidate import Candidate
from evoheur.strategies.multiobjective import MultiObjective, MultiObjectiveConfig, point_of
from evoheur.strategies.pareto import Point, crowding, fronts

__all__ = ["Nsga2", "Nsga2Config"]


class Nsga2Config(MultiObjectiveConfig):
    """NSGA-II (Deb et al. 2002)."""

    kind: Literal["nsga2"] = "nsga2"

    def build(self, baseline: Candidate, rng: random.Random) -> "Nsga2":
        """Make the strategy."""
        return Nsga2(self, baseline, rng)


class Nsga2(MultiObjective):
    """NSGA-II in steady state or by generations."""

    def _preferred(self, members: Sequence[Candidate]) -> list[Candidate]:
        first_at: dict[Point, Candidate] = {}
        for member in members:
            first_at.setdefault(point_of(member, self._config.second), member)
        points = list(first_at)
        ranked: list[Candidate] = []
        for front in fronts(points):
            room = crowding([points[place] for place in front])
            order = sorted(range(len(front)), key=lambda at: (-room[at], points[front[at]]))
            ranked += [first_at[points[front[at]]] for at in order]
        return ranked

    def _chosen(self, count: int) -> tuple[Candidate, ...]:
        left = list(range(len(self._population)))  # the population is ranked, so the smaller place wins
        chosen = []
        for _ in range(count):
            place = min(self._rng.choices(left, k=2))
            left.remove(place)
            chosen.append(self._population[place])
        return tuple(chosen)
