"""Search under two objectives: a population between a small gap and small code.

The second objective is a number that is read off the source, so that it is equal in every process: wall time, as MEoH measures it, is
noise, and fills a front with lucky measurements.
"""

import random
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field, model_validator

from evoheur.candidate import Candidate
from evoheur.request import Request
from evoheur.strategies.mate_choice import MateSetting, mates_by
from evoheur.strategies.measure_grid import measure_of
from evoheur.strategies.pareto import Point, dominates
from evoheur.strategies.planned_population import PlannedPopulation, PlannedPopulationConfig
from evoheur.strategies.selection import OBJECTIVE_DECIMALS, renewed
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard

__all__ = ["MultiObjective", "MultiObjectiveConfig", "SecondObjective", "point_of", "undominated"]

SecondObjective: TypeAlias = Literal["operations", "nodes", "constants", "calls", "lines"]
"""A measure of the code, minimised beside the objective."""

Operator: TypeAlias = Literal["e1", "e2", "m1", "m2", "better", "cheaper"]
Weight: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]

_OPERATORS: tuple[Operator, ...] = get_args(Operator)
_CROSSOVERS = {"e1", "e2"}
_SECOND = {"second": "name of the measure that is minimised beside the cost"}


class MultiObjectiveConfig(PlannedPopulationConfig):
    """What `nsga2` and `meoh` are set by."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "e1": OperatorCard(summary="depart from the parents", variation="unlike", parents=(1, None), context=BASELINE_SHOWN),
        "e2": OperatorCard(summary="build on what they share", variation="crossover", parents=(1, None), context=BASELINE_SHOWN),
        "m1": OperatorCard(edits=True, summary="change a parent", variation="mutation", parents=(1, 1), context=BASELINE_SHOWN),
        "m2": OperatorCard(
            edits=True, summary="change its numbers", variation="constants", parents=(1, 1), context=BASELINE_SHOWN
        ),
        "better": OperatorCard(
            edits=True,
            summary="lower cost at no more work",
            variation="mutation",
            parents=(1, 1),
            context={**BASELINE_SHOWN, **_SECOND},
        ),
        "cheaper": OperatorCard(
            edits=True,
            summary="less work at no higher cost",
            variation="simplify",
            parents=(1, 1),
            context={**BASELINE_SHOWN, **_SECOND},
        ),
    }

    kind: str

    second: SecondObjective = "operations"
    """What is minimised beside the objective: operations of the source, nodes of its syntax tree, constants, calls or lines."""

    operators: Mapping[Operator, Weight] = Field(default_factory=lambda: dict.fromkeys(_OPERATORS, 1.0))
    """Operator → weight, at least 0: how often it is drawn; what is not named is not used."""

    parents: int = Field(default=2, ge=1)
    """How many heuristics e1 and e2 show; fewer while there are fewer."""

    mate: MateSetting = "published"
    """Who e1 and e2 show beside the first parent: "published", others drawn as the first; or by "rank" in the order of survival, by
    "distance" of costs, or as a "complement"."""

    @model_validator(mode="after")
    def _can_breed(self) -> "MultiObjectiveConfig":
        if not any(weight > 0 for weight in self.operators.values()):
            raise ValueError(
                f"operators {dict(self.operators)} has no positive weight; give at least one of {', '.join(_OPERATORS)}"
            )
        return self


def point_of(candidate: Candidate, second: str) -> Point:
    """The objective, rounded as heuristics are compared, and a measure of the code; both minimised.

    Args:
        candidate: One that worked.
        second: Name of the measure.
    """
    return round(candidate.objective or 0.0, OBJECTIVE_DECIMALS), measure_of(candidate, second)


def undominated(members: Sequence[Candidate], second: str) -> list[Candidate]:
    """Those that none dominates, each point once, by ascending objective; the first of equal ones stays."""
    first_at: dict[Point, Candidate] = {}
    for member in members:
        if member.objective is not None:
            first_at.setdefault(point_of(member, second), member)
    return [first_at[point] for point in sorted(first_at) if not any(dominates(other, point) for other in first_at)]


class MultiObjective(PlannedPopulation):
    """A population under two objectives, in steady state or by generations; survival and the choice of parents are a subclass's."""

    def __init__(self, config: MultiObjectiveConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        self._weights = [config.operators.get(operator, 0.0) for operator in _OPERATORS]
        self._front: list[Candidate] = []  # of all that ever came
        super().__init__(config, baseline, rng)

    @abstractmethod
    def _preferred(self, members: Sequence[Candidate]) -> list[Candidate]:
        """The members in order of preference, each at another point.

        Args:
            members: In order of age; the first of those at one point counts.
        """

    @abstractmethod
    def _chosen(self, count: int) -> tuple[Candidate, ...]:
        """So many different parents of the population, which has at least that many."""

    def immigrate(self, candidate: Candidate) -> None:
        """Take it into the front, and into the population or to what waits for the end of the generation."""
        if candidate.objective is not None:
            self._front = undominated([*self._front, candidate], self._config.second)
        super().immigrate(candidate)

    def elites(self) -> Sequence[Candidate]:
        """The front of all that ever came, by ascending objective."""
        return tuple(self._front)

    def members(self) -> Sequence[Candidate]:
        """The front, the population and what waits for the end of the generation."""
        held = {member.id: member for member in [*self._front, *self._population, *self._newborn]}
        return tuple(held.values())

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Rank the population and lay out the front by their new worth."""
        self._front = undominated(renewed(self.members(), fresh), self._config.second)
        super().rescored(fresh)

    def _survivors(self, members: Sequence[Candidate]) -> list[Candidate]:
        by_age = sorted(members, key=lambda member: member.id)
        return self._preferred(by_age)[: self._config.population_size]

    def _keep(self, members: Sequence[Candidate]) -> None:
        super()._keep(members)
        self._front = undominated([*self._front, *members], self._config.second)

    def _plan(self) -> Sequence[Operator]:
        return self._rng.choices(_OPERATORS, self._weights, k=self._config.population_size)

    def _request(self, operator: str) -> Request:
        if operator == "i1":
            return Request(operator=operator, context=self._context, tag=self._generation)
        wanted = min(self._config.parents, len(self._population)) if operator in _CROSSOVERS else 1
        context = {**self._context, "second": self._config.second} if operator in {"better", "cheaper"} else self._context
        return Request(operator=operator, parents=self._mated(wanted), context=context, tag=self._generation)

    def _mated(self, count: int) -> tuple[Candidate, ...]:
        if count < 2 or self._config.mate == "published":
            return self._chosen(count)
        [first] = self._chosen(1)
        return (first, *mates_by(self._config.mate, first, self._population, count - 1, self._rng))
