"""MEoH, evolution of heuristics under several objectives: what is dominated by something much like it goes first.

Source: Shunyu Yao et al. 2025, "Multi-objective Evolution of Heuristic Using Large Language Model", AAAI (arXiv 2409.16867), as LLM4AD has
it. Of every pair in which one heuristic weakly dominates the other, the dominated one is charged the similarity of their syntax trees. By
the sum of these charges the N best survive, and parents are drawn from its softmax. An archive keeps what nothing dominates, each point
once.

How ours differs. The published second objective is the running time; see `multiobjective` for why ours is read off the source, and for two
more operators. Similarity is ours (`evoheur.code.similarity`). The paper's N is 20. By default nothing waits.
"""

import math
import random
from collections.abc import Sequence
from typing import Literal

from evoheur.candidate import Candidate
from evoheur.code.similarity import similarity
from evoheur.strategies.multiobjective import MultiObjective, MultiObjectiveConfig, point_of
from evoheur.strategies.pareto import Point, dominates

__all__ = ["Meoh", "MeohConfig", "dominance_scores"]


class MeohConfig(MultiObjectiveConfig):
    """MEoH (Yao et al. 2025)."""

    kind: Literal["meoh"] = "meoh"

    def build(self, baseline: Candidate, rng: random.Random) -> "Meoh":
        """Make the strategy."""
        return Meoh(self, baseline, rng)


def dominance_scores(members: Sequence[Candidate], second: str) -> list[float]:
    """For every member the negative sum of its similarities to those that dominate it; 0 where none does.

    Args:
        members: At different points.
        second: Name of the measure that is minimised beside the objective.
    """
    points = [point_of(member, second) for member in members]
    return [
        -math.fsum(
            [similarity(other.code, member.code) for other, above in zip(members, points, strict=True) if dominates(above, point)]
        )
        for member, point in zip(members, points, strict=True)
    ]


class Meoh(MultiObjective):
    """MEoH in steady state or by generations."""

    def _preferred(self, members: Sequence[Candidate]) -> list[Candidate]:
        first_at: dict[Point, Candidate] = {}
        for member in members:
            first_at.setdefault(point_of(member, self._config.second), member)
        kept = list(first_at.values())
        scores = dominance_scores(kept, self._config.second)
        order = sorted(range(len(kept)), key=lambda place: (-scores[place], kept[place].objective or 0.0, kept[place].id))
        return [kept[place] for place in order]

    def _chosen(self, count: int) -> tuple[Candidate, ...]:
        weights = [math.exp(score) for score in dominance_scores(self._population, self._config.second)]
        left, chosen = list(range(len(self._population))), []
        for _ in range(count):
            [place] = self._rng.choices(left, [weights[at] for at in left])
            left.remove(place)
            chosen.append(self._population[place])
        return tuple(chosen)
