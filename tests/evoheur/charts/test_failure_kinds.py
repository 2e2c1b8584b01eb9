"""Failures are counted as `evoheur failures` counts them."""

from evoheur.archive.archive import Archive
from evoheur.charts.failure_kinds import failure_kinds
from evoheur.charts.run_course import RunCourse
from tests.evoheur.archive.support.story import NAME


def test_a_run_with_one_of_everything_failed_as_the_archive_says(story: Archive) -> None:
    groups = story.failures(NAME)
    found = failure_kinds(RunCourse.read(story, NAME), groups)
    assert len(groups) == 4
    assert [(kind.stage, kind.reason, kind.count, kind.examples) for kind in found.kinds] == [
        (group.stage, group.reason, group.count, group.examples) for group in groups
    ]


def test_kinds_tell_the_operators_and_the_number_of_all_outcomes(story: Archive) -> None:
    course = RunCourse.read(story, NAME)
    found = failure_kinds(course)
    assert {(kind.stage, kind.reason): dict(kind.operators) for kind in found.kinds} == {
        ("evaluation", "timeout"): {"e1": 1},
        ("evaluation", "scale_dependent"): {"e1": 1},
        ("generation", "timeout"): {"e1": 1},
        ("parsing", "no-code"): {"e1": 1},
    }
    assert found.outcomes == len(course.moments)
    assert all(kind.examples == () for kind in found.kinds)
