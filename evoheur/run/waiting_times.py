"""Who waited for whom: the model for evaluators, or evaluators for the model."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Held", "WaitingShares", "WaitingTimes"]

Held: TypeAlias = Literal["evaluators", "first", "outcomes", "end"]
"""What keeps requests from being asked: replies wait for evaluators; the first one in the order of asking is not answered yet; the
strategy waits for outcomes; the budget is spent, or the run is to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingShares:
    """Shares of a session's time, 0 to 1, without its end, when nothing more may be asked.

    Attributes:
        calls: Of the calls that may be under way at the same time, as many were.
        for_evaluators: As many were not, because replies waited for evaluators.
        for_first: As many were not, because outcomes are told in the order of asking, and the first one was not there.
        for_outcomes: As many were not, because the strategy waited for outcomes, as by generations.
        evaluators_idle: Of the evaluation slots, as many waited for the model.
    """

    calls: float
    for_evaluators: float
    for_first: float
    for_outcomes: float
    evaluators_idle: float


class WaitingTimes:
    """Integrates over time how many calls and evaluation slots are used.

    Args:
        slots: Evaluations at the same time, at most.
        clock: Seconds that only move forward.
    """

    def __init__(self, slots: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self._slots = slots
        self._clock = clock
        self._since: float | None = None
        self._calls = 0.0  # share under way
        self._held: Held = "evaluators"
        self._used = 0  # slots
        self._seconds = 0.0
        self._busy = 0.0
        self._waited = dict.fromkeys(("evaluators", "first", "outcomes"), 0.0)
        self._idle = 0.0

    def calling(self, calls: int, most: int, held: Held) -> None:
        """Take note of the calls that are under way from now on.

        Args:
            calls: How many.
            most: So many may be.
            held: What keeps the others from being made.
        """
        self._pass()
        self._calls, self._held = calls / most, held

    def evaluating(self, used: int) -> None:
        """Take note of the evaluation slots that are used from now on."""
        self._pass()
        self._used = min(used, self._slots)

    @property
    def shares(self) -> WaitingShares | None:
        """What came of it so far; None where no time has passed."""
        self._pass()
        if not self._seconds:
            return None
        return WaitingShares(
            calls=self._busy / self._seconds,
            for_evaluators=self._waited["evaluators"] / self._seconds,
            for_first=self._waited["first"] / self._seconds,
            for_outcomes=self._waited["outcomes"] / self._seconds,
            evaluators_idle=self._idle / self._seconds,
        )

    def _pass(self) -> None:
        now = self._clock()
        passed, self._since = 0.0 if self._since is None else now - self._since, now
        if self._held == "end":
            return
        self._seconds += passed
        self._busy += passed * self._calls
        self._waited[self._held] += passed * (1.0 - self._calls)
        self._idle += passed * (1.0 - self._used / self._slots)
