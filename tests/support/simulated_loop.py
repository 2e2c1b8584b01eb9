"""A loop with a real strategy, a model and evaluators that only take time, and outcomes that are made up."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate
from evoheur.request import Completion, Failure, Message, Outcome, Request, RequestKind
from evoheur.run.course import Course
from evoheur.run.flights import TellOrder
from evoheur.run.listeners import OutcomeListener
from evoheur.run.loop import Loop, LoopEnd, StopSignal
from evoheur.run.spare_slots import SpareSlots
from evoheur.run.step import Step, StepListener, StepListeners
from evoheur.run.waiting_times import WaitingTimes
from evoheur.strategies.strategy import Strategy
from evoheur.testing.strategy_runs import made_up_candidate, rescored, varied

__all__ = ["SimulatedAnswers", "SimulatedLog", "simulate", "uneven"]


class SimulatedLog(StepListener):
    """Numbers the steps and the candidates as an archive does.

    Attributes:
        entries: Asks and tells, in order.
        requests: How many were asked.
    """

    def __init__(self) -> None:
        self.entries: list[Asked | Told] = []
        self.requests = 0
        self._candidates = 0

    def asked(self, step: Step) -> None:
        """See `StepListener`."""
        self.requests += 1
        step.asked = Asked(
            id=self.requests,
            number=self.requests,
            sequence=len(self.entries) + 1,
            operator=step.request.operator,
            fingerprint=step.request.fingerprint(),
            messages=step.messages,
            kind=step.request.kind,
        )
        self.entries.append(step.asked)

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        if isinstance(step.outcome, Candidate):
            self._candidates += 1
            numbered = made_up_candidate(self._candidates, step.outcome.objective, step.request)
            step.outcome = replace(numbered, evaluation=replace(numbered.evaluation, epoch=step.request.epoch))
        step.told = Told(asked=step.asked, sequence=len(self.entries) + 1, outcome=step.outcome)
        self.entries.append(step.told)


@dataclass
class SimulatedAnswers:
    """Takes the time that a model and evaluators take; evaluations wait for one of the slots, first come, first served.

    Attributes:
        call_seconds: Gives the time of the next call.
        evaluation_seconds: Gives the time of the next evaluation.
        slots: Evaluations at the same time.
        most_calls: The most calls that were under way together.
        most_waiting: The most requests that were asked and not answered together.
    """

    call_seconds: Callable[[], float]
    evaluation_seconds: Callable[[], float]
    slots: int = 2

    def __post_init__(self) -> None:
        self.spare = SpareSlots(self.slots)
        self.most_calls = self.most_waiting = self._calls = self._waiting = 0
        self._free = asyncio.Semaphore(self.slots)

    def render(self, request: Request) -> tuple[Message, ...]:
        """A prompt that says no more than the operator."""
        return (Message(role="user", content=request.operator),) if request.kind.asks_model else ()

    async def answer(self, step: Step, replied: Callable[[Step], Awaitable[None]]) -> Outcome:
        """Wait for the model, then for an evaluation of what is to be a heuristic."""
        self._waiting += 1
        self.most_waiting = max(self.most_waiting, self._waiting)
        if step.request.kind.asks_model:
            self._calls += 1
            self.most_calls = max(self.most_calls, self._calls)
            await asyncio.sleep(self.call_seconds())
            step.completion = Completion(text="", model="simulated")
            self._calls -= 1
            await replied(step)
        again = step.request.kind is RequestKind.RESCORING
        outcome = rescored(step.request) if again else varied(step.asked.number, step.request, 1)
        if isinstance(outcome, Candidate):
            async with self.spare.claimed(), self._free:
                await asyncio.sleep(self.evaluation_seconds())
        self._waiting -= 1
        return outcome


async def simulate(
    strategy: Strategy,
    answers: SimulatedAnswers,
    log: SimulatedLog,
    *,
    requests: int,
    in_flight: int,
    backlog: int = 0,
    tell_order: TellOrder = "arrival",
    course: Course | None = None,
) -> tuple[LoopEnd, WaitingTimes]:
    """Run a strategy; returns how it ended, and who waited for whom.

    Args:
        strategy: Fresh.
        answers: Who answers.
        log: Hears of all.
        requests: The budget.
        in_flight: As in `Loop`.
        backlog: As in `Loop`.
        tell_order: As in `Loop`.
        course: As in `Loop`.
    """

    def caught(_step: Step, error: BaseException) -> Failure:
        raise error

    waiting = WaitingTimes(answers.slots, asyncio.get_running_loop().time)
    answers.spare.heard = waiting.evaluating
    loop = Loop(
        source=strategy,
        answering=answers,
        listeners=StepListeners([log, *([] if course is None else [course]), OutcomeListener(strategy.tell)]),
        spent=lambda: "enough" if log.requests >= requests else None,
        caught=caught,
        signal=StopSignal(),
        in_flight=in_flight,
        backlog=backlog,
        tell_order=tell_order,
        waiting=waiting,
        course=course,
    )
    return await loop.run(), waiting


def uneven(rng: random.Random, mean: float, spread: float) -> float:
    """A time that is log-normal: its mean, and the standard deviation of its logarithm."""
    return mean * rng.lognormvariate(-spread * spread / 2, spread)
