"""Points show every candidate, or a sample that keeps the best and is always the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur import open_archive
from evoheur.archive.archive import Archive
from evoheur.archive.counting import Fate
from evoheur.archive.course_queries import CourseStep
from evoheur.candidate import Status
from evoheur.charts.candidate_points import CandidatePoint, candidate_points
from evoheur.charts.run_course import CourseMoment, RunCourse, SpentSoFar
from evoheur.request import RequestKind
from tests.evoheur.archive.support.made_up import new_run
from tests.evoheur.archive.support.story import NAME


def test_everything_that_was_to_breed_is_a_point_with_its_worth_or_its_failure(story: Archive) -> None:
    found = candidate_points(RunCourse.read(story, NAME))
    shown = [(point.candidate, point.objective, point.failure, point.is_duplicate) for point in found.points]
    assert shown == [
        (1, 3.0, "", False),
        (2, None, "timeout", False),
        (3, 3.0, "", True),
        (None, None, "no-code", False),
        (4, 2.5, "", False),
        (5, None, "pruned", False),
        (6, 2.25, "", False),
        (7, None, "scale_dependent", False),
        (8, 0.75, "", False),
        (9, 2.625, "", False),
        (10, 2.875, "", False),
        (None, None, "timeout", False),
    ]
    assert (found.total, dict(found.operators)) == (12, {"e1": 10, "tune": 1, "warm_start": 1})


def test_points_of_a_real_run_are_its_candidates(real: Path) -> None:
    with open_archive(real) as archive:
        found = candidate_points(RunCourse.read(archive, "real"), most=None)
        records = archive.candidates("real")[1:]
        failures = sum(group.count for group in archive.failures("real"))
    known = {point.candidate: point for point in found.points if point.candidate is not None}
    expected = {record.candidate.id: record for record in records if not record.is_simplified}
    assert set(known) == set(expected)
    assert all(known[number].objective == record.candidate.objective for number, record in expected.items())
    assert all(known[number].operator == record.candidate.operator for number, record in expected.items())
    assert sum(point.failure not in {"", "pruned"} for point in found.points) == failures


def long_course(archive: Archive, count: int) -> RunCourse:
    """A course of so many candidates, every seventh of which failed; number 40 is the best."""
    course = RunCourse(new_run(archive, archive.fresh_name("long")))
    course.moments = list(_moments(count))
    return course


def _moments(count: int) -> Iterator[CourseMoment]:
    for number in range(1, count + 1):
        objective = None if number % 7 == 0 else 1.0 if number == 40 else 5.0 + number % 13
        fate = Fate(status=Status.OK if objective else Status.ERROR, objective=objective)
        step = CourseStep(2 * number, number, f"m{number % 3}", RequestKind.MODEL, "m", 0.0, None, None, number, fate, 0.0, False)
        yield CourseMoment(step, SpentSoFar(number, number), is_best=number in {1, 40})


def test_a_sample_keeps_the_best_and_is_even_and_always_the_same(archive: Archive) -> None:
    course = long_course(archive, 10_000)
    found = candidate_points(course, most=500)
    assert (len(found.points), found.total) == (500, 10_000)
    assert {1, 40} <= {point.candidate for point in found.points}
    assert found == candidate_points(course, most=500)
    others = [point for point in found.points if point.objective != 5.0]
    by_tenth = [sum(tenth * 1000 < point.request <= (tenth + 1) * 1000 for point in others) for tenth in range(10)]
    assert max(by_tenth) - min(by_tenth) <= 6
    assert sum(bool(point.failure) for point in others) == pytest.approx(len(others) / 7, abs=12)
    assert sum(found.operators.values()) == 10_000


def test_while_a_run_goes_on_no_point_comes_back(archive: Archive) -> None:
    def ordinary(points: tuple[CandidatePoint, ...]) -> set[int]:
        return {point.request for point in points if point.failure}

    seen = [ordinary(candidate_points(long_course(archive, count), most=200).points) for count in (1000, 2000, 4000)]
    assert seen[2] & set(range(1, 1001)) <= seen[1] & set(range(1, 1001)) <= seen[0]
