"""The watch over a run's best: on train and on fresh instances, while the run goes on."""

import asyncio
import math
from collections.abc import Callable
from typing import TypeVar

from evoheur.archive.archive import Archive
from evoheur.archive.records import CandidateRecord, RunRecord, Totals
from evoheur.candidate import AUDIT
from evoheur.errors import EvoheurError
from evoheur.evaluation.audit_verdict import audit_verdict
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor
from evoheur.run.audit import Audit
from evoheur.run.events import BestAudited, Event, Events, NewBest, Observer, OutcomeTold, RunStarted

__all__ = ["AuditWatch"]

ResultT = TypeVar("ResultT")


class AuditWatch(Observer):
    """Scores the best so far on the audit's instances now and then, and says whether its lead holds there.

    An observer, so that the search goes the same way with and without it. What is not finished when the run is stopped is not made up for.

    Args:
        audit: Makes the instances.
        archive: Where scores go.
        run: The run's record.
        executor: Evaluates, beside the search.
        events: Hear what is found.
        totals: Of the run, as of now.
    """

    def __init__(
        self, audit: Audit, archive: Archive, run: RunRecord, executor: Executor, *, events: Events, totals: Callable[[], Totals]
    ) -> None:
        self._audit = audit
        self._archive = archive
        self._run = run
        self._executor = executor
        self._events = events
        self._totals = totals
        self._next: float = 0
        self._best: int | None = None  # number of the best so far, of this session
        self._seen: int | None = None
        self._looking: asyncio.Task[None] | None = None

    def notify(self, event: Event) -> None:
        """Look at the best whenever another interval of evaluations is over."""
        every = self._audit.every
        if not every:
            return
        if isinstance(event, RunStarted):
            self._next = event.totals.evaluations // every * every + every
        elif isinstance(event, NewBest):
            self._best = event.candidate.id
        elif isinstance(event, OutcomeTold) and event.totals.evaluations >= self._next:
            self._next = event.totals.evaluations // every * every + every
            if self._looking is None or (self._looking.done() and self._looking.exception() is None):
                self._looking = asyncio.ensure_future(self._look())

    async def close(self, *, wait: bool) -> Exception | None:
        """End the watch; harmless when repeated.

        Args:
            wait: Finish what is being scored.

        Returns:
            A fault of evoheur's own that ended the watch before; None if there was none. What is wrong with the executor or with the
            instances is none: the run meets that again, where it can be said.
        """
        if self._looking is not None:
            if not wait:
                self._looking.cancel()
            [ended] = await asyncio.gather(self._looking, return_exceptions=True)
            self._looking, self._next = None, math.inf
            if isinstance(ended, Exception) and not isinstance(ended, EvoheurError):
                return ended
        return None

    async def _look(self) -> None:
        number = self._best if self._best is not None else await self._there(self._best_before)
        if number is None or number == self._seen:
            return
        self._seen = number
        own, best = await self._audited(0), await self._audited(number)
        verdict = audit_verdict(best.evaluations, own.evaluations)
        if verdict is not None and verdict.train is not None:
            self._events.emit(BestAudited(candidate=best, verdict=verdict, totals=self._totals()))

    def _best_before(self) -> int | None:
        """The best of earlier sessions, as long as this one has none of its own."""
        return next((record.candidate.id for record in self._archive.best(self._run.name, 1)), None)

    async def _audited(self, number: int) -> CandidateRecord:
        record = await self._there(lambda: self._archive.candidate(self._run.name, number))
        if AUDIT in record.evaluations:
            return record
        instances = await asyncio.to_thread(self._audit.instances)
        evaluation = await self._executor.evaluate(EvaluationTask(code=record.candidate.code, instances=instances))
        await self._there(lambda: self._archive.record_evaluation(self._run.id, number, evaluation))
        return await self._there(lambda: self._archive.candidate(self._run.name, number))

    async def _there(self, work: Callable[[], ResultT]) -> ResultT:
        """What something makes of the archive; the loop does not wait for a server."""
        return await asyncio.to_thread(work) if self._archive.is_on_server else work()
