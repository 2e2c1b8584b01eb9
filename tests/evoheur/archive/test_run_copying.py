"""Runs are copied whole between archives of any kind, or not at all."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.connection import shown
from evoheur.archive.records import Asked, RunRecord
from evoheur.errors import ArchiveError
from tests.evoheur.archive.support.made_up import candidate, new_run, step
from tests.evoheur.archive.support.story import NAME, OUTAGE, SOLUTIONS, tell_story
from tests.evoheur.archive.test_run_labels import rows
from tests.support.postgres_server import PostgresServer

ROOT = Path(__file__).parents[3]


@pytest.fixture
def files_url(tmp_path: Path, empty_archive: Path) -> str:
    """Address of another archive in a file."""
    shutil.copy(empty_archive, tmp_path / "other.db")
    return f"sqlite:///{tmp_path / 'other.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def other(request: pytest.FixtureRequest, files_url: str) -> Iterator[Archive]:
    """The archive that is copied to."""
    if request.param == "sqlite":
        with Archive.open(files_url) as opened:
            yield opened
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    with Archive.open(url, create=True) as opened:
        yield opened
    server.drop(url)


def told_like(archive: Archive, run: RunRecord) -> list[tuple[object, ...]]:
    """Everything of a run's log that has no row number and no half character."""
    return [
        (entry.sequence, replace(entry, id=0))
        if isinstance(entry, Asked)
        else (entry.sequence, repr(entry.outcome).replace("\\ud83d", "\ufffd"))
        for entry in archive.log(run.id)
    ]


def test_a_copied_run_is_the_run_that_it_was(archive: Archive, run: RunRecord, other: Archive) -> None:
    """Beside other runs on both sides, whose row numbers are in its way."""
    step(archive, run, candidate(1))
    tell_story(archive)
    mine = new_run(other, "mine")
    other.record_baseline(mine.id, candidate(0))
    step(other, mine, candidate(1, parents=(0,)))
    before = other.log(mine.id)
    [copied] = other.copy_runs(archive, [NAME])
    original = archive.run(NAME)
    assert replace(copied, id=0, config={}) == replace(original, id=0, config={})
    assert copied.config == original.config
    assert told_like(other, copied) == told_like(archive, original)
    theirs, ours = (at.run_events(run_id) for at, run_id in ((archive, original.id), (other, copied.id)))
    assert [replace(event, id=0) for event in ours] == [replace(event, id=0) for event in theirs]
    assert [event.text for event in ours] == ["the run begins", OUTAGE.text, "interrupted: interrupted by the user"]
    assert [step.told_seconds for step in other.course(copied.id)] == [step.told_seconds for step in archive.course(original.id)]
    assert other.solutions(NAME, 4) == {"validation": SOLUTIONS}
    assert other.totals(copied.id) == archive.totals(original.id)
    assert other.textbook_gaps(NAME) == archive.textbook_gaps(NAME)
    assert [record.evaluations for record in other.candidates(NAME)] == [
        record.evaluations for record in archive.candidates(NAME)
    ]
    assert other.log(mine.id) == before


def test_the_copy_goes_on_and_can_be_copied_back_under_another_name(archive: Archive, run: RunRecord, other: Archive) -> None:
    step(archive, run, candidate(1, parents=(0,)))
    [copied] = other.copy_runs(archive)
    other.begin_session(copied.id)
    step(other, copied, candidate(2, parents=(1,)))
    other.finish(copied.id, "finished", "done")
    other.rename_run(run.name, "longer")
    [back] = archive.copy_runs(other)
    assert [entry.sequence for entry in archive.log(back.id)] == [1, 2, 3, 4]
    assert len(archive.log(run.id)) == 2
    step(archive, back, candidate(3))
    step(archive, run, candidate(2))
    assert [found.name for found in archive.runs()] == [run.name, "longer"]


def test_a_name_that_is_taken_or_unknown_leaves_everything_as_it_was(archive: Archive, run: RunRecord, other: Archive) -> None:
    new_run(archive, "second")
    new_run(other, "second")
    before = rows(other)
    with pytest.raises(
        ArchiveError, match=r"has a run 'second' already; nothing was copied. Rename one of the two \(`evoheur runs"
    ):
        other.copy_runs(archive)
    with pytest.raises(ArchiveError, match="no run 'third'"):
        other.copy_runs(archive, [run.name, "third"])
    assert rows(other) == before


def test_a_configuration_tells_where_the_copy_is(archive: Archive, other: Archive) -> None:
    new_run(archive, "told", config={"archive": archive.url, "seed": 1})
    [copied] = other.copy_runs(archive)
    assert copied.config == {"archive": shown(other.url), "seed": 1}


def test_a_copy_that_is_killed_half_way_leaves_nothing(archive: Archive, run: RunRecord, other: Archive) -> None:
    tell_story(archive)
    before = rows(other)
    program = (
        "import os, signal, sys; from evoheur.archive.archive import Archive\n"
        "heard = []\n"
        "def copied(rows):\n"
        "    heard.append(rows)\n"
        "    if len(heard) == 6: os.kill(os.getpid(), signal.SIGKILL)\n"
        "with Archive.open(sys.argv[1], read_only=True) as source, Archive.open(sys.argv[2]) as target:\n"
        "    target.copy_runs(source, copied=copied)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, archive.url, other.url], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert rows(other) == before
    assert {copied.name for copied in other.copy_runs(archive)} == {run.name, NAME}
