"""The frame of ReEvo and HSEvo: generations bred by advice.

A model gives the advice after looking at its own heuristics.

Sources: Ye et al. 2024 (arXiv:2402.01145) and Dat et al. 2025 (arXiv:2412.14995); what each of them does is in its own module.
"""

import random
from abc import abstractmethod
from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from evoheur.candidate import Candidate, Status
from evoheur.request import Note, Outcome, Request
from evoheur.strategies.generations import Generations, unequal_pair
from evoheur.strategies.mate_choice import MateSetting
from evoheur.strategies.strategy import Strategy, StrategyConfig

__all__ = ["FAILURES_SHOWN", "LONGEST_NOTE", "ReflectiveConfig", "ReflectiveEvolution", "note_text"]

FAILURES_SHOWN = 3
"""The most failed heuristics that one reflection is shown."""

_FIRST = "init"

LONGEST_NOTE = 2000
"""The most characters of a note that later prompts repeat: 100 words or fewer are asked for, but not every model keeps to it."""


class ReflectiveConfig(StrategyConfig):
    """What ReEvo and HSEvo have in common; defaults are the papers' values."""

    takes_new_worth = True
    has_generations = True

    population_size: int = Field(default=10, ge=1)
    """Crossovers of a generation. Paper: 10."""

    initial: int = Field(default=30, ge=1)
    """How many variants of the problem's own heuristic make the first population. Paper: 30."""

    mutation_rate: float = Field(default=0.5, ge=0, le=10)
    """Mutants of the elite per crossover; rounded down to whole mutants per generation. Paper: 0.5, which makes 5."""

    temperature_offset: float = Field(default=0.3, ge=-2, le=2)
    """Added to the model's temperature for the first population, so that it is diverse. Releases: 0.3."""

    external_knowledge: str = ""
    """What an expert would tell the model about the problem, in words; it is the first insight, and shown at every mutation."""

    seed_with_baseline: bool = False
    """Whether the problem's own heuristic is a member of the first population. Paper: no, but it is the first elite, so that it
    is a parent as long as nothing is better."""

    mate: MateSetting = "published"
    """Who is paired with a heuristic: "published", any of another objective, all alike; or of these by "rank", by "distance" of costs, or
    as a "complement"."""

    show_results: bool = False
    """Whether reflections are shown costs by instance, and why heuristics failed. Releases: no; they are shown code and its rank."""

    generational: bool = False
    """Whether every step of a generation waits for all outcomes of the step before, as published. Off, nothing waits for the slowest
    call."""

    @property
    def has_barrier(self) -> bool:
        """Whether generations wait for all their outcomes."""
        return self.generational

    @property
    def mutants(self) -> int:
        """Mutants per generation."""
        return int(self.population_size * self.mutation_rate)


