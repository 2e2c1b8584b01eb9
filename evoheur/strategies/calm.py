"""CALM, its verbal half: operators on components, diverse mates, and collapse; the model is not trained.

Source: Ziyao Huang et al. 2025, "CALM: Co-evolution of Algorithms and Language Model for Automatic Heuristic Design" (arXiv
2505.12285, number recalled); no release is known.

| operator       | asks for                                                                       |
| -------------- | ------------------------------------------------------------------------------ |
| injection      | a further component, which the idea names                                      |
| replacement    | another component in the place of one                                          |
| simplification | the same with less                                                             |
| crossover      | one heuristic of two; the second is the member with the largest rank times novelty |
| modification   | any change that lowers the cost                                                |

When nothing is a new best, each outcome may make the population collapse: only the best and one diverse member stay. The chance grows by
`collapse_growth` per outcome since the last new best.

How ours differs. CALM trains its model on rewards relative to the best parent; here nobody is trained, and `evoheur.reply_rewards` holds
the table for whoever trains. A prompt is answered once, not by a group of replies. By rank the best counts 1 and the last 1/n; novelty is
the distance of syntax trees to the first parent. Without a release the size of the population and the growth of the chance are not known;
ours are chosen. By default nothing waits.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field, model_validator

from evoheur.candidate import Candidate
from evoheur.code.similarity import similarity
from evoheur.request import Outcome, Request
from evoheur.strategies.instance_front import ParentsBy, parent_choice
from evoheur.strategies.mate_choice import MateSetting, mates_by
from evoheur.strategies.planned_population import PlannedPopulation, PlannedPopulationConfig
from evoheur.strategies.selection import survivors
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard

__all__ = ["Calm", "CalmConfig", "diverse_mate"]

CalmOperator: TypeAlias = Literal["injection", "replacement", "simplification", "crossover", "modification"]
Weight: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]

_OPERATORS: tuple[CalmOperator, ...] = get_args(CalmOperator)


class CalmConfig(PlannedPopulationConfig):
    """CALM without training (Huang et al. 2025)."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "injection": OperatorCard(
            edits=True, summary="add a component", variation="mutation", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "replacement": OperatorCard(
            edits=True, summary="exchange a component", variation="mutation", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "simplification": OperatorCard(
            edits=True, summary="do the same with less", variation="simplify", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "crossover": OperatorCard(
            summary="one of two that are unlike each other", variation="vary", parents=(1, 2), context=BASELINE_SHOWN
        ),
        "modification": OperatorCard(
            edits=True, summary="any change", variation="constants", parents=(1, 1), context=BASELINE_SHOWN
        ),
    }

    kind: Literal["calm"] = "calm"

    population_size: int = Field(default=10, ge=2)
    """N, the most heuristics that survive, and how many requests a generation. Not known; 10 is ours."""

    operators: Mapping[CalmOperator, Weight] = Field(default_factory=lambda: dict.fromkeys(_OPERATORS, 1.0))
    """Operator → weight, at least 0: how often it is drawn; what is not named is not used."""

    parents_by: ParentsBy = "rank"
    """How the first parent is drawn: by "rank", or from the "front", GEPA's: whoever is best on an instance, drawn by on how many."""

    collapse_growth: float = Field(default=0.0005, ge=0, le=1)
    """By how much the chance of collapse grows with every outcome since the last new best; 0 for no collapse. At 0.0005, half of all
    populations that find nothing collapse within 53 outcomes."""

    mate: MateSetting = "published"
    """Who crossover shows beside the first parent: "published", the member with the largest rank times novelty; or one by "rank", by
    "distance" of costs, or as a "complement"."""

    @model_validator(mode="after")
    def _can_breed(self) -> "CalmConfig":
        if not any(weight > 0 for weight in self.operators.values()):
            raise ValueError(
                f"operators {dict(self.operators)} has no positive weight; give at least one of {', '.join(_OPERATORS)}"
            )
        return self

    def build(self, baseline: Candidate, rng: random.Random) -> "Calm":
        """Make the strategy."""
        return Calm(self, baseline, rng)


class Calm(PlannedPopulation):
    """CALM's search in steady state or by generations."""

    def __init__(self, config: CalmConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        self._weights = [config.operators.get(operator, 0.0) for operator in _OPERATORS]
        self._barren = 0  # outcomes since the last new best
        super().__init__(config, baseline, rng)

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Take a candidate in; without a new best the population may collapse."""
        before = self._best_objective()
        super().tell(request, outcome)
        now = self._best_objective()
        if now is not None and (before is None or now < before):
            self._barren = 0
            return
        self._barren += 1
        if self._rng.random() < self._config.collapse_growth * self._barren:
            self._collapse()

    def _best_objective(self) -> float | None:
        held = [member.objective for member in [*self._population, *self._newborn] if member.objective is not None]
        return min(held, default=None)

    def _collapse(self) -> None:
        """Leave the best and one diverse member; where there are no more than two, nothing changes."""
        members = self._survivors([*self._population, *self._newborn])
        if len(members) > 2:
            self._population = [members[0], *diverse_mate(members[0], members)]
            self._newborn = []
        self._barren = 0

    def _survivors(self, members: Sequence[Candidate]) -> list[Candidate]:
        return survivors(members, self._config.population_size)

    def _plan(self) -> Sequence[CalmOperator]:
        return self._rng.choices(_OPERATORS, self._weights, k=self._config.population_size)

    def _request(self, operator: str) -> Request:
        parents: tuple[Candidate, ...] = ()
        if operator != "i1":
            parents = tuple(parent_choice(self._config.parents_by, self._population, 1, self._rng, distinct=True))
        if operator == "crossover":
            parents = (*parents, *self._mates(parents[0]))
        return Request(operator=operator, parents=parents, context=self._context, tag=self._generation)

    def _mates(self, first: Candidate) -> tuple[Candidate, ...]:
        if self._config.mate == "published":
            return diverse_mate(first, self._population)
        return mates_by(self._config.mate, first, self._population, 1, self._rng)


def diverse_mate(first: Candidate, ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The other member with the largest rank times novelty; of equal ones the better. None where there is no other.

    Args:
        first: Whose mate it is.
        ranked: Best first. The best of n has rank 1, the last 1/n; novelty is one minus the similarity to `first`.
    """
    count = len(ranked)
    others = [(count - place, member) for place, member in enumerate(ranked) if member.id != first.id]
    if not others:
        return ()
    _, mate = max(others, key=lambda scored: scored[0] / count * (1.0 - similarity(first.code, scored[1].code)))
    return (mate,)
