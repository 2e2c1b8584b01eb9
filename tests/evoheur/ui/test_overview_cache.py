"""How often the overview of a run is read again, and how often its charts are made."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.ui.course_shelf import CourseShelf
from evoheur.ui.overview_cache import OverviewCache
from tests.evoheur.archive.support.made_up import candidate, new_run, step


class Clock:
    """Seconds that pass when told to, and a little with every look, so that reading takes some."""

    def __init__(self, look: float = 0.0) -> None:
        self.now = 0.0
        self._look = look

    def __call__(self) -> float:
        self.now += self._look
        return self.now


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """With a run "going" of one candidate."""
    with Archive.open(f"sqlite:///{tmp_path / 'evoheur.db'}", create=True) as opened:
        run = new_run(opened, "going")
        opened.begin_session(run.id)
        opened.record_baseline(run.id, candidate(0, 9.0))
        step(opened, run, candidate(1, 8.0))
        yield opened


def evaluations(cache: OverviewCache, archive: Archive) -> int:
    [pulse] = archive.pulses()
    return cache.overview(archive, pulse).document.evaluations


def test_a_run_is_read_again_when_it_came_further(archive: Archive) -> None:
    cache = OverviewCache(Clock())
    assert evaluations(cache, archive) == 1
    step(archive, archive.run("going"), candidate(2, 7.0))
    assert evaluations(cache, archive) == 2


def test_what_takes_long_is_read_the_less_often(archive: Archive) -> None:
    """Reading takes a second by this clock, so it may be done every twenty."""
    clock = Clock(1.0)
    cache = OverviewCache(clock)
    assert evaluations(cache, archive) == 1
    step(archive, archive.run("going"), candidate(2, 7.0))
    assert evaluations(cache, archive) == 1
    clock.now += 60
    assert evaluations(cache, archive) == 2


def test_a_change_of_name_note_or_state_is_seen_at_once(archive: Archive) -> None:
    clock = Clock(1.0)
    cache = OverviewCache(clock)
    evaluations(cache, archive)
    archive.write_note("going", "new")
    [pulse] = archive.pulses()
    assert cache.overview(archive, pulse).run.note == "new"


def test_scores_that_are_stored_later_are_found_after_a_while(archive: Archive) -> None:
    clock = Clock()
    cache = OverviewCache(clock)
    [pulse] = archive.pulses()
    first = cache.overview(archive, pulse)
    assert cache.overview(archive, pulse) is first
    clock.now += 3600
    assert cache.overview(archive, pulse) is not first


def test_all_viewers_of_a_moment_get_the_same_charts(archive: Archive) -> None:
    clock = Clock()
    shelf = CourseShelf(clock)
    first = shelf.snapshot(archive, "going")
    step(archive, archive.run("going"), candidate(2, 7.0))
    assert shelf.snapshot(archive, "going") is first
    clock.now += 1
    later = shelf.snapshot(archive, "going")
    assert (later.totals.evaluations, later.points.total, later.curve.steps[-1].objective) == (2, 2, 7.0)


def test_the_end_of_a_run_is_shown_at_once(archive: Archive) -> None:
    clock = Clock()
    shelf = CourseShelf(clock)
    shelf.snapshot(archive, "going")
    archive.finish(archive.run("going").id, "finished", "budget of 1 evaluations used")
    assert shelf.snapshot(archive, "going").run.status == "finished"


def test_courses_that_nobody_looks_at_are_put_away(archive: Archive) -> None:
    run = new_run(archive, "other")
    archive.begin_session(run.id)
    archive.record_baseline(run.id, candidate(0, 9.0))
    step(archive, run, candidate(1, 8.0))
    clock = Clock()
    shelf = CourseShelf(clock, most_moments=1)
    first = shelf.snapshot(archive, "going")
    shelf.snapshot(archive, "other")
    assert shelf.snapshot(archive, "going") is not first
