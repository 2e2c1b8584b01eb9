"""The course of a run agrees with the archive's own counts, however often it is read."""

from pathlib import Path

import pytest

from evoheur import open_archive
from evoheur.archive.archive import Archive
from evoheur.charts.run_course import RunCourse, SpentSoFar
from evoheur.request import Failure, Request
from tests.evoheur.archive.support.made_up import MESSAGES, REPLY, candidate, new_run, step
from tests.evoheur.archive.support.story import NAME


def test_a_real_run_has_spent_in_the_end_what_its_totals_say(real: Path) -> None:
    with open_archive(real) as archive:
        course = RunCourse.read(archive, "real")
        totals = archive.totals(course.run.id)
        bests = archive.progress("real")
    assert (course.spent.calls, course.spent.evaluations) == (totals.calls, totals.evaluations)
    assert course.spent.seconds > 0
    assert course.wall_seconds == totals.seconds
    assert course.axes == ("calls", "evaluations", "seconds")
    marked = [(moment.spent.evaluations, moment.step.fate.objective) for moment in course.moments if moment.is_best]
    assert marked == [tuple(each) for each in bests]


def test_a_run_with_one_of_everything_has_spent_what_its_totals_say(story: Archive) -> None:
    course = RunCourse.read(story, NAME)
    totals = story.totals(course.run.id)
    paid = sum(one.expense.cost_usd or 0.0 for one in course.waiting if one.expense is not None)
    assert course.spent.evaluations == totals.evaluations
    assert course.spent.cost_usd + paid == totals.cost_usd
    assert len(course.waiting) == totals.pending == 2
    assert course.epoch == 1


def test_reading_on_reads_what_is_new_and_ends_where_reading_at_once_does(archive: Archive) -> None:
    run = new_run(archive)
    early = RunCourse.read(archive, run.name)
    assert (early.baseline, early.moments, early.spent) == (None, [], SpentSoFar())
    archive.record_baseline(run.id, candidate(0))
    step(archive, run, candidate(1, 3.0, parents=(0,)))
    assert early.read_on(archive) == 1
    assert early.baseline is not None
    asked = archive.record_completion(archive.record_ask(run.id, Request(operator="e2"), MESSAGES), REPLY)
    assert early.read_on(archive) == 0
    assert [each.operator for each in early.waiting] == ["e2"]
    archive.record_tell(asked, candidate(2, 3.5, parents=(0,)))
    step(archive, run, Failure(stage="parsing", reason="no-code", detail="prose"))
    assert early.read_on(archive) == 2
    assert early.waiting == ()
    late = RunCourse.read(archive, run.name)
    assert (late.moments, late.sequence, late.spent) == (early.moments, early.sequence, early.spent)


def test_the_axis_of_time_has_the_wall_time_of_every_outcome(real: Path) -> None:
    with open_archive(real) as archive:
        course = RunCourse.read(archive, "real")
    places = [moment.spent.place("seconds", course.seconds_per_work) for moment in course.moments]
    assert not course.is_estimated
    assert places == [moment.spent.wall_seconds for moment in course.moments] == sorted(places)
    assert 0 < places[0] < places[-1] <= course.wall_seconds


def test_without_times_the_axis_of_time_is_stretched_work(story: Archive) -> None:
    """An old run ends with the wall time of its sessions; one that went on, where outcomes begin to have their times."""
    run = new_run(story)
    story.record_baseline(run.id, candidate(0))
    for number in (1, 2):
        step(story, run, candidate(number), tag=str(number))
    course = RunCourse.read(story, run.name)
    course.wall_seconds = 60.0
    assert course.is_estimated
    assert [moment.spent.place("seconds", course.seconds_per_work) for moment in course.moments] == pytest.approx([30.0, 60.0])
    story.begin_session(run.id)
    step(story, run, candidate(3), tag="3")
    course.read_on(story)
    timed = course.moments[-1].spent
    assert timed.wall_seconds is not None
    assert timed.place("seconds", course.seconds_per_work) == timed.wall_seconds
    assert course.moments[1].spent.place("seconds", course.seconds_per_work) == pytest.approx(timed.wall_seconds * 2 / 3)
