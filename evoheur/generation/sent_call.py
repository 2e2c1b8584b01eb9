"""One call under way, and the time that it is given."""

import asyncio
import math
from collections.abc import Iterator
from contextlib import contextmanager

from evoheur.generation.rate_window import Taken

__all__ = ["SentCall"]


class SentCall:
    """One call under way.

    Attributes:
        began: When it was sent, by the gate's clock.
        number: Place among all calls to the endpoint, from 0.
        is_trial: Whether it tries if an outage is over.
        taken: What it took of each window.
        was_queued: Whether it would have run out of time if the server had not answered others meanwhile.

    Args:
        began: As the attribute.
        number: As the attribute.
        is_trial: As the attribute.
    """

    def __init__(self, began: float, *, number: int = 0, is_trial: bool = False) -> None:
        self.began = began
        self.number = number
        self.is_trial = is_trial
        self.taken: dict[str, Taken] = {}
        self.was_queued = False
        self._timer: asyncio.Timeout | None = None
        self._seconds = math.inf
        self._latest = math.inf

    @contextmanager
    def waiting(self, timer: asyncio.Timeout, seconds: float, *, latest: float = math.inf) -> Iterator[None]:
        """Put off the end of the wait for an answer while it is not this call's turn.

        As long as the server answers calls that were sent before this one, or hardly later, it is only this one's turn that has not
        come; cut off and sent again, it would have to queue once more.

        Args:
            timer: Ends the wait; it has been entered.
            seconds: How long an answer may take once it is this call's turn.
            latest: When it ends in any case, by the event loop's clock.
        """
        self._timer, self._seconds, self._latest = timer, seconds, latest
        try:
            yield
        finally:
            self.is_answered()

    def is_answered(self) -> None:
        """Take note that the answer has begun: no other one puts off its end any more."""
        self._timer = None

    def heard_of(self, other: "SentCall", now: float) -> None:
        """Take note that the server answered another call.

        Args:
            other: The call.
            now: The present, by the gate's clock.
        """
        if self._timer is None or other.began > self.began + self._seconds:
            return
        self.was_queued = self.was_queued or now >= self.began + self._seconds
        until, present = self._timer.when(), asyncio.get_running_loop().time()
        if until is not None and until > present:  # else it is ending already
            self._timer.reschedule(max(until, min(present + self._seconds, self._latest)))
