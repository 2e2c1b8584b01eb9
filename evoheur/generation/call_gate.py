"""The gate that all calls to one endpoint pass, and what is known of the endpoint from them.

They wait here, in the order of asking: for the end of an outage, for the server's limits, and for others to come back where it bears only
so many at once.
"""

import asyncio
import itertools
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from evoheur.errors import GeneratorDown
from evoheur.generation.api_faults import Fault, Remedy
from evoheur.generation.circuit_breaker import CircuitBreaker
from evoheur.generation.concurrency_limit import ConcurrencyLimit
from evoheur.generation.outage import OutageNews
from evoheur.generation.outage_reports import outage_news, outage_words
from evoheur.generation.rate_window import RateWindow
from evoheur.generation.sent_call import SentCall

__all__ = ["CallGate", "GateNews"]

_log = logging.getLogger(__name__)

_SAME_MOMENT = 0.5  # seconds within which the end of a wait is announced once
_FIRST_REPLY_TOKENS = 500.0  # what a reply is expected to have before there was one
_LAST_REPLY_WEIGHT = 0.2  # in the mean of what replies have


class _Bell:
    """Wakes all that wait for news."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self) -> None:
        await self._rung.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateNews:
    """Who is told of waits and outages.

    Attributes:
        throttled: The seconds and the reason before each wait that is no outage.
        outage: How it stands with one.
        halved: The endpoint, how many calls at once it gets from now on, and why, when these become half as many.
        others_answer: Whether other models of the run answer during one, so that calls do not wait for its end.
    """

    throttled: Callable[[float, str], None] = lambda _seconds, _reason: None
    outage: Callable[[OutageNews], None] = lambda _news: None
    halved: Callable[[str, int, str], None] = lambda _endpoint, _limit, _why: None
    others_answer: bool = False


@dataclass(kw_only=True)
class CallGate:
    """The one way to an endpoint.

    Attributes:
        endpoint: The model and where it is, for people.
        breaker: Whether anything gets through.
        limit: How many calls it bears at once.
        windows: "requests" and "tokens" → how many a minute, where there is a limit.
        sleep: Waits, given seconds.
        clock: Seconds from any fixed point, never going back.
        news: Who is told.
        worked_before: Whether requests of the run were answered in earlier sessions.
    """

    endpoint: str
    breaker: CircuitBreaker
    windows: dict[str, RateWindow]
    sleep: Callable[[float], Awaitable[None]]
    clock: Callable[[], float]
    news: GateNews
    worked_before: Callable[[], bool]
    limit: ConcurrencyLimit = field(default_factory=ConcurrencyLimit)

    def __post_init__(self) -> None:
        self.worked = 0  # calls that brought a reply
        self.sent = 0  # calls in all
        self.last_good = -1  # number of the one that was sent last among those that brought a reply
        self._bell = _Bell()
        self._tickets = itertools.count()
        self._queue: list[int] = []  # tickets of those that wait, ascending
        self._under_way: set[SentCall] = set()
        self._present = 0  # requests that have no result yet
        self._doubted = 0  # those of them that wait for what others meet
        self._refused = False
        self._is_ending = False
        self._worked_at_blame = -1  # calls that had worked when a request was blamed that nobody could be compared with
        self._reply_tokens = _FIRST_REPLY_TOKENS
        self._said_slow = False
        self._announced = -math.inf  # until when it was last said that calls wait

    @property
    def is_shut(self) -> bool:
        """Whether nothing gets through."""
        return self.breaker.outage is not None

    def end(self) -> None:
        """Let nothing through any more.

        Those that wait are told so at once, and what is under way may come back.
        """
        self._is_ending = True
        self._bell.ring()

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """Be present as a request, for all its calls."""
        self._present += 1
        try:
            yield
        finally:
            self._present -= 1
            self._bell.ring()

    @asynccontextmanager
    async def call(self, prompt_tokens: float) -> AsyncIterator[SentCall]:
        """Make one call when it may be made.

        Args:
            prompt_tokens: How many it sends, estimated.

        Raises:
            GeneratorDown: It has waited for long enough, the run ends, or others answer meanwhile.
        """
        ticket = next(self._tickets)
        self._queue.append(ticket)
        try:
            while (seconds := self._wait_of(ticket, prompt_tokens)) > 0:
                await self._rest(seconds)
        finally:
            self._queue.remove(ticket)
            self._bell.ring()
        sent = SentCall(self.clock(), number=self.sent, is_trial=self.is_shut)
        self.sent += 1
        needs = self._needs(prompt_tokens)
        sent.taken = {name: window.take(needs[name]) for name, window in self.windows.items()}
        self._under_way.add(sent)
        self.limit.began(len(self._under_way))
        try:
            yield sent
        finally:
            self._under_way.discard(sent)
            self._bell.ring()

    async def pause(self, seconds: float, reason: str) -> None:
        """Wait before a call is tried again, and say so.

        Raises:
            GeneratorDown: The run ends.
        """
        self.news.throttled(seconds, reason)
        until = self.clock() + seconds
        while (left := until - self.clock()) > 0:
            await self._rest(left)
            self._see_that_it_goes_on()

    def replied(self, sent: SentCall, *, prompt_tokens: float, tokens: float) -> None:
        """Take note of a call that brought a reply.

        Args:
            sent: The call, still under way.
            prompt_tokens: How many it sent, as estimated.
            tokens: How many it took, prompt and reply.
        """
        now = self.clock()
        weight = _LAST_REPLY_WEIGHT if self.worked else 1.0
        self._reply_tokens += weight * (max(0.0, tokens - prompt_tokens) - self._reply_tokens)
        if "tokens" in sent.taken:
            sent.taken["tokens"].amount = tokens
        self.worked, self._refused = self.worked + 1, False
        self.last_good = max(self.last_good, sent.number)
        self.limit.succeeded()
        for other in self._under_way:
            if other is not sent:
                other.heard_of(sent, now)
        if sent.was_queued:
            self._is_too_much(sent, "waited in its queue for longer than it may be silent")
        self._answered()

    def failed(self, sent: SentCall, fault: Fault) -> None:
        """Take note of a call that failed."""
        if not fault.may_be_outage:
            self._answered()
            return
        if fault.reason == "timeout" and self.worked:
            self._is_too_much(sent, "got no answer in time")
        elif fault.reason == "rate-limited" and not fault.long_quota:
            self._is_too_much(sent, "")
        was_shut = self.is_shut
        is_lone = fault.may_be_prompt and self._present == 1 and (self.worked > 0 or self.worked_before())
        self.breaker.failed(fault, began=sent.began, may_open=not is_lone)
        if self.is_shut and not was_shut:
            self.limit.begin_anew(self.clock())
        if self.is_shut and (sent.is_trial or not was_shut):
            self._tell()
        self._bell.ring()

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long, as the server's headers say that what it allows is used up."""
        self.breaker.hold(seconds)

    def is_outage(self, fault: Fault, *, since: int) -> bool:
        """Whether a request that was tried often enough is not to blame, since nothing gets through. Then the gate shuts.

        Where nobody else is there to compare with, a fault that may be the prompt's is held against it: once, and then again only if
        something worked in between.

        Args:
            fault: What its last call met.
            since: Number of the first of its calls that count. Replies to calls that were sent before say nothing of the time after.
        """
        if not fault.may_be_outage or self.last_good > since:
            return False
        if self.is_shut:
            return True
        if fault.may_be_prompt and self._present == 1 and self._may_blame():
            return False
        self.breaker.open(fault)
        self.limit.begin_anew(self.clock())
        self._tell()
        self._bell.ring()
        return True

    async def verdict(self) -> Remedy:
        """What to do about a refusal that may be of this prompt or of everything, by what others meet.

        Returns:
            GIVE_UP if a call works that is sent after this, STOP if nobody is left that could.
        """
        sent = self.sent
        self._doubted += 1
        self._bell.ring()
        try:
            while True:
                if self.last_good >= sent:
                    return Remedy.GIVE_UP
                if self._refused or self._is_ending:
                    return Remedy.STOP
                if self._present == self._doubted:
                    # Several that are refused when a run is resumed would be so for good, so one of them is given up.
                    if (self._doubted == 1 or not self.worked) and self._may_blame():
                        return Remedy.GIVE_UP
                    self._refused = True
                    self._bell.ring()
                    return Remedy.STOP
                await self._bell.wait()
        finally:
            self._doubted -= 1

    async def reopened(self) -> None:
        """Wait until a call may be let through: anyone's, or one that tries.

        Raises:
            GeneratorDown: The run ends.
        """
        while self.is_shut:
            self._see_that_it_goes_on()
            is_tried = any(sent.is_trial for sent in self._under_way)
            seconds = self.breaker.next_at - self.clock()
            if seconds <= 0 and not is_tried:
                return
            await self._rest(math.inf if is_tried else seconds)

    def _needs(self, prompt_tokens: float) -> dict[str, float]:
        return {"requests": 1.0, "tokens": prompt_tokens + self._reply_tokens}

    def _wait_of(self, ticket: int, prompt_tokens: float) -> float:
        """Seconds that a call has to wait; infinite if for others; 0 if it may be made."""
        self._see_that_it_goes_on()
        now, is_first = self.clock(), ticket == self._queue[0]
        if self.is_shut:
            is_next = is_first and not any(sent.is_trial for sent in self._under_way)
            if self.news.others_answer and (not is_next or self.breaker.next_at > now):
                raise self._down()
            if self.breaker.is_hopeless and not self.news.others_answer:
                raise self._down()
            until = min(self.breaker.next_at, math.inf if self.news.others_answer else self.breaker.hopeless_at)
            return max(0.0, until - now) if is_next else math.inf
        if not is_first or not self.limit.allows(len(self._under_way)):
            return math.inf
        needs = self._needs(prompt_tokens)
        waits = {"the server asked to wait": self.breaker.next_at - now}
        waits |= {f"generator.{name}_per_minute is used up": window.wait(needs[name]) for name, window in self.windows.items()}
        reason, seconds = max(waits.items(), key=lambda item: item[1])
        if seconds > 0 and abs(now + seconds - self._announced) > _SAME_MOMENT:
            self._announced = now + seconds
            self.news.throttled(seconds, reason)
        return max(0.0, seconds)

    async def _rest(self, seconds: float) -> None:
        """Wait for so long, or for news if these come first."""
        if math.isinf(seconds):
            await self._bell.wait()
            return
        waits = [asyncio.ensure_future(self.sleep(seconds)), asyncio.ensure_future(self._bell.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    def _may_blame(self) -> bool:
        """Whether a request may be held to blame that nobody else can be compared with."""
        if self.worked <= self._worked_at_blame or not (self.worked or self.worked_before()):
            return False
        self._worked_at_blame = self.worked
        return True

    def _answered(self) -> None:
        outage = self.breaker.outage
        if self.breaker.answered() and outage is not None:
            self.news.outage(
                outage_news(outage, endpoint=self.endpoint, now=self.clock(), next_at=None, others_answer=self.news.others_answer)
            )
        self._bell.ring()

    def _is_too_much(self, sent: SentCall, what: str) -> None:
        halved = self.limit.was_too_much(under_way=len(self._under_way), call_began=sent.began, now=self.clock())
        if halved:
            self.news.halved(self.endpoint, int(self.limit.limit), what or "was refused, as there were too many")
        if halved and what and not self._said_slow:
            self._said_slow = True
            _log.warning(
                "%s answers fewer calls at once than it is asked (one %s): it gets %d at a time from now on, and one more for each that "
                "succeeds; set in_flight to what it answers at once.",
                self.endpoint,
                what,
                self.limit.limit,
            )

    def _see_that_it_goes_on(self) -> None:
        if self._is_ending:
            raise GeneratorDown(f"{self.endpoint}: not asked any more, since the run ends.")

    def _tell(self) -> None:
        assert self.breaker.outage is not None, "it is shut"
        self.news.outage(
            outage_news(
                self.breaker.outage,
                endpoint=self.endpoint,
                now=self.clock(),
                next_at=self.breaker.next_at,
                others_answer=self.news.others_answer,
            )
        )

    def _down(self) -> GeneratorDown:
        assert self.breaker.outage is not None, "it is shut"
        words = outage_words(self.breaker.outage, endpoint=self.endpoint, now=self.clock())
        return GeneratorDown(words, is_hopeless=self.breaker.is_hopeless)
