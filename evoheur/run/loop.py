"""The steady-state loop: ask, have answered, tell.

One task owns all that a run changes, so there are no locks; everything slow happens in the tasks that answer.
"""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, TypeAlias

from evoheur.archive.records import RunStatus
from evoheur.errors import EvoheurError, StrategyStuck
from evoheur.request import Failure, Message, Outcome, Request
from evoheur.run.step import Step, StepListeners

__all__ = ["Loop", "LoopEnd", "StopSignal", "TellOrder"]

TellOrder: TypeAlias = Literal["arrival", "asked"]

_PORTION_SECONDS = 0.05  # of asking in a row, while nothing else gets a turn
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


class _Flight(NamedTuple):
    """A request under way."""

    task: asyncio.Task[Outcome]
    step: Step


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
    _flying: dict[int, _Flight] = field(default_factory=dict, init=False)  # by the request's number, ascending
    _landed: set[int] = field(default_factory=set, init=False)  # numbers of those whose answer is there, until they are told
    _calls: int = field(default=0, init=False)  # in flight to the generator; what tunes constants keeps no call from being made
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False)  # by an answer, or by the signal
    _stuck: bool = field(default=False, init=False)  # on a request that cannot be told, in the order "asked"

    async def run(self, pending: Sequence[Step] = ()) -> LoopEnd:
        """Run until nothing more may be asked, or until the signal.

        Args:
            pending: Steps of an earlier session to begin with, oldest first.

        Raises:
            StrategyStuck: The source waits for nothing.
        """
        stopping = asyncio.ensure_future(self.signal.wait())
        stopping.add_done_callback(lambda _: self._woken.set())
        try:
            for step in pending:
                self._start(step)
            while True:
                spent = await self._fill()
                if not self._flying:
                    break
                await self._tell_next()
                if self.signal.ending is not None:
                    await self._drain()
                    break
        finally:
            stopping.cancel()
        return self.signal.ending or LoopEnd(status="finished", reason=spent or "")

    async def _fill(self) -> str | None:
        """Ask for as much as may be in flight.

        Returns why not, if nothing more may be asked at all. Asking for hundreds takes seconds, so answers are worked on in between; none
        is told before all is asked, or what is asked would be a matter of luck.
        """
        clock = asyncio.get_running_loop().time
        rested = clock()
        while self._calls < self.in_flight and self.signal.ending is None:
            spent = self.spent()
            if spent is not None:  # unless a failure in flight gives some of the budget back
                return spent
            request = self.source.ask()
            if request is None:
                if not self._flying:
                    raise StrategyStuck(f"Strategy {type(self.source).__name__} asks for nothing while nothing is in flight.")
                return None
            step = Step(request=request, messages=self.answering.render(request))
            self.listeners.asked(step)
            self._start(step)
            if clock() - rested > _PORTION_SECONDS:
                await asyncio.sleep(0)
                rested = clock()
        return None

    def _start(self, step: Step) -> None:
        number = step.asked.number
        task = asyncio.ensure_future(self.answering.answer(step, self.listeners.replied))
        self._flying[number] = _Flight(task, step)
        self._calls += step.request.kind.asks_model
        task.add_done_callback(lambda _: self._land(number))

    def _land(self, number: int) -> None:
        if number in self._flying:  # else it was told already, or the loop has ended
            self._landed.add(number)
            self._woken.set()

    async def _tell_next(self) -> None:
        while not self._tellable() and self.signal.ending is None:
            self._woken.clear()
            await self._woken.wait()
        self._tell_done()

    def _tellable(self) -> list[int]:
        """The numbers of the requests that can be told now, in order.

        In the order "asked" it is one outcome at a time: how many are there by now is a matter of luck, and the next request must not be.
        """
        if self.tell_order == "arrival":
            return sorted(self._landed)
        first = list(itertools.islice(self._flying, 0 if self._stuck else 1))
        return first if self._landed.issuperset(first) else []

    def _tell_done(self) -> None:
        for number in self._tellable():
            flight = self._flying.pop(number)
            self._landed.discard(number)
            self._calls -= flight.step.request.kind.asks_model
            self._tell(flight.task, flight.step)

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
        if self._flying:
            await asyncio.wait([flight.task for flight in self._flying.values()], timeout=_GRACE_SECONDS)
        self._landed.update(number for number, flight in self._flying.items() if flight.task.done())
        while self._tellable():
            self._tell_done()
        left = [flight.task for flight in self._flying.values()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
