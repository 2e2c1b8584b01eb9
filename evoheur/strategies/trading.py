"""What searches for two objectives have in common: a population that trades the gap for the size of the code.

The second objective is a number that is read off the source, so that it is equal in every process: wall time, as MEoH measures it, is
noise, and fills a front with lucky measurements.
"""

import random
from abc import abstractmethod
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias, get_args

from pydantic import Field, model_validator

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.measure_grid import measure_of
from evoheur.strategies.pareto import Point, dominates
from evoheur.strategies.selection import OBJECTIVE_DECIMALS, renewed
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig

__all__ = ["SecondObjective", "Trading", "TradingConfig", "point_of", "undominated"]

SecondObjective: TypeAlias = Literal["operations", "nodes", "constants", "calls", "lines"]
"""A measure of the code, minimised beside the objective."""

Operator: TypeAlias = Literal["e1", "e2", "m1", "m2", "better", "cheaper"]
Weight: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]

_OPERATORS: tuple[Operator, ...] = get_args(Operator)
_CROSSOVERS = {"e1", "e2"}
_SECOND = {"second": "name of the measure that is minimised beside the cost"}


class TradingConfig(StrategyConfig):
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

    takes_new_worth = True
    has_generations = True
    kind: str

    second: SecondObjective = "operations"
    """What is minimised beside the objective: operations of the source, nodes of its syntax tree, constants, calls or lines."""

    population_size: int = Field(default=20, ge=1)
    """How many heuristics are kept, N, and how many requests make a generation."""

    initial: int | None = Field(default=None, ge=0)
    """How many i1 requests make the first population; by default twice `population_size`. 0 needs `seed_with_baseline`."""

    operators: Mapping[Operator, Weight] = Field(default_factory=lambda: dict.fromkeys(_OPERATORS, 1.0))
    """Operator → weight, at least 0: how often it is drawn; what is not named is not used."""

    parents: int = Field(default=2, ge=1)
    """How many heuristics e1 and e2 show; fewer while there are fewer."""

    seed_with_baseline: bool = False
    """Whether the problem's own heuristic is in the first population."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body."""

    generational: bool = False
    """Whether a generation begins only when all outcomes of the one before are there, as published."""

    @model_validator(mode="after")
    def _can_breed(self) -> "TradingConfig":
        if not any(weight > 0 for weight in self.operators.values()):
            raise ValueError(
                f"operators {dict(self.operators)} has no positive weight; give at least one of {', '.join(_OPERATORS)}"
            )
        if self.initial == 0 and not self.seed_with_baseline:
            raise ValueError("initial: 0 leaves nothing to breed from; ask for at least 1, or set seed_with_baseline: true")
        return self

    @property
    def initial_requests(self) -> int:
        """How many i1 requests make the first population."""
        return 2 * self.population_size if self.initial is None else self.initial

    @property
    def has_barrier(self) -> bool:
        """Whether generations wait for all their outcomes."""
        return self.generational


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


class Trading(Strategy):
    """A population under two objectives, in steady state or by generations; survival and the choice of parents are a subclass's.

    Steady state: every outcome competes with the population as it comes, and nothing waits. By generations, `ask` returns None while
    outcomes of the present generation are missing.
    """

    def __init__(self, config: TradingConfig, baseline: Candidate, rng: random.Random) -> None:
        self._config = config
        self._rng = rng
        self._context = {"baseline": "body" if config.show_baseline_body else "header"}
        self._weights = [config.operators.get(operator, 0.0) for operator in _OPERATORS]
        self._population: list[Candidate] = []
        self._front: list[Candidate] = []  # of all that ever came
        self._newborn: list[Candidate] = []
        self._queue = deque(["i1"] * config.initial_requests)
        self._generation = 0  # 0 is the initialisation
        self._in_flight = 0
        if config.seed_with_baseline:
            self._settle([baseline])

    @abstractmethod
    def _survivors(self, members: Sequence[Candidate], size: int) -> list[Candidate]:
        """At most so many of the members, each at another point, in order of preference."""

    @abstractmethod
    def _chosen(self, count: int) -> tuple[Candidate, ...]:
        """So many different parents of the population, which has at least that many."""

    def ask(self) -> Request | None:
        """The next request; None only by generations, while outcomes of the present one are missing."""
        if not self._queue:
            if self._config.generational and self._in_flight:
                return None
            self._begin_generation()
        operator = self._queue.popleft()
        if not self._population:
            operator = "i1"
        self._in_flight += 1
        if operator == "i1":
            return Request(operator=operator, context=self._context, tag=self._generation)
        wanted = min(self._config.parents, len(self._population)) if operator in _CROSSOVERS else 1
        context = {**self._context, "second": self._config.second} if operator in {"better", "cheaper"} else self._context
        return Request(operator=operator, parents=self._chosen(wanted), context=context, tag=self._generation)

    @property
    def generation(self) -> int:
        """The number of what is planned at once, `population_size` requests."""
        return self._generation

    def tell(self, request: Request, outcome: Outcome) -> None:  # noqa: ARG002 - one population: no address is needed
        """Take a candidate into the population, or keep it for the end of its generation."""
        self._in_flight -= 1
        if isinstance(outcome, Candidate):
            self.immigrate(outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """Take it into the population, or keep it for the end of the generation."""
        if candidate.objective is None:
            return
        self._front = undominated([*self._front, candidate], self._config.second)
        self._newborn.append(candidate)
        if not self._config.generational:
            self._settle(self._newborn)
            self._newborn = []

    def elites(self) -> Sequence[Candidate]:
        """The front of all that ever came, by ascending objective."""
        return tuple(self._front)

    def members(self) -> Sequence[Candidate]:
        """The front, the population and what waits for the end of the generation."""
        held = {member.id: member for member in [*self._front, *self._population, *self._newborn]}
        return tuple(held.values())

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Rank the population and lay out the front by their new worth."""
        population, self._newborn = renewed(self._population, fresh), renewed(self._newborn, fresh)
        front = {member.id: member for member in [*renewed(self._front, fresh), *population, *self._newborn]}
        self._population = self._survivors(population, self._config.population_size)
        self._front = undominated([front[number] for number in sorted(front)], self._config.second)

    def _settle(self, newcomers: Sequence[Candidate]) -> None:
        by_age = sorted([*self._population, *newcomers], key=lambda member: member.id)
        self._population = self._survivors(by_age, self._config.population_size)
        self._front = undominated([*self._front, *newcomers], self._config.second)

    def _begin_generation(self) -> None:
        if self._newborn:
            self._settle(self._newborn)
            self._newborn = []
        if not self._population:
            self._queue.extend(["i1"] * (self._config.initial_requests if self._config.generational else 1))
            return
        self._generation += 1
        self._queue.extend(self._rng.choices(_OPERATORS, self._weights, k=self._config.population_size))