class ReflectiveEvolution(Strategy):
    """Base of strategies that ask phase by phase.

    A subclass says which phases there are, what each asks, and what is learnt from outcomes. By generations, the initial requests and then
    the phases of `cycle`, over and over, follow each other, each when all outcomes of the one before are in. In steady state outcomes say
    what is due; when nothing is, the phase `filler` is asked, so that `ask` never returns None.

    Where no two objectives differ there is no pair to reflect on. Then initial requests follow (as many as make a generation, or one in
    steady state) whose outcomes join the population, until a pair can be drawn.
    """

    cycle: ClassVar[tuple[str, ...]]
    """The phases of a published generation in their order; the first one draws pairs."""

    filler: ClassVar[str]
    """The phase that is asked in steady state when nothing else is due."""

    def __init__(self, config: ReflectiveConfig, baseline: Candidate, rng: random.Random, *, beat_baseline: bool = False) -> None:
        """Begin with the initial requests.

        Args:
            config: Settings.
            baseline: The problem's own heuristic.
            rng: Source of randomness.
            beat_baseline: Whether only heuristics that are better than the problem's own are ever selected.
        """
        self._settings = config
        self._rng = rng
        self._baseline = baseline
        self._beat_baseline = beat_baseline
        self._bound = baseline.objective if beat_baseline else None
        self._population = Generations(
            baseline,
            size=config.population_size,
            capacity=max(config.initial, config.population_size + config.mutants + 1),
            overlapping=not config.generational,
            bound=self._bound,
        )
        if config.seed_with_baseline:
            self._population.add(baseline)
        self._initial = 0  # initial requests so far
        self._queue = deque(self._first_requests(config.initial))
        # Phases to come, before the filler or the next cycle.
        self._due: deque[str] = deque(() if config.generational else self.cycle[:1])
        self._failed: deque[Candidate] = deque(maxlen=FAILURES_SHOWN)
        self._in_flight = 0
        self._generation = 0

    def ask(self) -> Request | None:
        """The next request; None only by generations, while outcomes of the present phase are missing."""
        while not self._queue:
            if self._settings.generational and self._in_flight:
                return None
            if not self._due:
                self._generation += self._settings.generational
                self._due.extend(self.cycle if self._settings.generational else (self.filler,))
            self._queue.extend(self._phase(self._due.popleft()))
        self._in_flight += 1
        request = self._queue.popleft()
        if not self._settings.generational and request.operator != _FIRST:
            self._generation = self._population.completed + 1
        return request

    @property
    def generation(self) -> int:
        """A published cycle of phases by generations; in steady state it ends with as many crossovers as make one."""
        return self._generation

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Learn from an outcome."""
        self._in_flight -= 1
        if self._settings.show_results and isinstance(outcome, Candidate) and _is_faulty(outcome):
            self._failed.append(outcome)
        self._learn(request, outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """Take a foreign heuristic in beside what is bred here.

        It becomes the elite if it is the best.
        """
        self._population.immigrate(candidate)

    def elites(self) -> Sequence[Candidate]:
        """The elite and the best of the present generations, best first."""
        return self._population.elites()

    def members(self) -> Sequence[Candidate]:
        """The problem's own heuristic, the elite and both generations."""
        return tuple({self._baseline.id: self._baseline, **{each.id: each for each in self._population.everyone()}}.values())

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Rank all by their new worth; requests that are drawn already stay drawn."""
        self._baseline = fresh[self._baseline.id]
        self._bound = self._baseline.objective if self._beat_baseline else None
        self._population.rescored(fresh, bound=self._bound)
        self._queue = deque(request if request.bound is None else replace(request, bound=self._bound) for request in self._queue)

    @abstractmethod
    def _first_context(self, number: int) -> dict[str, str]:
        """The texts of the initial request of this number, counted from 0."""

    @abstractmethod
    def _phase(self, name: str) -> Sequence[Request]:
        """What a phase of `cycle` asks.

        May be nothing, except for the first one and for the filler.
        """

    @abstractmethod
    def _learn(self, request: Request, outcome: Outcome) -> None:
        """Take a candidate in or keep a note, and in steady state say what is due."""

    def _heuristic(
        self, operator: str, parents: Sequence[Candidate], context: dict[str, str], *, tag: Hashable = None
    ) -> Request:
        return Request(operator=operator, parents=tuple(parents), context=context, tag=tag, bound=self._bound)

    def _note(self, operator: str, parents: Sequence[Candidate], context: dict[str, str], *, tag: Hashable = None) -> Request:
        return Request(operator=operator, produces="note", parents=tuple(parents), context=context, tag=tag)

    def _first_requests(self, count: int) -> list[Request]:
        numbers = range(self._initial, self._initial + count)
        self._initial += count
        requests = (self._heuristic(_FIRST, (self._baseline,), self._first_context(number)) for number in numbers)
        return [replace(request, temperature_offset=self._settings.temperature_offset) for request in requests]

    def _pairs(self, count: int) -> list[tuple[Candidate, Candidate]]:
        """So many pairs of parents, the worse one first; none if no two objectives differ."""
        pool = self._population.pool
        pairs = [unequal_pair(pool, self._rng, self._settings.mate) for _ in range(count)]
        return [pair for pair in pairs if pair is not None]

    def _start_again(self) -> list[Request]:
        """Initial requests in place of a generation without pairs."""
        self._due.clear()
        if self._settings.generational:
            return self._first_requests(self._settings.population_size)
        self._due.append(self.cycle[0])
        return self._first_requests(1)

    def _failures(self) -> tuple[Candidate, ...]:
        """What failed since the last call, to be shown; nothing unless results are shown."""
        failed = tuple(self._failed)
        self._failed.clear()
        return failed

    @property
    def _knowledge(self) -> str:
        return self._settings.external_knowledge.strip()

    @property
    def _results(self) -> str:
        return "yes" if self._settings.show_results else ""


def note_text(outcome: Outcome, *, longest: int = LONGEST_NOTE) -> str:
    """The text of a note, cut to a length.

    The length is in characters; empty if there is no note.
    """
    return outcome.text.strip()[:longest] if isinstance(outcome, Note) else ""


def _is_faulty(candidate: Candidate) -> bool:
    return candidate.evaluation.status not in {Status.OK, Status.PRUNED}
