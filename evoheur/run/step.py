"""The step of a run, and the base of its listeners."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field

from evoheur.archive.records import Asked, Told
from evoheur.request import Completion, Message, Outcome, Request

__all__ = ["LogListeners", "Step", "StepListener", "StepListeners", "UnstorableReply"]


class UnstorableReply(Exception):
    """A reply that the archive cannot hold.

    Only a generator from elsewhere sends one. The exception never leaves the pipeline.
    """


@dataclass(slots=True, kw_only=True, eq=False)
class Step:
    """A request and all that became of it so far.

    Asked, replied, told. It grows on its way. Whoever stores it hears of each stage first, and fills in what was stored for those who
    hear of it after.

    Attributes:
        request: What the strategy asked for.
        messages: The prompt; none where no model answers.
        completion: The reply, once it is there.
        outcome: What came of it, once that is known; a candidate gets its number when it is stored.
        asked: The request as stored, with the reply once that is stored too; set before others hear that it was asked.
        told: The outcome as stored; set before others hear that it was told.
        tried: Candidates that were evaluated between the reply and the outcome, by whoever fills what the reply leaves open.
        storing: Done when the request is stored, if that goes on beside the loop; it is waited for before anybody works on the request.
    """

    request: Request
    messages: tuple[Message, ...] = ()
    completion: Completion | None = None
    outcome: Outcome = field(init=False)
    asked: Asked = field(init=False)
    told: Told = field(init=False)
    tried: int = field(default=0, init=False)
    storing: asyncio.Future[None] | None = field(default=None, init=False)


class StepListener:
    """A part of a run that hears of every step.

    Each overrides what it acts on; of the rest it hears, and does nothing. What a method returns is waited for before the next part hears
    of the step, and meanwhile answers are worked on; most have nothing to wait for.

    Attributes:
        hears_log: Whether it hears the stored steps again, in their order, when a run is resumed; it must not wait for anything then.
    """

    hears_log: bool = False

    def asked(self, step: Step) -> Awaitable[None] | None:
        """Hear of a request that nobody works on yet."""

    def replied(self, step: Step) -> Awaitable[None] | None:
        """Hear of a reply that nothing was made of yet."""

    def telling(self, steps: Sequence[Step]) -> Awaitable[None] | None:
        """Hear of outcomes that are told one after the other as soon as all parts have heard of this."""

    def told(self, step: Step) -> Awaitable[None] | None:
        """Hear of an outcome."""


class LogListeners:
    """Hands stored steps to those parts of a run that hear the log again.

    Args:
        listeners: In the order they hear.
    """

    def __init__(self, listeners: Sequence[StepListener]) -> None:
        self._listeners = tuple(listeners)

    def asked(self, step: Step) -> None:
        """Tell all of a request."""
        for listener in self._listeners:
            _at_once(listener, listener.asked(step))

    def replied(self, step: Step) -> None:
        """Tell all of a reply."""
        for listener in self._listeners:
            _at_once(listener, listener.replied(step))

    def told(self, step: Step) -> None:
        """Tell all of an outcome."""
        for listener in self._listeners:
            _at_once(listener, listener.told(step))


def _at_once(listener: StepListener, waiting: Awaitable[None] | None) -> None:
    if waiting is not None:
        raise TypeError(f"{type(listener).__name__} hears the log, which nobody waits for; let its methods be no coroutines.")


class StepListeners:
    """Hands every step to all parts of a run.

    One after the other; what one raises ends the run.

    Args:
        listeners: In the order they hear.
    """

    def __init__(self, listeners: Sequence[StepListener]) -> None:
        self._listeners = tuple(listeners)

    @property
    def of_log(self) -> LogListeners:
        """The listeners that hear the stored steps again."""
        return LogListeners([listener for listener in self._listeners if listener.hears_log])

    async def asked(self, step: Step) -> None:
        """Tell all of a request."""
        for listener in self._listeners:
            waiting = listener.asked(step)
            if waiting is not None:
                await waiting

    async def replied(self, step: Step) -> None:
        """Tell all of a reply."""
        for listener in self._listeners:
            waiting = listener.replied(step)
            if waiting is not None:
                await waiting

    async def telling(self, steps: Sequence[Step]) -> None:
        """Tell all of the outcomes that come next."""
        for listener in self._listeners:
            waiting = listener.telling(steps)
            if waiting is not None:
                await waiting

    async def told(self, step: Step) -> None:
        """Tell all of an outcome."""
        for listener in self._listeners:
            waiting = listener.told(step)
            if waiting is not None:
                await waiting
