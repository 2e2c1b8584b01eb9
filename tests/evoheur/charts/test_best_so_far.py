"""The best-so-far curve has the steps, lines and audits that the archive has."""

from pathlib import Path

import pytest

from evoheur import open_archive
from evoheur.archive.archive import Archive
from evoheur.candidate import TextbookGap
from evoheur.charts.best_so_far import best_so_far, textbook_line
from evoheur.charts.run_course import RunCourse, SpentSoFar
from evoheur.request import Request, Rescored
from tests.evoheur.archive.support.made_up import candidate, evaluation, new_run, result, step


def test_a_real_run_ends_at_its_best_below_its_start_beside_its_textbook(real: Path) -> None:
    with open_archive(real) as archive:
        curve = best_so_far(archive, RunCourse.read(archive, "real"))
        best = archive.best("real", 1)[0].candidate
        stored = archive.textbook_gaps("real")["train"]
        baseline = archive.candidate("real", 0)
        audited = archive.audited("real")
    assert (curve.steps[-1].candidate, curve.steps[-1].objective) == (best.id, best.objective)
    assert [step.objective for step in curve.steps] == sorted((step.objective for step in curve.steps), reverse=True)
    assert curve.own == baseline.candidate.objective
    assert curve.own_audit == baseline.evaluations["audit"].objective
    assert {point.candidate: point.objective for point in curve.audits} == {
        record.candidate.id: record.evaluations["audit"].objective for record in audited
    }
    assert len(curve.rules) == 1
    assert (
        min(each.gap for each in stored.values()) <= next(iter(curve.rules.values())) <= max(each.gap for each in stored.values())
    )
    assert curve.end.evaluations == 60


def test_steps_are_where_the_best_improved(archive: Archive) -> None:
    run = new_run(archive)
    archive.record_baseline(run.id, candidate(0))
    for number, objective in enumerate([6.0, 3.0, 3.5, 2.0], start=1):
        step(archive, run, candidate(number, objective), tag=str(number))
    curve = best_so_far(archive, RunCourse.read(archive, run.name))
    assert [(each.candidate, each.objective, each.spent.calls) for each in curve.steps] == [(1, 6.0, 1), (2, 3.0, 2), (4, 2.0, 4)]
    assert curve.end == SpentSoFar(calls=4, evaluations=4, seconds=1.0)  # a quarter of a second for every evaluation
    assert (curve.own, curve.audits, curve.own_audit) == (4.0, (), None)


def test_fresh_instances_begin_the_curve_anew_with_what_was_scored_again(archive: Archive) -> None:
    run = new_run(archive)
    archive.record_baseline(run.id, candidate(0))
    step(archive, run, candidate(1, 3.0))
    archive.record_textbook_gaps(run.id, "train", {"small": TextbookGap(rule="best_fit", gap=4.5)})
    course = RunCourse.read(archive, run.name)
    assert best_so_far(archive, course).rules == {"best_fit": 4.5}
    asked = archive.record_ask(run.id, Request.rescoring(candidate(1), epoch=1), ())
    archive.record_tell(asked, Rescored(candidate=candidate(1, evaluation(5.0, epoch=1))))
    asked = archive.record_ask(run.id, Request(operator="e1", epoch=1), ())
    archive.record_tell(asked, candidate(2, evaluation(4.75, epoch=1)))
    course.read_on(archive)
    curve = best_so_far(archive, course)
    assert [(each.candidate, each.objective, each.epoch) for each in curve.steps] == [(1, 3.0, 0), (1, 5.0, 1), (2, 4.75, 1)]
    assert curve.rules == {}  # made for the instances before


TWO = (result(52.0, family="small"), result(52.0, family="small"), result(208.0, family="large", reference=200.0))


@pytest.mark.parametrize(("aggregate", "expected"), [("mean_of_gaps", 4.0), ("ratio_of_sums", (100 * 4.5 + 200 * 3.0) / 300)])
def test_different_rules_by_family_make_one_line_weighted_as_the_objective_is(aggregate: str, expected: float) -> None:
    gaps = {"small": TextbookGap(rule="best_fit", gap=4.5), "large": TextbookGap(rule="harmonic", gap=3.0)}
    baseline = candidate(0, evaluation(4.0, results=TWO, aggregate=aggregate))
    assert textbook_line(baseline, gaps) == {"best textbook rules by family": pytest.approx(expected)}


def test_there_is_no_line_where_none_can_be_drawn() -> None:
    gaps = {"small": TextbookGap(rule="best_fit", gap=4.5)}
    assert textbook_line(candidate(0, evaluation(4.0, results=TWO)), gaps) == {}  # no rule for the large ones
    assert textbook_line(candidate(0, evaluation(52.0, objective_kind="mean_cost")), gaps) == {}
    assert textbook_line(None, gaps) == {}
    assert textbook_line(candidate(0), {}) == {}
    assert textbook_line(candidate(0, evaluation(1.5, objective_kind="textbook_ratio")), gaps) == {"best_fit": 1.0}
