"""Outages, waits and faults of a run are kept, few rows of them, as they are now."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import NewEvent, RunRecord, Totals
from evoheur.errors import ArchiveLost
from evoheur.generation.outage import OutageNews
from evoheur.run.event_keeping import EventKeeping
from evoheur.run.events import CallsHalved, Events, InternalError, Preparing, SpendingEstimated, Throttled
from evoheur.run.spending_forecast import SpendingForecast
from tests.evoheur.archive.support.made_up import candidate, new_run, step

DOWN = OutageNews(endpoint="m at there", reason="connection: refused", since=900.0, seconds=3.0, next_try=40.0)
UP = replace(DOWN, reason="", seconds=200.0, next_try=None)


class Watched:
    """Events that are kept, with a clock that a test sets."""

    def __init__(self, archive: Archive, run: RunRecord) -> None:
        self.now = 1000.0
        self._archive, self._run = archive, run
        self.emit = Events([EventKeeping(archive, run.id, lambda: self.now)]).emit

    @property
    def kept(self) -> list[tuple[str, str]]:
        return [(event.kind, event.text) for event in self._archive.run_events(self._run.id)]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path / 'evoheur.db'}", create=True) as opened:
        yield opened


@pytest.fixture
def run(archive: Archive) -> RunRecord:
    made = new_run(archive)
    archive.record_baseline(made.id, candidate(0))
    return made


@pytest.fixture
def watched(archive: Archive, run: RunRecord) -> Watched:
    return Watched(archive, run)


def test_an_outage_is_one_row_with_its_latest_news_and_one_for_its_end(
    archive: Archive, run: RunRecord, watched: Watched
) -> None:
    watched.emit(DOWN)
    watched.emit(replace(DOWN, endpoint="n", others_answer=True))
    watched.now += 40.0
    watched.emit(replace(DOWN, reason="HTTP 503", seconds=43.0, next_try=80.0))
    first = archive.run_events(run.id)[0]
    assert (first.details["since"], first.details["next_at"], first.details["reason"]) == (900.0, 1120.0, "HTTP 503")
    watched.emit(UP)
    watched.emit(DOWN)
    assert watched.kept == [
        ("outage", "m at there is down (HTTP 503)"),
        ("outage", "n is down (connection: refused); others answer for it"),
        ("outage_over", "m at there answers again, after 200 s"),
        ("outage", "m at there is down (connection: refused)"),
    ]


def test_waits_for_one_reason_that_hang_together_are_one_row(archive: Archive, run: RunRecord, watched: Watched) -> None:
    for number in range(5):
        watched.emit(Throttled(seconds=10.0, reason=f"rate-limited: try again, call {number}"))
    watched.emit(Throttled(seconds=2.0, reason="generator.requests_per_minute is used up"))
    watched.now += 5.0
    watched.emit(Throttled(seconds=20.0, reason="rate-limited: again"))
    assert archive.run_events(run.id)[0].details == {
        "reason": "rate-limited: again",
        "seconds": 20.0,
        "until": 1025.0,
        "times": 6,
    }
    watched.now += 1000.0
    watched.emit(Throttled(seconds=1.0, reason="rate-limited: again"))
    assert watched.kept == [
        ("wait", "waits 20 s: rate-limited: again (so far 6 times)"),
        ("wait", "waits 2 s: generator.requests_per_minute is used up"),
        ("wait", "waits 1 s: rate-limited: again"),
    ]


def test_of_the_calls_that_an_endpoint_gets_the_latest_is_kept(archive: Archive, run: RunRecord, watched: Watched) -> None:
    for endpoint, limit in (("m", 8), ("n", 3), ("m", 4)):
        watched.emit(CallsHalved(endpoint=endpoint, limit=limit, why="got no answer in time"))
    assert [event.details["limit"] for event in archive.run_events(run.id)] == [4, 3]
    words = "m gets 4 calls at once from now on, and one more for each that succeeds: one got no answer in time"
    assert watched.kept[0] == ("calls_halved", words)


def test_faults_are_kept_once_and_estimates_as_they_come(archive: Archive, run: RunRecord, watched: Watched) -> None:
    asked = step(archive, run, candidate(1)).asked
    fault = InternalError(asked=asked, error="KeyError: 'x'", traceback="Traceback …", again=False, totals=Totals())
    forecast = SpendingForecast(
        limit="budget.evaluations=10",
        requests=12,
        prompt_tokens=900,
        completion_tokens=100,
        reply_tokens=9,
        cost_usd=0.5,
        replies=20,
    )
    for event in (fault, replace(fault, again=True), SpendingEstimated(forecast=forecast, totals=Totals()), Preparing(step="x")):
        watched.emit(event)
    assert watched.kept == [
        ("fault", "internal error at request 1: KeyError: 'x'"),
        ("estimate", "the budget will be spent on 12 requests, 1,000 tokens, $0.50 (budget.evaluations=10)"),
    ]
    assert archive.run_events(run.id)[0].details == {"request": 1, "traceback": "Traceback …"}


class LostArchive:
    """An archive whose server went away."""

    def record_event(self, run_id: int, event: NewEvent, *, instead_of: int | None = None) -> int:
        raise ArchiveLost(f"the server of run {run_id} is away, and cannot keep {event.text!r} instead of {instead_of}")


def test_of_a_lost_archive_the_run_hears_elsewhere() -> None:
    """What has to be stored ends the run; what is only kept beside its log says nothing of its own."""
    EventKeeping(LostArchive(), 1).notify(DOWN)
