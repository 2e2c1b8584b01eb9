"""The retry policy for calls to an endpoint.

Waits grow and are jittered, the server's wishes are honoured, attempts and time are bounded, and outages cost neither.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Generic, TypeVar

from evoheur.errors import GeneratorDown
from evoheur.generation.api_faults import Fault, Remedy
from evoheur.generation.call_gate import CallGate
from evoheur.generation.sent_call import SentCall

__all__ = ["RetryPolicy", "Tried"]

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(Generic[ResultT]):
    """What became of a request after all its calls.

    Attributes:
        result: The result, or the fault of the last call.
        attempts: Calls made.
        seconds: Time from the first call to the end of the last one, waits included.
    """

    result: ResultT | Fault
    attempts: int
    seconds: float


@dataclass(slots=True)
class _Account:
    """What one request has cost so far.

    Attributes:
        attempts: Calls made.
        counted: Those that count against the limit, since they did not fail of an outage.
        seconds: Time of those and of the waits between them.
        began: When the first call was sent, by the clock.
        counted_from: Number of the first of those that count.
        failed: Number of the last one that failed.
        alone: How often it failed although another call worked that was sent after the one that failed before; an outage fails all.
        went_astray: Whether it met a 404 before.
    """

    attempts: int = 0
    counted: int = 0
    seconds: float = 0.0
    began: float | None = None
    counted_from: int | None = None
    failed: int | None = None
    alone: int = 0
    went_astray: bool = False

    def begin(self, sent: SentCall) -> None:
        """Take note of a call that is sent."""
        if self.began is None:
            self.began = sent.began
        if self.counted_from is None:
            self.counted_from = sent.number
        self.attempts += 1

    def fail(self, sent: SentCall, last_good: int) -> None:
        """Take note of a call that failed."""
        self.alone += self.failed is not None and last_good > self.failed
        self.failed = sent.number

    def forgive(self) -> None:
        """Count nothing so far, since it was an outage's doing."""
        self.counted, self.seconds, self.counted_from = 0, 0.0, None


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Repetition of a call, within limits.

    It ends when the call works, when it cannot work, or when it has cost enough.

    Attributes:
        gate: What all calls to the endpoint pass; it waits out outages.
        max_attempts: Most calls for one request, not counting what fails of an outage.
        max_wait_seconds: No call starts later than this after the first one, in seconds, outages and limits of the server aside.
        longest_wait_seconds: Longest single wait, in seconds, also if the server asks for more; it may become a second more by jitter.
    """

    gate: CallGate
    max_attempts: int
    max_wait_seconds: float
    longest_wait_seconds: float

    async def run(
        self, call: Callable[[SentCall], Awaitable[ResultT | Fault]], *, prompt_tokens: float, tokens: Callable[[ResultT], float]
    ) -> Tried[ResultT]:
        """Make the call, and again where that helps.

        After 1, 2, 4, … seconds or what the server asks, and up to a second more.

        Args:
            call: Returns its result or a fault.
            prompt_tokens: How many tokens it sends, estimated.
            tokens: How many a result took.

        Raises:
            GeneratorDown: The endpoint is down for too long, or others answer meanwhile; it says how many calls were made.
        """
        account = _Account()
        async with self.gate.request():
            try:
                while True:
                    result = await self._call(call, account, prompt_tokens, tokens)
                    if (
                        not isinstance(result, Fault)
                        or (result := await self._judged(result, account)).remedy is not Remedy.RETRY
                    ):
                        break
            except GeneratorDown as error:
                error.attempts = account.attempts
                raise
        return Tried(result=result, attempts=account.attempts, seconds=self.gate.clock() - (account.began or 0.0))

    async def _call(
        self,
        call: Callable[[SentCall], Awaitable[ResultT | Fault]],
        account: _Account,
        prompt_tokens: float,
        tokens: Callable[[ResultT], float],
    ) -> ResultT | Fault:
        async with self.gate.call(prompt_tokens) as sent:
            account.begin(sent)
            result = await call(sent)
            if isinstance(result, Fault):
                account.fail(sent, self.gate.last_good)
                self.gate.failed(sent, result)
            else:
                self.gate.replied(sent, prompt_tokens=prompt_tokens, tokens=tokens(result))
            account.seconds += self.gate.clock() - sent.began
        return result

    async def _judged(self, fault: Fault, account: _Account) -> Fault:
        """The fault with what to do about it, after the wait before another call, if there is to be one."""
        if fault.remedy is Remedy.DOUBT:
            return await self._refused(fault, account)
        if fault.remedy is not Remedy.RETRY:
            return fault
        if self.gate.is_shut and account.alone < self.max_attempts:  # else it is no outage, whatever others meet just now
            account.forgive()
            return fault
        account.counted += 1
        wait = max(self._wait(fault, account.counted), self.gate.breaker.next_at - self.gate.clock())
        is_enough = fault.is_last or max(account.counted, account.alone) >= self.max_attempts
        if is_enough or account.seconds + wait > self.max_wait_seconds:
            is_outage = account.alone < self.max_attempts and self.gate.is_outage(fault, since=account.counted_from or 0)
            if not is_outage:
                return replace(fault, remedy=Remedy.GIVE_UP)
            account.forgive()
            return fault
        await self.gate.pause(wait, f"{fault.reason}: {fault.message}")
        account.seconds += wait
        if self.gate.is_shut:
            account.forgive()
        return fault

    async def _refused(self, fault: Fault, account: _Account) -> Fault:
        """A refusal with what to do about it, once it is known whether it is of this request alone."""
        if fault.status == HTTPStatus.NOT_FOUND and self.gate.worked and not account.went_astray:
            account.went_astray = True  # another server behind a balancer may know the way
            return replace(fault, remedy=Remedy.RETRY)
        return replace(fault, remedy=await self.gate.verdict())

    def _wait(self, fault: Fault, attempt: int) -> float:
        wished = 2.0 ** (attempt - 1) if fault.retry_after is None else fault.retry_after
        return min(wished, self.longest_wait_seconds) + random.uniform(0.0, min(1.0, self.longest_wait_seconds))  # noqa: S311 - jitter
