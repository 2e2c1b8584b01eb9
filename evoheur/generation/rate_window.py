"""A limit on what is begun within a minute, of calls or of tokens."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["RateWindow", "Taken"]

_SECONDS = 60.0


@dataclass(slots=True, eq=False)
class Taken:
    """What one call took of a window, as estimated before and as known after."""

    at: float
    amount: float


class RateWindow:
    """At most so much within any sixty seconds.

    A window that slides, and no bucket that fills: a bucket of a minute's worth lets through twice the limit within a minute. What a call
    takes can be corrected once it is known, which the limiters of libraries do not offer.

    Args:
        per_minute: The limit.
        clock: Seconds from any fixed point, never going back.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float]) -> None:
        self._limit = per_minute
        self._clock = clock
        self._taken: deque[Taken] = deque()  # oldest first

    def wait(self, amount: float) -> float:
        """Seconds until so much more may be begun; 0 if at once.

        What is more than the limit has the whole window to itself.
        """
        now = self._clock()
        while self._taken and self._taken[0].at <= now - _SECONDS:
            self._taken.popleft()
        over = sum(each.amount for each in self._taken) + min(amount, self._limit) - self._limit
        if over <= 0:
            return 0.0
        for each in self._taken:
            over -= each.amount
            if over <= 0:
                break
        return each.at + _SECONDS - now  # of the last one, if sums differ in their last digits

    def take(self, amount: float) -> Taken:
        """Begin so much now; its amount may be set right afterwards."""
        taken = Taken(self._clock(), amount)
        self._taken.append(taken)
        return taken
