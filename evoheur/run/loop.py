"""The steady-state loop: ask, have answered, tell.

One task owns all that a run changes, so there are no locks; everything slow happens in the tasks that answer.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from evoheur.archive.records import RunStatus
from evoheur.errors import EvoheurError, StrategyStuck
from evoheur.request import Failure, Message, Outcome, Request
from evoheur.run.step import Step, StepListeners

__all__ = ["Loop", "LoopEnd", "StopSignal", "TellOrder"]

TellOrder: TypeAlias = Literal["arrival", "asked"]

_GRACE_SECONDS = 120.0  # a model's reply in flight is worth waiting for; a second Ctrl-C does not wait


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopEnd:
    """The reason why the loop ended.

    Attributes:
        status: "finished", "interrupted" or "failed".
        reason: For people.
        error: What failed, if something did.
    """

    status: RunStatus
    reason: str
    error: EvoheurError | None = None


class StopSignal:
    """The signal to the loop to ask for nothing more.

    Attributes:
        ending: Why; the first reason that was given, None if there is none.
    """

    def __init__(self) -> None:
        self.ending: LoopEnd | None = None
        self._given = asyncio.Event()

    def stop(self, ending: LoopEnd) -> None:
        """Ask for nothing more, and end soon.

        What is in flight gets a grace period, and what is not finished then stays unfinished in the log.
        """
        if self.ending is None:
            self.ending = ending
        self._given.set()

    async def wait(self) -> None:
        """Wait until the signal is given."""
        await self._given.wait()


class _Asks(Protocol):
    """The part of a strategy that the loop needs."""

    def ask(self) -> Request | None: ...


class _Answers(Protocol):
    """The part of a pipeline that the loop needs."""

    def render(self, request: Request) -> tuple[Message, ...]: ...

    async def answer(self, step: Step, replied: Callable[[Step], None]) -> Outcome: ...


@dataclass(kw_only=True)
class Loop:
    """Keeps requests in flight, and passes on their steps.

    Every step goes to the parts of the run; what it means to them is not the loop's business.

    Attributes:
        source: Says what to ask for next.
        answering: Carries a step from its request to its outcome.
        listeners: Hear of every step.
        spent: Says why nothing more may be asked; None while something may.
        caught: The failure to tell in place of an exception; raises an `EvoheurError` if that has to end the run.
        signal: Ends the loop from outside.
        in_flight: Requests to the generator under way at the same time.
        tell_order: "arrival" tells outcomes as they come; "asked" tells them in the order of asking, so that with a generator that
            repeats itself the run is the same whatever finishes first.
    """

    source: _Asks
    answering: _Answers
    listeners: StepListeners
    spent: Callable[[], str | None]
    caught: Callable[[Step, BaseException], Failure]
    signal: StopSignal
    in_flight: int
    tell_order: TellOrder
    _tasks: dict[asyncio.Task[Outcome], Step] = field(default_factory=dict, init=False)
    _stuck: bool = field(default=False, init=False)  # on a request that cannot be told, in the order "asked"

    async def run(self, pending: Sequence[Step] = ()) -> LoopEnd:
        """Run until nothing more may be asked, or until the signal.

        Args:
            pending: Steps of an earlier session to begin with, oldest first.

        Raises:
            StrategyStuck: The source waits for nothing.
        """
        for step in pending:
            self._start(step)
        while True:
            spent = self._fill()
            if not self._tasks:
                break
            await self._tell_next()
            if self.signal.ending is not None:
                await self._drain()
                break
        return self.signal.ending or LoopEnd(status="finished", reason=spent or "")

    def _fill(self) -> str | None:
        """Ask for as much as may be in flight.

        Returns why not, if nothing more may be asked at all.
        """
        while self._calls_in_flight() < self.in_flight and self.signal.ending is None:
            spent = self.spent()
            if spent is not None:  # unless a failure in flight gives some of the budget back
                return spent
            request = self.source.ask()
            if request is None:
                if not self._tasks:
                    raise StrategyStuck(f"Strategy {type(self.source).__name__} asks for nothing while nothing is in flight.")
                return None
            step = Step(request=request, messages=self.answering.render(request))
            self.listeners.asked(step)
            self._start(step)
        return None

    def _calls_in_flight(self) -> int:
        """The number of requests in flight to the generator.

        Those that tune constants keep no call from being made.
        """
        return sum(step.request.kind.asks_model for step in self._tasks.values())

    def _start(self, step: Step) -> None:
        self._tasks[asyncio.ensure_future(self.answering.answer(step, self.listeners.replied))] = step

    async def _tell_next(self) -> None:
        waited_for = self._awaited()
        stopping = asyncio.ensure_future(self.signal.wait())
        await asyncio.wait({*waited_for, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        self._tell_done()

    def _awaited(self) -> list[asyncio.Task[Outcome]]:
        # In the order "asked", one outcome at a time: how many are done by now is a matter of luck, and the next request must not be.
        if self.tell_order == "arrival":
            return sorted(self._tasks, key=lambda task: self._tasks[task].asked.number)
        if self._stuck or not self._tasks:
            return []
        return [min(self._tasks, key=lambda task: self._tasks[task].asked.number)]

    def _tell_done(self) -> None:
        for task in self._awaited():
            if task.done():
                self._tell(task, self._tasks.pop(task))

    def _tell(self, task: asyncio.Task[Outcome], step: Step) -> None:
        error = task.exception()
        try:
            step.outcome = task.result() if error is None else self.caught(step, error)
        except EvoheurError as fatal:
            self._stuck = True
            self.signal.stop(LoopEnd(status="failed", reason=str(fatal), error=fatal))
        else:
            self.listeners.told(step)

    async def _drain(self) -> None:
        # Replies that arrive now are stored, so that resuming does not buy them again. A request that failed for good is not told; in the
        # order "asked" neither are those behind it, because the resumed run will tell it first.
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_GRACE_SECONDS)
        while any(task.done() for task in self._awaited()):
            self._tell_done()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
