"""Plays a strategy with made-up outcomes.

There is no model, sandbox or archive, and a schedule decides who asks and who answers next.
"""

import copy
import hashlib
import pickle
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.components import resolve_kind
from evoheur.request import Failure, Note, Outcome, Request, RequestKind, Rescored
from evoheur.strategies.resampling import Resampling
from evoheur.strategies.strategy import Strategy, StrategyConfig

__all__ = [
    "Ask",
    "Event",
    "Outcomes",
    "StrategyRun",
    "Tell",
    "all_equal",
    "all_fail",
    "made_up_candidate",
    "raced_outcomes",
    "rescored",
    "run_digest",
    "varied",
    "with_twins",
]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request was handed out under this number, counted from 1."""

    number: int
    request: Request


@dataclass(frozen=True, slots=True)
class Tell:
    """The request of this number was answered."""

    number: int
    outcome: Outcome


Event: TypeAlias = Ask | Tell
Outcomes: TypeAlias = Callable[[int, Request, int], Outcome]
"""(number of the request, request, id of the candidate if it becomes one) → outcome."""


def made_up_candidate(identity: int, objective: float | None, request: Request | None = None) -> Candidate:
    """A candidate of a given worth; None for an error."""
    status = Status.ERROR if objective is None else Status.OK
    return Candidate(
        id=identity,
        code=f"def rule(x):\n    return {identity}\n",
        thought=f"idea {identity}",
        operator=request.operator if request else "baseline",
        parents=tuple(parent.id for parent in request.parents) if request else (),
        evaluation=Evaluation(
            status=status,
            objective=objective,
            objective_kind=None if objective is None else "gap_percent",
            split="train",
            detail="" if objective is not None else "ValueError",
        ),
    )


def varied(number: int, request: Request, identity: int) -> Outcome:
    """Outcomes with failures and many ties.

    Every 7th request fails to parse, every 5th candidate fails, and the objectives of the rest tie often: 31 values, all above 0.
    """
    if number % 7 == 3:
        return Failure(stage="parsing", reason="no-code", detail="made up")
    if request.produces == "note":
        return Note(text=f"note {number}")
    return made_up_candidate(identity, None if number % 5 == 4 else (1 + number * 17 % 31) / 8, request)


def all_fail(number: int, request: Request, identity: int) -> Outcome:
    """Outcomes that are all failures.

    Two in three fail before there is code, every third candidate fails its evaluation.
    """
    if number % 3:
        return Failure(stage="generation", reason="server-error", detail="made up", attempts=number % 3)
    return Note(text="") if request.produces == "note" else made_up_candidate(identity, None, request)


def all_equal(number: int, request: Request, identity: int) -> Outcome:
    """Every candidate has the same objective."""
    return Note(text=f"note {number}") if request.produces == "note" else made_up_candidate(identity, 2.0, request)


def raced_outcomes(outcomes: Outcomes) -> Outcomes:
    """The same outcomes with racing.

    Every candidate that reaches its request's bound was stopped early.
    """

    def raced(number: int, request: Request, identity: int) -> Outcome:
        outcome = outcomes(number, request, identity)
        if not isinstance(outcome, Candidate) or outcome.objective is None or request.bound is None:
            return outcome
        if outcome.objective < request.bound:
            return outcome
        return replace(outcome, evaluation=replace(outcome.evaluation, status=Status.PRUNED, objective=None, objective_kind=None))

    return raced


def with_twins(outcomes: Outcomes) -> Outcomes:
    """The same outcomes, but every third candidate takes over the score of an earlier one of other code."""
    scored: list[Candidate] = []

    def twinned(number: int, request: Request, identity: int) -> Outcome:
        outcome = outcomes(number, request, identity)
        if not isinstance(outcome, Candidate) or outcome.objective is None:
            return outcome
        if number % 3 or not scored:
            scored.append(outcome)
            return outcome
        original = scored[number % len(scored)]
        return replace(outcome, evaluation=original.evaluation, duplicate_of=original.id, is_twin=True)

    return twinned


def rescored(request: Request) -> Rescored:
    """The worth of a known heuristic on other instances, another one in every epoch; every 11th fails, the baseline never."""
    [candidate] = request.parents
    number, epoch = candidate.id, request.epoch
    fresh = made_up_candidate(number, None if number % 11 == 5 else (1 + (number * 17 + epoch * 7) % 31) / 8)
    return Rescored(candidate=replace(candidate, evaluation=replace(fresh.evaluation, epoch=epoch)))


class StrategyRun:
    """One strategy at work.

    It plays the part of the run's loop and checks what any loop relies on.

    Args:
        config: Makes the strategy.
        outcomes: Makes up the outcomes.
        seed: Seeds the strategy's generator.
        every: So many candidates make an epoch, after which training goes on with fresh instances; None for never.
        watch: Whether every `ask` is checked for changing a strategy that waits, which costs a copy of its state.

    Attributes:
        strategy: The strategy.
        log: All asks and tells so far, in order; asks that returned None leave no entry, as in an archive.
        in_flight: Number → request, for what is asked and not yet told.
    """

    def __init__(
        self,
        config: StrategyConfig,
        outcomes: Outcomes = varied,
        *,
        seed: int = 1,
        every: int | None = None,
        watch: bool = True,
    ) -> None:
        baseline = made_up_candidate(0, 4.5)
        self.strategy: Strategy = config.build(baseline, random.Random(seed))  # noqa: S311 - reproducible on purpose
        if every is not None:
            self.strategy = Resampling(self.strategy, baseline, every)
        self.log: list[Event] = []
        self.in_flight: dict[int, Request] = {}
        self._outcomes = outcomes
        self._watch = watch
        self._asked = 0
        self._told = {0: [baseline]}  # number → the candidate with every worth that it had

    def ask(self) -> bool:
        """Ask once; True if there was a request.

        Raises:
            AssertionError: The strategy waits with nothing in flight, changes although it waits, or shows a candidate it was not told.
        """
        before = self.state() if self._watch else None
        request = self.strategy.ask()
        if request is None:
            assert self.in_flight, (
                f"after {len(self.log)} events nothing is in flight, yet ask() returned None: the run would be stuck"
            )
            assert before in {None, self.state()}, f"after {len(self.log)} events ask() returned None and changed the strategy"
            return False
        for parent in request.parents:
            assert parent in self._told.get(parent.id, ()), (
                f"{request.operator} shows candidate {parent.id}, which was never told"
            )
        self._asked += 1
        self.in_flight[self._asked] = request
        self.log.append(Ask(self._asked, request))
        return True

    def tell(self, number: int) -> None:
        """Answer the request of this number and check the elites.

        Raises:
            AssertionError: The elites are out of order or hold a failure or a candidate that was not told.
        """
        request = self.in_flight[number]
        again = request.kind is RequestKind.RESCORING
        self._tell(number, rescored(request) if again else self._outcomes(number, request, len(self._told)))

    def _tell(self, number: int, outcome: Outcome) -> None:
        request = self.in_flight.pop(number)
        if isinstance(outcome, Candidate):
            outcome = replace(outcome, evaluation=replace(outcome.evaluation, epoch=request.epoch))
            self._told[outcome.id] = [outcome]
        elif isinstance(outcome, Rescored):
            self._told[outcome.candidate.id].append(outcome.candidate)
        self.log.append(Tell(number, outcome))
        self.strategy.tell(request, outcome)
        self._check_elites()

    def replay(self, log: Iterable[Event]) -> "StrategyRun":
        """Follow another run's log, as resuming does.

        The calls are the same in the same order, with outcomes that are equal but not identical.

        Raises:
            AssertionError: A request differs from the logged one.
        """
        for event in log:
            if isinstance(event, Tell):
                self._tell(event.number, copy.deepcopy(event.outcome))
                continue
            assert self.ask(), f"request {event.number} was asked when the log was written; now ask() returned None"
            asked = self.in_flight[event.number]
            assert asked.fingerprint() == event.request.fingerprint(), (
                f"request {event.number} is {asked}, the log has {event.request}"
            )
        return self

    def step(self, choice: int, *, width: int) -> None:
        """Ask or tell, as `choice` says.

        It is any whole number ≥ 0; at most `width` requests are in flight.
        """
        numbers = list(self.in_flight)
        if (choice % 2 == 0 or not numbers) and len(numbers) < width and self.ask():
            return
        if numbers:
            self.tell(numbers[choice // 2 % len(numbers)])

    def play(self, schedule: Iterable[int], *, width: int) -> "StrategyRun":
        """Take one step per entry of the schedule."""
        for choice in schedule:
            self.step(choice, width=width)
        return self

    def play_in_order(self, requests: int, *, width: int = 1) -> list[Request]:
        """Ask for so many more requests; returns these.

        `width` requests are kept in flight, oldest answered first.
        """
        wanted = self._asked + requests
        first = len(self.log)
        while self._asked < wanted:
            while self._asked < wanted and len(self.in_flight) < width and self.ask():
                pass
            if self._asked < wanted:
                self.tell(next(iter(self.in_flight)))
        return [event.request for event in self.log[first:] if isinstance(event, Ask)]

    def state(self) -> bytes:
        """All that the strategy is, as bytes.

        Its random generator is included; they are equal while it does not change.
        """
        return pickle.dumps(self.strategy)

    def fingerprints(self) -> list[str]:
        """What replay compares: the fingerprints of all requests, in order."""
        return [event.request.fingerprint() for event in self.log if isinstance(event, Ask)]

    def _check_elites(self) -> None:
        elites = self.strategy.elites()
        objectives = [elite.objective for elite in elites if elite.objective is not None]
        assert len(objectives) == len(elites), "elites() holds a failed candidate"
        assert objectives == sorted(objectives), f"elites() is not best first: {objectives}"
        assert all(elite in self._told.get(elite.id, ()) for elite in elites), "elites() holds a candidate that was never told"


def run_digest(target: str, config: str) -> str:
    """Hash of a fixed run's fingerprints, compared between processes.

    Args:
        target: The configuration's class, as "package.module:Class".
        config: The configuration as JSON.
    """
    built = resolve_kind(target, {}, StrategyConfig, what="strategy").model_validate_json(config)  # type: ignore[type-abstract]
    schedule = random.Random(0).choices(range(60), k=600)  # noqa: S311 - reproducible on purpose
    return hashlib.sha256(" ".join(StrategyRun(built).play(schedule, width=5).fingerprints()).encode()).hexdigest()
