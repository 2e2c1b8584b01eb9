"""What happens to a run beside its log is kept with its time and place, and belongs to no replay."""

from datetime import UTC, datetime

import pytest

from evoheur.archive.advice import Advice
from evoheur.archive.archive import Archive
from evoheur.archive.records import NewEvent, RunRecord
from tests.evoheur.archive.support.made_up import candidate, step
from tests.evoheur.archive.support.story import OUTAGE

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_events_have_their_time_and_their_place_in_the_log(archive: Archive, run: RunRecord) -> None:
    """Outcomes have their times as well, counted over all sessions."""
    told = [step(archive, run, candidate(1)).sequence]
    seconds = iter(range(10_000))
    with Archive.open(archive.url, now=lambda: NOON, monotonic=lambda: float(next(seconds))) as timed:
        timed.begin_session(run.id)
        told.append(step(timed, run, candidate(2)).sequence)
        timed.record_event(run.id, OUTAGE)
        timed.finish(run.id, "interrupted", "")
        timed.begin_session(run.id)
        told.append(step(timed, run, candidate(3)).sequence)
    began, outage, ended, again = archive.run_events(run.id)
    assert [event.kind for event in (began, outage, ended, again)] == [
        "session_began",
        "outage",
        "session_ended",
        "session_began",
    ]
    assert [event.sequence for event in (began, outage, ended, again)] == [2, 4, 4, 4]
    assert (outage.at, outage.text, outage.details) == (NOON, OUTAGE.text, OUTAGE.details)
    times = [found.told_seconds for found in archive.course(run.id)]
    assert times[0] is None  # outside of any session
    assert times[1] is not None
    assert times[2] is not None
    assert began.seconds < times[1] < outage.seconds < ended.seconds <= again.seconds < times[2]
    assert archive.run_events(run.id, most=1) == archive.session_events(run.id) == [again]
    assert [entry.sequence for entry in archive.log(run.id)] == [1, 2, 3, 4, 5, 6]


def test_news_of_an_event_takes_its_place(archive: Archive, run: RunRecord) -> None:
    first = archive.record_event(run.id, NewEvent(kind="outage", text="m is down"))
    archive.record_event(run.id, NewEvent(kind="wait", text="waits"))
    before = archive.run_events(run.id)
    assert archive.record_event(run.id, OUTAGE, instead_of=first) == first
    after = archive.run_events(run.id)
    assert [event.text for event in after] == [OUTAGE.text, "waits"]
    assert [event.at for event in after] == [event.at for event in before]


def test_what_another_process_asks_of_a_run_is_an_event(archive: Archive, run: RunRecord) -> None:
    archive.change_advice(run.id, lambda _: [Advice(text="look at the tail"), Advice(text="be short")])
    archive.change_advice(run.id, lambda found: [found[0].model_copy(update={"withdrawn": True}), found[1]])
    archive.change_advice(run.id, lambda found: [each.model_copy(update={"first": 3}) for each in found])
    archive.ask_to_stop(run.name)
    assert [(event.kind, event.text) for event in archive.run_events(run.id)] == [
        ("advice", "advice: look at the tail"),
        ("advice", "advice: be short"),
        ("advice", "advice withdrawn: look at the tail"),
        ("stop_asked", "the run was asked to stop"),
    ]


def test_details_that_no_database_can_hold_are_refused(archive: Archive, run: RunRecord) -> None:
    with pytest.raises(ValueError, match=r"[Oo]ut of range float|NaN"):
        archive.record_event(run.id, NewEvent(kind="wait", text="", details={"seconds": float("nan")}))
    assert archive.run_events(run.id) == []
