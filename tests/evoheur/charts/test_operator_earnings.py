"""Earnings are what `evoheur spend` counts, operator by operator."""

from pathlib import Path

import pytest

from evoheur import open_archive
from evoheur.api.spent_by_run import spent_by_run
from evoheur.archive.archive import Archive
from evoheur.archive.reader import ArchiveReader
from evoheur.charts.operator_earnings import operator_earnings
from evoheur.charts.run_course import RunCourse
from evoheur.run.run_spending import SpendingShare
from tests.evoheur.archive.support.story import NAME

COUNTED = ("requests", "calls", "tokens", "cost_usd", "useful", "solved", "bests")


def as_spend_counts(archive: ArchiveReader, name: str) -> None:
    course = RunCourse.read(archive, name)
    found = operator_earnings(course)
    spent = spent_by_run(archive, archive.run(name))
    asking = {step.operator for step, _, _ in course.moments if step.kind.asks_model} | {one.operator for one in course.waiting}
    shares: list[tuple[list[SpendingShare], dict[str, object]]] = [
        (list(spent.operators), {each.name: each for each in found.operators if each.name in asking}),
        (list(spent.models), {each.name: each for each in found.models}),
    ]
    for expected, known in shares:
        assert {each.name for each in expected} == set(known)
        for share in expected:
            ours = known[share.name]
            assert [getattr(ours, key) for key in COUNTED] == [getattr(share, key) for key in COUNTED]
            assert getattr(ours, "gain") == pytest.approx(share.gain)  # noqa: B009 - two kinds of sums


def test_a_real_run_earned_what_spend_says(real: Path) -> None:
    with open_archive(real) as archive:
        as_spend_counts(archive, "real")
        assert sum(each.gain for each in operator_earnings(RunCourse.read(archive, "real")).operators) > 0


def test_a_run_with_one_of_everything_earned_what_spend_says(story: Archive) -> None:
    as_spend_counts(story, NAME)


def test_failures_and_copies_count_with_what_bred_them(story: Archive) -> None:
    found = {each.name: each for each in operator_earnings(RunCourse.read(story, NAME)).operators}
    assert (found["e1"].failed, found["e1"].pruned, found["e1"].duplicates) == (4, 1, 1)  # timeout twice, no code, scale
    assert (found["tune"].solved, found["tune"].bests, found["tune"].gain) == (1, 1, 0.25)
    assert "rescore" not in found
