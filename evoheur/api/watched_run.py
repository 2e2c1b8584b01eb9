"""A run that goes on in another process, watched through its archive.

The archive tells what is stored. What a process keeps to itself, such as the step that it prepares, is not to be seen.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from evoheur.archive.connection import sqlite_file
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import CandidateRecord, RunEvent, RunRecord, Totals
from evoheur.archive.run_events import present_waits
from evoheur.archive.run_lock import is_held
from evoheur.candidate import BY_SOURCE
from evoheur.evaluation.audit_verdict import audit_verdict
from evoheur.run.budget import Budget
from evoheur.run.event_keeping import heard_again
from evoheur.run.events import BestAudited, Event, NewBest, Preparing, RunStarted

__all__ = ["WatchedRun"]


class WatchedRun:
    """A run as its archive has it, look after look.

    Attributes:
        run: Its record, as of the last look.
        totals: What it has done and spent by then; its seconds go on between what is stored.
        best: The best on train by then; None before the first success.
        events: What happened beside the log in its newest session, oldest first; none once it has ended.

    Args:
        archive: Holds the run; only read.
        name: Of the run.
        clock: Seconds that only move forward.
        now: The time of day, aware, by which the run's process stored when it tries again.

    Raises:
        ArchiveError: There is no run of that name.
    """

    def __init__(
        self,
        archive: ArchiveReader,
        name: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.run: RunRecord = archive.run(name)
        self.totals = Totals()
        self.best: CandidateRecord | None = None
        self._archive = archive
        self._clock = clock
        self._now = now
        self.events: Sequence[RunEvent] = ()
        self._stored_seconds = (0.0, clock())
        self._is_started = False
        self._is_announced = False
        self._audited = 0
        self._told: Mapping[int, Mapping[str, Any]] | None = None

    def look(self) -> Iterator[Event]:
        """Read the archive, and tell what is new since the last look.

        As the run's own observers heard it: the start, new bests, audits, outages and waits; a `Preparing` before the start. What was
        done before the first look is part of the start, and what was waited for and is over by then is left out.
        """
        # The status is read first: what it says is over stays over, and the totals then are the last ones.
        self.run = self._archive.run(self.run.name)
        stored = self._archive.totals(self.run.id)
        self.totals = replace(stored, seconds=self._seconds(stored.seconds))
        if not self._is_started:
            yield from self._start()
        if not self._is_started:
            return
        lowest = self.best
        if stored.best_objective is not None and (lowest is None or lowest.candidate.objective != stored.best_objective):
            self.best = next(iter(self._archive.best(self.run.name, 1)), None)
            if self.best is not None:
                yield NewBest(candidate=self.best.candidate, totals=self.totals)
        yield from self._audits()
        yield from self._waits()

    def _waits(self) -> Iterator[Event]:
        """Outages and waits of the present session, each again where there is news of it."""
        if self.is_over:
            self.events = ()
            return
        now, self.events = self._now(), self._archive.session_events(self.run.id)
        told = self._told if self._told is not None else {event.id: event.details for event in self.events}
        present = {event.id for event in present_waits(self.events, now)} if self._told is None else set()
        for event in self.events:
            if event.id in present or told.get(event.id) != event.details:
                heard = heard_again(event, now.timestamp())
                if heard is not None:
                    yield heard
        self._told = {event.id: event.details for event in self.events}

    def _start(self) -> Iterator[Event]:
        baseline = self._archive.baseline(self.run.id)
        if baseline is None:
            if not self._is_announced:
                self._is_announced = True
                yield Preparing(step="waiting for the problem's own heuristic to be evaluated")
            return
        self._is_started = True
        yield RunStarted(
            run=self.run,
            level=_level(baseline.evaluation.level, self.run.config),
            slots=_slots(self.run.config),
            baseline=baseline,
            textbook_rules={},
            budget=Budget.model_validate(dict(self.run.config.get("budget", {}))),
            totals=self.totals,
        )

    def _audits(self) -> Iterator[Event]:
        audited = self._archive.audited(self.run.name)
        if len(audited) > self._audited:
            own, newest = self._archive.candidate(self.run.name, 0), audited[-1]
            verdict = audit_verdict(newest.evaluations, own.evaluations)
            if verdict is not None:
                yield BestAudited(candidate=newest, verdict=verdict, totals=self.totals)
        self._audited = len(audited)

    def _seconds(self, stored: float) -> float:
        """The wall time of the run so far.

        What is stored, and while the run goes on the time since that was seen first.
        """
        seen, since = self._stored_seconds
        if stored != seen or self.run.status != "unfinished":
            self._stored_seconds = (stored, self._clock())
            return stored
        return stored + (self._clock() - since) if self.totals.requests else stored

    @property
    def is_over(self) -> bool:
        """Whether the run has ended and said so."""
        return self.run.status != "unfinished"

    @property
    def is_worked_on(self) -> bool | None:
        """Whether a process works on the run now.

        None where it cannot be told, which is on a database server.
        """
        file = sqlite_file(self._archive.url)
        return None if file is None else is_held(file.with_name(f"{file.name}.run-{self.run.id}.lock"))


def _slots(config: Mapping[str, Any]) -> int:
    """The slots in a stored configuration; 0 where the executor finds out for itself."""
    evaluation = config.get("evaluation")
    executor = evaluation.get("executor") if isinstance(evaluation, Mapping) else None
    slots = executor.get("slots") if isinstance(executor, Mapping) else None
    return slots if isinstance(slots, int) else 0


def _level(stored: str, config: Mapping[str, Any]) -> str:
    """The level of the baseline's evaluation; where that was not executed, the kind of sandbox that the configuration names."""
    if stored != BY_SOURCE:
        return stored
    sandbox = config.get("evaluation", {}).get("sandbox", {})
    return str(sandbox.get("kind", "")) if isinstance(sandbox, Mapping) else ""
