"""The steady-state loop: ask, have answered, tell.

One task owns all that a run changes, so there are no locks; everything slow happens in the tasks that answer. While it waits for an
archive on a server, the tasks go on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from evoheur.archive.records import RunStatus
from evoheur.errors import ArchiveLost, EvoheurError, StrategyStuck
from evoheur.request import Failure, Message, Outcome, Request
from evoheur.run.course import Course
from evoheur.run.flights import Flights, TellOrder
from evoheur.run.step import Step, StepListeners
from evoheur.run.waiting_times import Held, WaitingTimes

__all__ = ["Loop", "LoopEnd", "StopSignal"]

_PORTION_SECONDS = 0.05  # of asking or telling in a row, while nothing else gets a turn
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

    async def answer(self, step: Step, replied: Callable[[Step], Awaitable[None]]) -> Outcome: ...


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
        in_flight: Calls to the generator under way at the same time.
        backlog: Replies that may wait for their evaluation, or be in it, while all of those calls are under way. In the order "asked" so
            many more requests are asked ahead.
        tell_order: "arrival" tells outcomes as they come; "asked" tells them in the order of asking, so that with a generator that
            repeats itself the run is the same whatever finishes first.
        waiting: Measures who waits for whom.
        course: What to keep to, so that a recorded run is repeated; while it leads, neither `in_flight` nor `tell_order` says what comes
            next.
    """

    source: _Asks
    answering: _Answers
    listeners: StepListeners
    spent: Callable[[], str | None]
    caught: Callable[[Step, BaseException], Failure]
    signal: StopSignal
    in_flight: int
    tell_order: TellOrder
    backlog: int = 0
    waiting: WaitingTimes = field(default_factory=WaitingTimes)
    course: Course | None = None
    _flights: Flights = field(init=False)
    _lines: asyncio.Semaphore = field(init=False)  # to the generator
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False)  # by a reply, by an answer, or by the signal
    _stuck: bool = field(default=False, init=False)  # on a request that cannot be told, in the order "asked"
    _held: Held | None = field(default=None, init=False)  # what keeps requests from being asked, though there is room

    def __post_init__(self) -> None:
        self._flights = Flights(in_flight=self.in_flight, backlog=self.backlog, tell_order=self.tell_order, course=self.course)
        self._lines = asyncio.Semaphore(self.in_flight)

    async def run(self, pending: Sequence[Step] = ()) -> LoopEnd:
        """Run until nothing more may be asked, or until the signal.

        Args:
            pending: Steps of an earlier session to begin with, oldest first.

        Raises:
            StrategyStuck: The source waits for nothing.
            ArchiveLost: Nothing can be stored any more; what was in flight is given up.
            Exception: Whatever a part of the run raised; what was in flight has come in before, and is stored.
        """
        stopping = asyncio.ensure_future(self.signal.wait())
        stopping.add_done_callback(lambda _: self._woken.set())
        try:
            for step in pending:
                self._start(step)
            while True:
                spent = await self._fill()
                if not self._flights:
                    break
                await self._tell_next()
                if self.signal.ending is not None:
                    await self._drain()
                    break
        except ArchiveLost:
            await self._leave()
            raise
        except Exception:
            await self._wait_for_flights()  # their replies are paid for, and are stored as they come
            await self._leave()
            raise
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
        self._held = None
        spent = None
        while self._flights.have_room and self.signal.ending is None:
            spent = self.spent()
            if spent is not None:  # unless a failure in flight gives some of the budget back
                self._held = "end"
                if self.course is not None:
                    self.course.end_asking(spent)
                break
            request = self.source.ask()
            if request is None:
                spent = self.spent()  # asking may have shown that a limit is reached
                if spent is not None:
                    self._held = "end"
                    break
            messages = () if request is None else self.answering.render(request)
            if not self._keeps_course(request, messages):
                self._held = "end"
                break
            if request is None:
                if not self._flights:
                    raise StrategyStuck(f"Strategy {type(self.source).__name__} asks for nothing while nothing is in flight.")
                self._held = "outcomes"
                break
            step = Step(request=request, messages=messages)
            await self.listeners.asked(step)
            self._start(step)
            if clock() - rested > _PORTION_SECONDS:
                await asyncio.sleep(0)
                rested = clock()
        self._measure()
        return spent

    def _keeps_course(self, request: Request | None, messages: tuple[Message, ...]) -> bool:
        """Whether the run may go on with what the strategy asks; if not, it ends before that is stored."""
        fault = None if self.course is None else self.course.fault(request, messages)
        if fault is None or self.course is None:
            return True
        if self.course.is_binding:
            self.signal.stop(LoopEnd(status="failed", reason=fault))
            return False
        self.course.leave()
        return True

    def _start(self, step: Step) -> None:
        number = step.asked.number
        calls = step.request.kind.asks_model and step.completion is None
        task = asyncio.ensure_future(self._call(step) if calls else self._answer(step, self.listeners.replied))
        self._flights.start(task, step)
        task.add_done_callback(lambda _: self._land(number))

    async def _answer(self, step: Step, replied: Callable[[Step], Awaitable[None]]) -> Outcome:
        """Have a step answered, once it is stored: nothing is paid for before."""
        if step.storing is not None:
            await step.storing
        return await self.answering.answer(step, replied)

    async def _call(self, step: Step) -> Outcome:
        """Have a step answered, with a call to the generator that is over when its reply is there."""
        if step.storing is not None:  # or a line would be kept from others meanwhile
            await step.storing
        await self._lines.acquire()
        busy = True

        def hang_up() -> None:
            nonlocal busy
            if busy:
                busy = False
                self._lines.release()
                self._flights.replied(step.asked.number)
                self._woken.set()

        async def replied(step: Step) -> None:
            hang_up()
            await self.listeners.replied(step)

        try:
            return await self.answering.answer(step, replied)
        finally:
            if (
                busy
            ):  # without a reply: there is room once that can be told, since a refusal of all calls must not be asked for again
                self._lines.release()

    def _land(self, number: int) -> None:
        if self._flights.land(number):
            self._woken.set()

    async def _tell_next(self) -> None:
        """Wait until something can be told, or asked, and tell it."""
        while not self._tellable() and self.signal.ending is None and (self._held is not None or not self._flights.have_room):
            self._measure()
            self._woken.clear()
            await self._woken.wait()
        await self._tell_done()

    def _tellable(self) -> list[int]:
        return [] if self._stuck and self.tell_order == "asked" else self._flights.tellable()

    async def _tell_done(self) -> None:
        """Tell what can be told now; telling hundreds takes seconds, so answers are worked on in between."""
        clock = asyncio.get_running_loop().time
        rested = clock()
        steps = [step for number in self._tellable() if (step := self._with_outcome(*self._flights.pop(number))) is not None]
        await self.listeners.telling(steps)
        for step in steps:
            if clock() - rested > _PORTION_SECONDS:
                await asyncio.sleep(0)
                rested = clock()
            await self.listeners.told(step)

    def _with_outcome(self, task: asyncio.Task[Outcome], step: Step) -> Step | None:
        """A step with what came of it; None if that ends the run."""
        error = task.exception()
        try:
            step.outcome = task.result() if error is None else self.caught(step, error)
        except EvoheurError as fatal:
            self._stuck = True
            self.signal.stop(LoopEnd(status="failed", reason=str(fatal), error=fatal))
            return None
        return step

    def _measure(self) -> None:
        held = self._held or ("first" if self._flights.wait_for_first else "evaluators")
        self.waiting.calling(self._flights.calls, self.in_flight, held if self.signal.ending is None else "end")

    async def _drain(self) -> None:
        # Replies that arrive now are stored, so that resuming does not buy them again. A request that failed for good is not told; in the
        # order "asked" neither are those behind it, because the resumed run will tell it first.
        if self.signal.ending is not None and isinstance(self.signal.ending.error, ArchiveLost):
            raise self.signal.ending.error
        await self._wait_for_flights()
        self._flights.land_all_done()
        while self._tellable():
            await self._tell_done()
        await self._leave()

    async def _wait_for_flights(self) -> None:
        self._held = "end"
        self._measure()
        if self._flights:
            await asyncio.wait(self._flights.tasks, timeout=_GRACE_SECONDS)

    async def _leave(self) -> None:
        left = self._flights.tasks
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
