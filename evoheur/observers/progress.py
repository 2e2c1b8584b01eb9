"""The progress of a run, for displays.

Kept up to date at constant cost per event.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from evoheur.archive.records import Totals
from evoheur.candidate import Candidate
from evoheur.observers.number_text import Scale
from evoheur.run.events import Event, NewBest, Preparing, ReplyReceived, RunStarted, Throttled

__all__ = ["Progress"]

_SAMPLES = 32
_SPACING_SECONDS = 1.0
_LEAST_EVALUATIONS = 20  # in this session: fewer say little of how long the others will take


@dataclass(frozen=True, slots=True)
class _Sample:
    at: float
    evaluations: int
    share: float | None


class Progress:
    """The progress of a run, updated by its events.

    It answers a display's questions between them.

    Rates are taken over the last 32 moments that had news and were a second or more apart: half a minute of a fast run, the last 32
    evaluations of a slow one. They count from the first evaluation of the session on, so that compiling is not part of them.

    Attributes:
        started: How the session began; None before.
        totals: The latest.
        best: The best candidate of this session; None before its first (also where a resumed run had one already).
        scale: What objectives are.
        step: What is being prepared; empty while candidates are evaluated.

    Args:
        clock: Seconds that only move forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.started: RunStarted | None = None
        self.totals = Totals()
        self.best: Candidate | None = None
        self.scale = Scale.COST
        self.step = ""
        self._step_at = 0.0
        self._done_before = 0
        self._clock = clock
        self._heard_at = clock()
        self._samples: deque[_Sample] = deque(maxlen=_SAMPLES)
        self._throttled: Throttled | None = None
        self._throttled_at = 0.0

    def hear(self, event: Event) -> None:
        """Take in one event."""
        now = self._clock()
        if isinstance(event, Throttled):
            self._throttled, self._throttled_at = event, now
            return
        self.step, self._step_at = (event.step, now) if isinstance(event, Preparing) else ("", 0.0)
        if isinstance(event, Preparing):
            return
        if isinstance(event, RunStarted):
            self._begin(event)
        elif isinstance(event, NewBest):
            self.best = event.candidate
        elif isinstance(event, ReplyReceived):
            self._throttled = None
        self.totals, self._heard_at = event.totals, now
        if self._done and (not self._samples or now - self._samples[-1].at >= _SPACING_SECONDS):
            self._samples.append(_Sample(now, event.totals.evaluations, self.share))

    def _begin(self, event: RunStarted) -> None:
        self.started, self.best, self._throttled = event, None, None
        self._done_before = event.totals.evaluations
        self.scale = Scale.of([event.baseline.evaluation, *event.textbook_rules.values()])
        self._samples.clear()

    @property
    def step_seconds(self) -> float:
        """Seconds that the present preparation has taken so far."""
        return self._clock() - self._step_at if self.step else 0.0

    @property
    def _done(self) -> int:
        """Evaluations of this session."""
        return self.totals.evaluations - self._done_before

    @property
    def share(self) -> float | None:
        """The share of the budget that is used, 0 to 1.

        None where no limit can be counted.
        """
        return None if self.started is None else self.started.budget.share_used(self.totals)

    @property
    def elapsed(self) -> float:
        """Wall time over all sessions of the run, in seconds; goes on between events."""
        return self.totals.seconds + (self._clock() - self._heard_at)

    @property
    def rate(self) -> float | None:
        """Evaluations per second of late; None before there is anything to judge by."""
        if not self._samples:
            return None
        first = self._samples[0]
        span, done = self._clock() - first.at, self.totals.evaluations - first.evaluations
        return done / span if span > 0 and done > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to the end of the budget.

        At the late pace. None where it cannot be estimated, or not yet.
        """
        estimates = []
        share, first = self.share, self._samples[0] if self._samples else None
        known = first is not None and self._done >= _LEAST_EVALUATIONS
        if known and first is not None and share is not None and first.share is not None and share > first.share:
            estimates.append((1.0 - share) * (self._clock() - first.at) / (share - first.share))
        if self.started is not None and self.started.budget.minutes is not None:
            estimates.append(max(0.0, 60.0 * self.started.budget.minutes - self.elapsed))
        return min(filter(math.isfinite, estimates), default=None)

    @property
    def waiting(self) -> tuple[float, str] | None:
        """Seconds that the generator still waits, and why; None if it does not."""
        if self._throttled is None:
            return None
        left = self._throttled.seconds - (self._clock() - self._throttled_at)
        return (left, self._throttled.reason) if left > 0 else None

    @property
    def best_textbook_rule(self) -> tuple[str, float] | None:
        """Name and objective of the best textbook rule on train, among those of the class of what is discovered.

        None if there is none.
        """
        if self.started is None:
            return None
        rules = self.started.textbook_rules
        alike = ((rules[name].objective, name) for name in self.started.classes.alike(rules))
        scored = [(objective, name) for objective, name in alike if objective is not None]
        return (min(scored)[1], min(scored)[0]) if scored else None
