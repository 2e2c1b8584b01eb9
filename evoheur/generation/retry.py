"""The retry policy for calls to an endpoint.

Waits grow and are jittered, the server's wishes are honoured, attempts and time are bounded.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_result, wait_exponential_jitter, wait_random

from evoheur.generation.api_faults import Fault, Remedy

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


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Repetition of a call, within limits.

    It ends when the call works, when it cannot work, or when it has cost enough.

    Attributes:
        max_attempts: Most calls for one request.
        max_wait_seconds: No call starts later than this after the first one, in seconds.
        longest_wait_seconds: Longest single wait, in seconds, also if the server asks for more; it may become a second more by jitter.
        sleep: Waits, given seconds.
        clock: Seconds from any fixed point, never going back.
        throttled: Told the seconds and the reason before each wait.
    """

    max_attempts: int
    max_wait_seconds: float
    longest_wait_seconds: float
    sleep: Callable[[float], Awaitable[None]]
    clock: Callable[[], float]
    throttled: Callable[[float, str], None]

    async def run(self, call: Callable[[], Awaitable[ResultT | Fault]]) -> Tried[ResultT]:
        """Make the call, and again where that helps.

        After 1, 2, 4, … seconds or what the server asks, and up to a second more.

        Args:
            call: Returns its result or a fault.
        """
        started = self.clock()
        attempts = 0

        async def attempt() -> ResultT | Fault:
            nonlocal attempts
            attempts += 1
            return await call()

        def is_spent(state: RetryCallState) -> bool:
            too_late = self.clock() - started + state.upcoming_sleep > self.max_wait_seconds
            return state.attempt_number >= self.max_attempts or too_late

        retrying = AsyncRetrying(  # a new one for each request: it keeps the state of its run
            sleep=self.sleep,
            stop=is_spent,
            wait=self._wait,
            retry=retry_if_result(lambda result: isinstance(result, Fault) and result.remedy is Remedy.RETRY),
            before_sleep=self._announce,
            retry_error_callback=_last_result,
        )
        result: ResultT | Fault = await retrying(attempt)
        return Tried(result=result, attempts=attempts, seconds=self.clock() - started)

    def _wait(self, state: RetryCallState) -> float:
        asked = _last_fault(state).retry_after
        if asked is not None:
            return min(asked, self.longest_wait_seconds) + wait_random(0, 1)(state)
        return wait_exponential_jitter(initial=1, max=self.longest_wait_seconds, jitter=1)(state)

    def _announce(self, state: RetryCallState) -> None:
        fault = _last_fault(state)
        self.throttled(state.upcoming_sleep, f"{fault.reason}: {fault.message}")


def _last_result(state: RetryCallState) -> object:
    assert state.outcome is not None  # tenacity asks only after a call
    return state.outcome.result()


def _last_fault(state: RetryCallState) -> Fault:
    fault = _last_result(state)
    assert isinstance(fault, Fault)  # only faults are tried again
    return fault
