"""One run in a table of runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import NewEvent, RunEventKind
from evoheur.candidate import TextbookGap
from evoheur.charts.run_overview import RunState, method_of, run_overview, run_state
from tests.evoheur.archive.support.made_up import candidate, evaluation, new_run, result, step


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path / 'evoheur.db'}", create=True) as opened:
        yield opened


def test_a_run_says_what_it_found_beside_the_textbook_and_how_it_came_along(archive: Archive) -> None:
    run = new_run(archive, config={"strategy": {"kind": "eoh"}, "generator": {"kind": "mutator"}, "validation": {"top": 1}})
    archive.begin_session(run.id)
    archive.record_baseline(run.id, candidate(0, 9.0))
    for number, worth in enumerate((8.0, 8.5, 4.0), 1):
        step(archive, run, candidate(number, worth))
    archive.record_evaluation(run.id, 3, evaluation(5.0, split="validation"))
    archive.record_textbook_gaps(run.id, "train", {"small": TextbookGap(rule="best_fit", gap=6.5)})
    found = run_overview(archive, archive.run(run.name))
    assert found.document.best == "quickstart-1/3"
    assert (found.standings["train"].gap, found.standings["train"].textbook) == (4.0, 6.5)
    assert (found.standings["validation"].gap, found.standings["validation"].textbook) == (5.0, None)
    assert found.curve == ((1, 8.0), (3, 4.0))
    assert method_of(run) == "eoh, mutator"


def test_the_textbook_of_several_families_is_weighted_as_instances_are(archive: Archive) -> None:
    """Two instances of one family and one of another, by hand: (2 · 3 + 9) / 3 = 5."""
    run = new_run(archive)
    archive.begin_session(run.id)
    results = (result(52.0), result(52.0, instance="b"), result(52.0, instance="c", family="large"))
    archive.record_baseline(run.id, candidate(0, evaluation(4.0, results=results)))
    step(archive, run, candidate(1, evaluation(4.0, results=results)))
    gaps = {"small": TextbookGap(rule="best_fit", gap=3.0), "large": TextbookGap(rule="first_fit", gap=9.0)}
    archive.record_textbook_gaps(run.id, "train", gaps)
    assert run_overview(archive, run).standings["train"].textbook == pytest.approx(5.0)


def test_a_run_that_has_nothing_yet_is_shown_all_the_same(archive: Archive) -> None:
    found = run_overview(archive, new_run(archive))
    assert (found.document.best, found.standings, found.curve, found.rate) == (None, {}, (), None)


@pytest.mark.parametrize(
    ("seconds", "stopped", "state"), [(0, False, "running"), (59, False, "running"), (61, False, "silent"), (1, True, "stopping")]
)
def test_a_run_that_has_not_ended_runs_while_its_process_writes(
    tmp_path: Path, seconds: int, stopped: bool, state: RunState
) -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    with Archive.open(f"sqlite:///{tmp_path / 'clocked.db'}", create=True, now=lambda: began) as archive:
        run = new_run(archive)
        archive.begin_session(run.id)
        if stopped:
            archive.ask_to_stop(run.name)
        [pulse] = archive.pulses()
    assert run_state(pulse, began + timedelta(seconds=seconds)) == state


@pytest.mark.parametrize(
    ("kind", "details", "seconds", "state"),
    [
        ("outage", {"next_at": 600.0}, 1, "waiting"),
        ("outage", {"next_at": 600.0}, 660, "waiting"),
        ("outage", {"next_at": 600.0}, 3600, "silent"),
        ("outage", {"next_at": 600.0, "others_answer": True}, 1, "running"),
        ("outage_over", {}, 1, "running"),
        ("wait", {"until": 600.0}, 1, "running"),
        ("wait", {"until": 600.0}, 500, "waiting"),
        ("wait", {"until": 600.0}, 700, "silent"),
    ],
)
def test_a_run_waits_while_nothing_gets_through_to_its_model(
    tmp_path: Path, kind: RunEventKind, details: dict[str, float | bool], seconds: int, state: RunState
) -> None:
    """A process that is gone waits no longer than until soon after the try that it announced."""
    began = datetime.fromtimestamp(0, UTC)
    with Archive.open(f"sqlite:///{tmp_path / 'clocked.db'}", create=True, now=lambda: began) as archive:
        run = new_run(archive)
        archive.begin_session(run.id)
        archive.record_event(run.id, NewEvent(kind="outage", text="down before", details={"endpoint": "m", "next_at": 9.0}))
        archive.begin_session(run.id)
        archive.record_event(run.id, NewEvent(kind=kind, text="x", details={"endpoint": "m", **details}))
        [pulse] = archive.pulses()
    assert run_state(pulse, began + timedelta(seconds=seconds)) == state


def test_a_run_that_has_ended_is_what_its_status_says(archive: Archive) -> None:
    run = new_run(archive)
    archive.begin_session(run.id)
    archive.finish(run.id, "failed", "no key")
    [pulse] = archive.pulses()
    assert run_state(pulse, datetime.now(UTC)) == "failed"
