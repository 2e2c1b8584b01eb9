"""A circuit breaker: whether anything gets through to an endpoint, and when to try next.

Nygard's pattern ("Release It!", 2007): closed while calls get through, open while none do, and then one try at a time. It holds state
and decides; whoever calls does the waiting.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from evoheur.generation.api_faults import Fault

__all__ = ["CircuitBreaker", "Outage"]

_IN_A_ROW = 5


@dataclass(slots=True, kw_only=True)
class Outage:
    """A time in which nothing gets through.

    Attributes:
        since: When the first call of it failed, by the breaker's clock.
        fault: What the last call met.
        renewed_at: When a used-up quota is renewed, by the breaker's clock; None where that is not known, or not the reason.
    """

    since: float
    fault: Fault
    renewed_at: float | None = None


class CircuitBreaker:
    """Opens when nothing gets through, and closes when something does.

    Five calls in a row that fail as in an outage open it, or one that meets the end of a daily quota, or `open`.

    Attributes:
        outage: What keeps it open; None while it is closed.
        next_at: When the next call may go out, by the clock: a try while it is open, else any, where the server asked all to wait.

    Args:
        clock: Seconds from any fixed point, never going back.
        longest_wait: Longest wait while it is closed, in seconds, whatever the server asks.
        longest_pause: Longest wait between tries, in seconds.
        outage_seconds: How long an outage is waited out, in seconds; infinite for as long as it takes.
        first_seconds: How long it is where nothing is listening and nothing ever answered, in seconds.
        answered_before: Whether anything ever answered, before there was this breaker.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        longest_wait: float,
        longest_pause: float,
        outage_seconds: float = math.inf,
        first_seconds: float = math.inf,
        answered_before: Callable[[], bool] = lambda: False,
    ) -> None:
        self.outage: Outage | None = None
        self.next_at = -math.inf
        self._clock = clock
        self._longest_wait = longest_wait
        self._longest_pause = longest_pause
        self._outage_seconds = outage_seconds
        self._first_seconds = first_seconds
        self._answered_before = answered_before
        self._has_answered = False
        self._row = 0
        self._row_since = 0.0
        self._waits = 0  # in a row, each twice as long as the one before
        self._set_at = -math.inf

    @property
    def is_hopeless(self) -> bool:
        """Whether the outage has lasted for longer than is waited, or is known to."""
        if self.outage is None:
            return False
        lasts = self._clock() - self.outage.since
        if self.outage.renewed_at is not None:
            lasts = max(lasts, self.outage.renewed_at - self.outage.since)
        return lasts >= self._patience

    @property
    def hopeless_at(self) -> float:
        """When the outage will have lasted for longer than is waited, by the clock; infinite if never."""
        return math.inf if self.outage is None else self.outage.since + self._patience

    @property
    def _patience(self) -> float:
        """How long the outage is waited out, in seconds: not for hours where the address is likely to be wrong."""
        if self.outage is None or not self.outage.fault.is_unreachable or self._has_answered or self._answered_before():
            return self._outage_seconds
        return min(self._outage_seconds, self._first_seconds)

    def answered(self) -> bool:
        """Take note of an answer that shows the endpoint at work.

        Returns:
            Whether this ends an outage.
        """
        was_open, self.outage = self.outage is not None, None
        self._has_answered = True
        self._row, self._waits = 0, 0
        if was_open:
            self.next_at = -math.inf
        return was_open

    def failed(self, fault: Fault, *, began: float, may_open: bool = True) -> None:
        """Take note of a call that failed as in an outage.

        Args:
            fault: What it met.
            began: When it was sent, by the clock. Calls that were under way when a wait was set do not make it longer.
            may_open: Whether a row of such faults opens it. Not so where they may all be of one prompt.
        """
        now = self._clock()
        if not self._row:
            self._row_since = began
        self._row += 1
        if self.outage is not None:
            self.outage.fault = fault
            self._take_note_of_quota(fault)
            if began >= self._set_at:
                self._set_wait(fault, self._longest_pause)
        elif (self._row >= _IN_A_ROW and may_open) or fault.long_quota:
            self.open(fault)
        elif fault.reason == "rate-limited" or fault.retry_after is not None:
            if began >= self._set_at:
                self._set_wait(fault, self._longest_wait)
            elif fault.retry_after is not None:
                self.next_at = max(self.next_at, now + min(fault.retry_after, self._longest_wait))

    def open(self, fault: Fault) -> None:
        """Let nothing through but tries, from the next wait on."""
        self.outage = Outage(since=self._row_since if self._row else self._clock(), fault=fault)
        self._take_note_of_quota(fault)
        self._waits = 0
        self._set_wait(fault, self._longest_pause)

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long, as the server says that all it allows is used up."""
        if self.outage is None:
            self.next_at = max(self.next_at, self._clock() + min(seconds, self._longest_wait))

    def _set_wait(self, fault: Fault, longest: float) -> None:
        growing = 2.0**self._waits
        wished = growing if fault.retry_after is None else fault.retry_after
        wait = min(wished if self.outage is None else max(wished, growing), longest)  # "at once", again and again, is no help
        jitter = random.uniform(0.0, min(1.0, longest))  # noqa: S311 - not a secret; many runs must not come back at the same moment
        self._waits = min(self._waits + 1, 30)
        self._set_at = self._clock()
        self.next_at = self._set_at + wait + jitter

    def _take_note_of_quota(self, fault: Fault) -> None:
        assert self.outage is not None, "it is open"
        known = fault.long_quota and fault.retry_after is not None
        self.outage.renewed_at = self._clock() + (fault.retry_after or 0.0) if known else None
