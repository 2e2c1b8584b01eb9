"""A population that is bred by a plan, with or without a barrier."""

import random
from abc import abstractmethod
from collections import deque
from collections.abc import Mapping, Sequence

from pydantic import Field, model_validator

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request
from evoheur.strategies.selection import renewed
from evoheur.strategies.strategy import Strategy, StrategyConfig

__all__ = ["PlannedPopulation", "PlannedPopulationConfig"]


class PlannedPopulationConfig(StrategyConfig):
    """What populations with a plan are set by."""

    takes_new_worth = True
    has_generations = True

    population_size: int = Field(default=20, ge=1)
    """N, the most heuristics that survive."""

    initial: int | None = Field(default=None, ge=0)
    """How many i1 requests make the first population; None for 2N, as published. 0 needs `seed_with_baseline`."""

    seed_with_baseline: bool = False
    """Whether the problem's own heuristic is a member from the start. Papers: no; EoH's releases can start from a file of seeds."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body. EoH v0.2: yes; EoH's paper, v0.1 and LLM4AD: no."""

    generational: bool = False
    """Whether a generation waits for all its outcomes before the next one begins, as published; all its parents then come from the
    population at its start. Off, nothing waits for the slowest call."""

    @model_validator(mode="after")
    def _begins_with_something(self) -> "PlannedPopulationConfig":
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


class PlannedPopulation(Strategy):
    """Base of populations with a plan; survival, the plan and the choice of parents are a subclass's.

    Steady state: the first `initial_requests` requests are i1. After that, every request is the next operator of the plan as soon as the
    population has one member, whether or not initial requests are still in flight; while it has none, the request is i1 again. It
    never waits.

    By generations: `ask` returns None while the requests of a generation are all out and not all back. No outcome can be late, since the
    next generation begins only when all are in. The first one is the initial i1 requests, repeated as long as the population is empty.
    """

    def __init__(self, config: PlannedPopulationConfig, baseline: Candidate, rng: random.Random) -> None:
        """Begin with the initial requests; a subclass has its settings in place by then.

        Args:
            config: Settings.
            baseline: The problem's own heuristic.
            rng: Source of randomness.
        """
        self._frame = config
        self._rng = rng
        self._context = {"baseline": "body" if config.show_baseline_body else "header"}
        self._population: list[Candidate] = []  # as `_survivors` returned it
        self._newborn: list[Candidate] = []  # by generations only: wait for the rest of their generation
        self._queue = deque(["i1"] * config.initial_requests)  # operators of this generation still to be asked
        self._generation = 0  # 0 is the initialisation
        self._in_flight = 0
        if config.seed_with_baseline:
            self._keep([baseline])

    @abstractmethod
    def _survivors(self, members: Sequence[Candidate]) -> list[Candidate]:
        """Who stays, at most `population_size`, in the order by which parents are chosen.

        Args:
            members: Those that stayed before, then newcomers in order of their arrival.
        """

    @abstractmethod
    def _plan(self) -> Sequence[str]:
        """The operators of the next generation, whose number is one more than `_generation`; none makes it an empty one."""

    @abstractmethod
    def _request(self, operator: str) -> Request:
        """What to ask for; the population has members unless the operator is i1."""

    def ask(self) -> Request | None:
        """The next request; None only by generations, while outcomes of the present one are missing."""
        if not self._queue:
            if self._frame.generational and self._in_flight:
                return None
            self._begin_generation()
        operator = self._queue.popleft()
        if not self._population:  # at first, or when all members failed on fresh instances
            operator = "i1"
        self._in_flight += 1
        return self._request(operator)

    @property
    def generation(self) -> int:
        """The number of what is planned at once."""
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
        self._newborn.append(candidate)
        if not self._frame.generational:
            self._settle()

    def elites(self) -> Sequence[Candidate]:
        """The population, best first, as it would be if the generation ended now."""
        members = self._survivors([*self._population, *self._newborn])
        return tuple(sorted(members, key=lambda member: (member.objective or 0.0, member.id)))

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Choose by their new worth; what waits for the end of the generation goes on waiting."""
        self._newborn = renewed(self._newborn, fresh)
        self._keep(renewed(self._population, fresh))

    def _keep(self, members: Sequence[Candidate]) -> None:
        self._population = self._survivors(members)

    def _settle(self) -> None:
        if self._newborn:
            self._keep([*self._population, *self._newborn])
            self._newborn = []

    def _begin_generation(self) -> None:
        self._settle()
        if not self._population:
            self._queue.extend(["i1"] * (self._frame.initial_requests if self._frame.generational else 1))
        while not self._queue:
            self._queue.extend(self._plan())
            self._generation += 1
