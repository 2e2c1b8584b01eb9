"""Keeping what happens to a run beside its log in the archive.

For people to read later, and for whoever watches.
"""

import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from evoheur.archive.records import NewEvent, RunEvent, RunEventKind
from evoheur.candidate import AUDIT
from evoheur.errors import ArchiveLost
from evoheur.generation.outage import OutageNews
from evoheur.run.events import BestAudited, CallsHalved, Event, InternalError, Observer, SpendingEstimated, Throttled

__all__ = ["EventKeeping", "heard_again"]

_SAME_SECONDS = 60.0  # a wait for the same reason within so long after the end of another goes on with it
_SPACING_SECONDS = 1.0  # between two news of one row, however many calls wait


class _Archive(Protocol):
    """The part of an archive that is written to."""

    def record_event(self, run_id: int, event: NewEvent, *, instead_of: int | None = None) -> int: ...


class EventKeeping(Observer):
    """Keeps outages, waits, halved calls, audits, estimates and faults of a run in its archive.

    News of an outage takes the place of earlier news, and so does a wait for what was waited for a moment ago: a night of refusals is a few
    rows. Nothing of it is replayed.

    Args:
        archive: Nobody else writes to it while the run goes on.
        run_id: Row number of the run.
        clock: Seconds since the epoch.
    """

    def __init__(self, archive: _Archive, run_id: int, clock: Callable[[], float] = time.time) -> None:
        self._archive = archive
        self._run_id = run_id
        self._clock = clock
        self._outages: dict[str, int] = {}  # endpoint → the row of its outage
        self._limits: dict[str, int] = {}  # endpoint → the row of how many calls it gets
        self._waits: dict[str, _Waits] = {}  # kind of reason → the waits that hang together

    def notify(self, event: Event) -> None:
        """See `Observer`; of an archive that was lost, the run hears from what has to be stored."""
        with contextlib.suppress(ArchiveLost):
            self._hear(event)

    def _hear(self, event: Event) -> None:
        match event:
            case OutageNews():
                self._outage(event)
            case Throttled():
                self._wait(event)
            case CallsHalved():
                self._halved(event)
            case BestAudited():
                audit = event.candidate.evaluations[AUDIT].objective
                worth = "failed there" if audit is None else f"its objective there is {audit:.6g}"
                self._keep("audit", f"{event.candidate.id} was scored on fresh instances; {worth}", candidate=event.candidate.id)
            case SpendingEstimated():
                self._estimate(event)
            case InternalError() if not event.again:
                text = f"internal error at request {event.asked.number}: {event.error}"
                self._keep("fault", text, request=event.asked.number, traceback=event.traceback)

    def _keep(self, kind: RunEventKind, text: str, **details: Any) -> int:
        return self._archive.record_event(self._run_id, NewEvent(kind=kind, text=text, details=details))

    def _outage(self, news: OutageNews) -> None:
        known = self._outages.get(news.endpoint)
        if news.is_over:
            self._outages.pop(news.endpoint, None)
            text = f"{news.endpoint} answers again, after {news.seconds:.0f} s"
            self._keep("outage_over", text, endpoint=news.endpoint, since=news.since, seconds=news.seconds)
            return
        meanwhile = "; others answer for it" if news.others_answer else ""
        event = NewEvent(
            kind="outage", text=f"{news.endpoint} is down ({news.reason}){meanwhile}", details=_details(news, self._clock())
        )
        self._outages[news.endpoint] = self._archive.record_event(self._run_id, event, instead_of=known)

    def _wait(self, event: Throttled) -> None:
        now = self._clock()
        kind = event.reason.partition(":")[0]  # what follows are the server's words, which may differ every time
        waits = self._waits.get(kind)
        if waits is None or now > waits.until + _SAME_SECONDS:
            waits = self._waits[kind] = _Waits()
        waits.count += 1
        waits.until = max(waits.until, now + event.seconds)
        if waits.row is not None and now - waits.kept_at < _SPACING_SECONDS:
            return
        waits.kept_at = now
        text = f"waits {event.seconds:.0f} s: {event.reason}" + (f" (so far {waits.count} times)" if waits.count > 1 else "")
        details = {"reason": event.reason, "seconds": event.seconds, "until": waits.until, "times": waits.count}
        kept = NewEvent(kind="wait", text=text, details=details)
        waits.row = self._archive.record_event(self._run_id, kept, instead_of=waits.row)

    def _halved(self, event: CallsHalved) -> None:
        """Keep the latest of an endpoint, which may bear now more, now fewer."""
        text = (
            f"{event.endpoint} gets {event.limit} calls at once from now on, and one more for each that succeeds: one {event.why}"
        )
        details = {"endpoint": event.endpoint, "limit": event.limit, "why": event.why}
        kept = NewEvent(kind="calls_halved", text=text, details=details)
        self._limits[event.endpoint] = self._archive.record_event(self._run_id, kept, instead_of=self._limits.get(event.endpoint))

    def _estimate(self, event: SpendingEstimated) -> None:
        forecast = event.forecast
        price = "" if forecast.cost_usd is None else f", ${forecast.cost_usd:.2f}"
        text = f"the budget will be spent on {forecast.requests:,} requests, {forecast.tokens:,} tokens{price} ({forecast.limit})"
        self._keep("estimate", text, requests=forecast.requests, tokens=forecast.tokens, cost_usd=forecast.cost_usd)


def heard_again(kept: RunEvent, now: float) -> OutageNews | Throttled | None:
    """An outage or a wait as observers hear of it, from what was kept of it.

    None for other events, and for waits that are over.

    Args:
        kept: As the archive has it.
        now: Seconds since the epoch, by which times go on.
    """
    known = kept.details
    match kept.kind:
        case "outage" | "outage_over":
            is_over = kept.kind == "outage_over"
            return OutageNews(
                endpoint=known["endpoint"],
                reason=known.get("reason", ""),
                since=known["since"],
                seconds=known["seconds"] if is_over else now - known["since"],
                next_try=None if is_over else max(0.0, known["next_at"] - now),
                renewed_at=known.get("renewed_at"),
                others_answer=known.get("others_answer", False),
            )
        case "wait" if known["until"] > now:
            return Throttled(seconds=known["until"] - now, reason=known["reason"])
    return None


class _Waits:
    """Waits for one reason that hang together."""

    def __init__(self) -> None:
        self.row: int | None = None
        self.count = 0
        self.until = 0.0
        self.kept_at = 0.0


def _details(news: OutageNews, now: float) -> Mapping[str, Any]:
    """An outage by the time of day, since who reads it does so later."""
    return {
        "endpoint": news.endpoint,
        "reason": news.reason,
        "since": news.since,
        "next_at": None if news.next_try is None else now + news.next_try,
        "renewed_at": news.renewed_at,
        "others_answer": news.others_answer,
    }
