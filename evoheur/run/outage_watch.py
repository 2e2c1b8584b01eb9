"""The end of a run whose time is up while nothing gets through to its generator."""

import asyncio
from collections.abc import Callable

from evoheur.archive.records import Totals
from evoheur.generation.outage import OutageNews
from evoheur.run.budget import Budget
from evoheur.run.events import Event, Observer
from evoheur.run.loop import LoopEnd

__all__ = ["OutageWatch"]


class OutageWatch(Observer):
    """Ends a run whose budget of minutes is used up during an outage.

    A budget of minutes is of wall time, so an outage counts. What is in flight is waited for at the end of a budget, but not through an
    outage: it is left unanswered in the archive, and asked again if the run is resumed with more time.

    Args:
        budget: Of the run.
        totals: Tells what was done and spent so far.
        stop: Ends the run.
    """

    def __init__(self, budget: Budget, totals: Callable[[], Totals], stop: Callable[[LoopEnd], None]) -> None:
        self._budget = budget
        self._totals = totals
        self._stop = stop
        self._down: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    def notify(self, event: Event) -> None:
        """See `Observer`."""
        if not isinstance(event, OutageNews) or self._budget.minutes is None:
            return
        (self._down.discard if event.is_over or event.others_answer else self._down.add)(event.endpoint)
        self._cancel()
        if self._down:
            left = 60.0 * self._budget.minutes - self._totals().seconds
            self._timer = asyncio.get_running_loop().call_later(max(0.0, left), self._end)

    def close(self) -> None:
        """End nothing any more."""
        self._cancel()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        assert self._budget.minutes is not None, "else no timer is set"
        reason = f"budget of {self._budget.minutes:g} minutes used, the last of them in an outage; what got no reply is kept"
        self._stop(LoopEnd(status="finished", reason=reason))
