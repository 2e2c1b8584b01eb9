"""Matrices of gaps: rows and columns, what is compared with what, and pairs that complement each other."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import Evaluation, Status
from evoheur.charts.instance_matrix import InstanceMatrix, instance_matrix, matrix_of
from tests.evoheur.archive.support.made_up import candidate, evaluation, new_run, result, step
from tests.evoheur.archive.support.story import NAME, tell_story


def scored(costs: Mapping[str, float | None], *, reference: float | None = 100.0, **rest: Any) -> Evaluation:
    """Costs of instances, which are of the family of their first letter."""
    results = tuple(
        result(
            cost,
            instance=name,
            family=name[0],
            reference=reference,
            status=Status.TIMEOUT if cost is None else Status.OK,
        )
        for name, cost in costs.items()
    )
    ok = None not in costs.values()
    kept: dict[str, Any] = {"split": "validation", "aggregate": "mean_of_gaps", **rest}
    return evaluation(4.0 if ok else None, status=Status.OK if ok else Status.TIMEOUT, results=results, **kept)


def record(number: int, evaluated: Evaluation) -> CandidateRecord:
    return CandidateRecord(run="r", candidate=candidate(number), evaluations={"validation": evaluated}, asked=None)


ON_A = {"a1": 101.0, "a2": 101.0, "b1": 109.0, "b2": 109.0}
ON_B = {"a1": 108.0, "a2": 108.0, "b1": 102.0, "b2": 102.0}
EVEN = {"a1": 104.0, "a2": 104.0, "b1": 104.0, "b2": 104.0}


def made(*costs: Mapping[str, float | None], **rest: Evaluation) -> InstanceMatrix:
    return matrix_of("r", [record(number, scored(each)) for number, each in enumerate(costs)], "validation", textbook=rest)


def test_rows_have_the_gaps_of_instances_and_over_all() -> None:
    matrix = made(EVEN, ON_A, ON_B)
    rows = {row.name: row for row in matrix.rows}
    on = [column.instance for column in matrix.columns]
    assert dict(zip(on, rows["r/1"].values, strict=True)) == pytest.approx({"a1": 1.0, "a2": 1.0, "b1": 9.0, "b2": 9.0})
    assert rows["r/1"].whole == pytest.approx(5.0)
    assert (matrix.scale, matrix.best) == ("gap", "r/0")
    assert [rows[name].kind for name in ("r/0", "r/1")] == ["baseline", "candidate"]
    assert matrix.families == {"a": 2, "b": 2}


def test_the_best_pair_is_the_one_whose_halves_complement_each_other() -> None:
    """The even one is the best alone, and in no pair that is as good as the two that are good at one family each."""
    best, *others = made(EVEN, ON_A, ON_B).pairs
    assert (best.first, best.second) == ("r/1", "r/2")
    assert (best.whole, best.gain) == pytest.approx((1.5, 2.5))
    assert best.second_better == 2
    assert [(pair.first, pair.second) for pair in others] == [("r/0", "r/1"), ("r/0", "r/2")]


def test_heuristics_that_fail_alike_complement_nothing() -> None:
    assert made(EVEN, EVEN).pairs == ()


def test_one_that_fails_on_an_instance_has_a_row_and_no_pair() -> None:
    matrix = made(EVEN, {"a1": 90.0, "a2": None})
    [row] = [row for row in matrix.rows if row.number == 1]
    on = dict(zip([column.instance for column in matrix.columns], row.values, strict=True))
    assert on == {"a1": pytest.approx(-10.0), "a2": None, "b1": None, "b2": None}
    assert row.whole is None
    assert (matrix.best, matrix.pairs) == ("r/0", ())


def test_textbook_rules_stand_among_the_candidates_and_pair_with_them() -> None:
    matrix = made(EVEN, ON_A, best_fit=scored(ON_B))
    [rule] = [row for row in matrix.rows if row.kind == "textbook"]
    assert (rule.name, rule.number) == ("best_fit", None)
    assert {matrix.pairs[0].first, matrix.pairs[0].second} == {"r/1", "best_fit"}


def test_where_an_instance_has_no_reference_costs_are_measured_from_the_lowest() -> None:
    records = [record(number, scored(costs, reference=None)) for number, costs in enumerate([EVEN, ON_A])]
    matrix = matrix_of("r", records, "validation", textbook={})
    [even] = [row for row in matrix.rows if row.number == 0]
    assert matrix.scale == "excess"
    on = dict(zip([column.instance for column in matrix.columns], even.values, strict=True))
    assert on == pytest.approx({"a1": 100 * 3 / 101, "a2": 100 * 3 / 101, "b1": 0.0, "b2": 0.0})


def test_gaps_of_another_epoch_s_instances_are_not_put_beside_these() -> None:
    records = [record(0, scored(EVEN)), record(1, scored(ON_A, epoch=2)), record(2, scored(ON_B, epoch=2))]
    matrix = matrix_of("r", records, "validation", textbook={"best_fit": scored(EVEN)})
    assert matrix.epoch == 2
    assert {row.name for row in matrix.rows} == {"r/1", "r/2"}


def test_a_sum_s_gap_is_that_of_the_sums() -> None:
    """As the problem makes one gap of many, so does the matrix; else it would not say what `show` says."""
    larger = result(1010.0, instance="b1", family="b", reference=1000.0)
    costs = (*scored({"a1": 110.0}, aggregate="ratio_of_sums").results, larger)
    summed = evaluation(1.8, split="validation", aggregate="ratio_of_sums", results=costs)
    [row] = matrix_of("r", [record(1, summed)], "validation", textbook={}).rows
    assert row.whole == pytest.approx(100 * (1120 / 1100 - 1))


def test_alike_columns_stand_side_by_side_within_their_family() -> None:
    first = {"a1": 101.0, "a2": 109.0, "a3": 101.0, "a4": 109.0, "b1": 101.0}
    second = {"a1": 109.0, "a2": 101.0, "a3": 109.0, "a4": 101.0, "b1": 101.0}
    columns = [column.instance for column in made(first, second).columns]
    assert [set(columns[:2]), set(columns[2:4]), columns[4]] == [{"a1", "a3"}, {"a2", "a4"}, "b1"]


def test_nothing_scored_is_an_empty_matrix() -> None:
    matrix = matrix_of("r", [record(0, scored(EVEN))], "test", textbook={})
    assert (matrix.rows, matrix.columns, matrix.best, matrix.pairs) == ((), (), None, ())


def test_the_split_is_the_first_that_two_candidates_were_scored_on(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/runs.db", create=True) as archive:
        tell_story(archive)
        assert instance_matrix(archive, NAME).split == "train"  # one candidate on validation has nobody beside it
        run = new_run(archive, "r")
        archive.record_baseline(run.id, candidate(0))
        step(archive, run, candidate(1, 3.0))
        for number in (0, 1):
            archive.record_evaluation(run.id, number, scored(ON_A if number else EVEN))
        matrix = instance_matrix(archive, "r")
        assert matrix.split == "validation"
        assert {row.name for row in matrix.rows} == {"r/0", "r/1"}
        assert {row.name for row in instance_matrix(archive, "r", split="train").rows} == {"r/0", "r/1"}
