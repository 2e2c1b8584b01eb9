"""A limit on the calls under way at an endpoint, found out by what the endpoint bears."""

import math

__all__ = ["ConcurrencyLimit"]


class ConcurrencyLimit:
    """Halves the calls under way when they are too many, and adds one for each that succeeds.

    Additive increase, multiplicative decrease (Chiu and Jain 1989, doi:10.1016/0169-7552(89)90019-6). There is no limit before the first
    sign that there are too many, and none any more once as many as ever were wanted go well.

    Attributes:
        limit: Most calls under way; infinite where nothing speaks for a limit.
    """

    def __init__(self) -> None:
        self.limit = math.inf
        self._changed_at = -math.inf
        self._most = 1

    def allows(self, under_way: int) -> bool:
        """Whether another call may begin beside so many."""
        return under_way < self.limit

    def began(self, under_way: int) -> None:
        """Take note of how many calls are under way with the one that begins."""
        self._most = max(self._most, under_way)

    def succeeded(self) -> None:
        """Let one more call under way."""
        self.limit = math.inf if self.limit + 1 >= self._most else self.limit + 1

    def was_too_much(self, *, under_way: int, call_began: float, now: float) -> bool:
        """Halve the calls under way, once for all that were sent before.

        Args:
            under_way: Calls under way, the one that failed included.
            call_began: When that one began.
            now: The present.

        Returns:
            Whether they are halved by this.
        """
        if call_began < self._changed_at or under_way <= 1:
            return False
        self.limit = float(max(1, int(min(self.limit, under_way)) // 2))
        self._changed_at = now
        return True

    def begin_anew(self, now: float) -> None:
        """Begin with one call, as after an outage."""
        self.limit, self._changed_at = 1.0, now
