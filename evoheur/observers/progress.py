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
from evoheur.observers.outage_text import outage_sentence
from evoheur.run.budget import Budget
from evoheur.run.events import (
    BestAudited,
    CallsHalved,
    Event,
    NewBest,
    OutageNews,
    Preparing,
    ReplyReceived,
    RequestSent,
    RunStarted,
    SpendingEstimated,
    Throttled,
)
from evoheur.run.spending_forecast import SpendingForecast

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
        audited: The best that was scored on fresh instances last, in this session; None before.
        estimate: What the whole budget will be spent on, as it was estimated last, in this session; None before.
        scale: What objectives are.
        step: What is being prepared; empty while candidates are evaluated.
        generation: Of the latest request, the initial population being 0; None where the strategy has none.

    Args:
        clock: Seconds that only move forward.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.started: RunStarted | None = None
        self.totals = Totals()
        self.best: Candidate | None = None
        self.audited: BestAudited | None = None
        self.estimate: SpendingForecast | None = None
        self.scale = Scale.COST
        self.step = ""
        self.generation: int | None = None
        self._asked_before = 0  # requests of earlier generations
        self._step_at = 0.0
        self._done_before = 0
        self._clock = clock
        self._heard_at = clock()
        self._samples: deque[_Sample] = deque(maxlen=_SAMPLES)
        self._throttled: Throttled | None = None
        self._throttled_at = 0.0
        self._outages: dict[str, tuple[OutageNews, float]] = {}  # endpoint → the latest news, and when it was heard

    def hear(self, event: Event) -> None:
        """Take in one event."""
        now = self._clock()
        if isinstance(event, Throttled):
            self._throttled, self._throttled_at = event, now
            return
        if isinstance(event, OutageNews):
            self._outages.pop(event.endpoint, None)
            if not event.is_over:
                self._outages[event.endpoint] = (event, now)
            return
        if isinstance(event, CallsHalved):
            return
        self.step, self._step_at = (event.step, now) if isinstance(event, Preparing) else ("", 0.0)
        if isinstance(event, Preparing):
            return
        if isinstance(event, RunStarted):
            self._begin(event)
        elif isinstance(event, NewBest):
            self.best = event.candidate
        elif isinstance(event, BestAudited):
            self.audited = event
        elif isinstance(event, SpendingEstimated):
            self.estimate = event.forecast
        elif isinstance(event, ReplyReceived):
            self._throttled = None
        elif isinstance(event, RequestSent) and event.generation != self.generation:
            self.generation, self._asked_before = event.generation, event.totals.requests - 1
        self.count(event.totals)

    def count(self, totals: Totals) -> None:
        """Take in what was done and spent by now."""
        now = self._clock()
        self.totals, self._heard_at = totals, now
        if self._done and (not self._samples or now - self._samples[-1].at >= _SPACING_SECONDS):
            self._samples.append(_Sample(now, totals.evaluations, self.share))

    def _begin(self, event: RunStarted) -> None:
        self.started, self.best, self.audited, self.estimate, self._throttled = event, None, None, None, None
        self._outages.clear()
        self._done_before = event.totals.evaluations
        self.generation, self._asked_before = event.generation, event.totals.requests
        self.scale = Scale.of([event.baseline.evaluation, *event.textbook_rules.values()])
        self._samples.clear()

    @property
    def budget(self) -> Budget | None:
        """The limits at which the run ends; None before it starts."""
        return None if self.started is None else self.started.budget

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
        if self.started is None:
            return None
        shares = (self.started.budget.share_used(self.totals), self._share_of_generations)
        return max((share for share in shares if share is not None), default=None)

    @property
    def _share_of_generations(self) -> float | None:
        """The share of the generations that are over.

        Of the present one the part that it would have if it were as long as the others.
        """
        most = None if self.started is None else self.started.budget.generations
        if most is None or self.generation is None:
            return None
        usual = self._asked_before / self.generation if self.generation else 0.0
        part = min(1.0, (self.totals.requests - self._asked_before) / usual) if usual else 0.0
        return min(1.0, (self.generation + part) / (most + 1))

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
    def outages(self) -> list[str]:
        """What nothing gets through to, a sentence for each."""
        now = self._clock()
        return [outage_sentence(news, now - heard_at) for news, heard_at in self._outages.values()]

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
