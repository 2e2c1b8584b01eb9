"""EoH-S, evolution of a set of heuristics that complement each other.

Source: Fei Liu et al. 2025, "EoH-S: Evolution of Heuristic Set using LLMs for Automated Heuristic Design", AAAI 2026 (arXiv 2508.03082),
and its release; DyCA for `weights: clusters`. Operators: cs, complementary-aware search, shows two heuristics that are good on different
instances and asks for another one; ls, local search, improves one. Scores are not shown.

The population is the set. Survival is greedy: the heuristic with the best mean, then again and again the one that lowers most the mean
over instances of the best worth in the set. So a specialist stays that is poor on the whole.

| setting         | paper    | release   | default |
| --------------- | -------- | --------- | ------- |
| population_size | 10       | 10        | 10      |
| steps           | chance   | alternate | chance  |
| pairs           | farthest | rank      | rank    |
| ranking         | mean     | picked    | mean    |
| generational    | true     | true      | false   |

How ours differs. By default it runs in steady state: every outcome competes with the set as it comes, which may keep other members than one
choice for a whole generation; `generational: true` restores that. With the farthest pair and several requests in flight, all of them show
the same two parents until the set changes, so the release's drawing is the default. Two heuristics are the same if they cost the same on
every instance; equal text is found before that, by its syntax tree.
"""

import random
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import ClassVar, Literal

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.request import Request
from evoheur.strategies.complementary import InstanceWeights, complementary_set, distance, worths
from evoheur.strategies.planned_population import PlannedPopulation, PlannedPopulationConfig
from evoheur.strategies.selection import rank_choice
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard

__all__ = ["EohS", "EohSConfig", "farthest_pairs"]


class EohSConfig(PlannedPopulationConfig):
    """EoH-S, evolution of a set of heuristics (Liu et al. 2025)."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "cs": OperatorCard(
            summary="another one beside two that are good on different instances",
            variation="vary",
            parents=(1, 2),
            context=BASELINE_SHOWN,
        ),
        "ls": OperatorCard(edits=True, summary="improve one", variation="mutation", parents=(1, 1), context=BASELINE_SHOWN),
    }

    kind: Literal["eohs"] = "eohs"

    population_size: int = Field(default=10, ge=1)
    """How many heuristics make the set, and how many requests a generation; 10 in paper and release."""

    steps: Literal["chance", "alternate"] = "chance"
    """"chance": each request is cs or ls with equal chance (paper). "alternate": in turn (release)."""

    pairs: Literal["farthest", "rank"] = "rank"
    """Parents of cs: "farthest", the pair whose worths differ most in sum (paper); "rank", one drawn by rank of that sum (release)."""

    ranking: Literal["mean", "picked"] = "mean"
    """Rank of the parent of ls: by the mean worth (paper), or by the order in which survival picked the members (release)."""

    weights: InstanceWeights = "instances"
    """What counts alike in survival: "instances" (published), "families", or "clusters" of instances that one heuristic is the best on."""

    def build(self, baseline: Candidate, rng: random.Random) -> "EohS":
        """Make the strategy."""
        return EohS(self, baseline, rng)


class EohS(PlannedPopulation):
    """EoH-S in steady state or by generations; its population is the set, in the order of its choice."""

    def __init__(self, config: EohSConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        self._pairs: list[tuple[Candidate, Candidate]] = []
        self._steps = 0
        super().__init__(config, baseline, rng)

    def immigrate(self, candidate: Candidate) -> None:
        """Take it into the set, or keep it for the end of the generation."""
        if worths(candidate) is not None:
            super().immigrate(candidate)

    def _survivors(self, members: Sequence[Candidate]) -> list[Candidate]:
        by_age = sorted(members, key=lambda member: member.id)
        return complementary_set(by_age, self._config.population_size, weights=self._config.weights)

    def _keep(self, members: Sequence[Candidate]) -> None:
        super()._keep(members)
        self._pairs = farthest_pairs(self._population)

    def _plan(self) -> Sequence[str]:
        plan = []
        for _ in range(self._config.population_size):
            self._steps += 1
            complements = self._rng.random() < 0.5 if self._config.steps == "chance" else self._steps % 2 == 1
            plan.append("cs" if complements else "ls")
        return plan

    def _request(self, operator: str) -> Request:
        return Request(operator=operator, parents=self._parents(operator), context=self._context, tag=self._generation)

    def _parents(self, operator: str) -> tuple[Candidate, ...]:
        if operator == "i1":
            return ()
        if operator == "cs" and self._pairs:
            if self._config.pairs == "farthest":
                return self._pairs[0]
            return rank_choice(self._pairs, 1, self._rng, distinct=False)[0]
        ranked = self._population
        if operator == "cs" or self._config.ranking == "mean":  # a set of one has no pair
            ranked = sorted(ranked, key=lambda member: (member.objective or 0.0, member.id))
        return tuple(rank_choice(ranked, 1, self._rng, distinct=False))


def farthest_pairs(members: Sequence[Candidate]) -> list[tuple[Candidate, Candidate]]:
    """All pairs, those first whose worths differ most in sum; of equal ones, those of members that come first.

    Args:
        members: Each scored on the same instances.
    """
    vectors = [worths(member) or () for member in members]
    far = [(-distance(vectors[one], vectors[other]), one, other) for one, other in combinations(range(len(members)), 2)]
    return [(members[one], members[other]) for _, one, other in sorted(far)]
