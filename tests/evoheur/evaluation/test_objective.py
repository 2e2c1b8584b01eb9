"""Folding costs into one number."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.candidate import Evaluation, InstanceResult, Status, TextbookGap
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import (
    RATIO_FLOOR,
    Objective,
    aggregate_of,
    best_case,
    evaluated_family_gaps,
    family_gaps,
    family_ratios,
    fold,
    gap_percent,
)
from evoheur.problem import Aggregate, Instance


def result(name: str, cost: float | None, reference: float | None, family: str = "f") -> InstanceResult:
    status = Status.ERROR if cost is None else Status.OK
    return InstanceResult(instance=name, family=family, status=status, cost=cost, reference=reference)


def test_ratio_of_sums_weighs_instances_by_their_reference() -> None:
    """(12 + 100) / (10 + 100) - 1 = 1.818 %, while the mean of 20 % and 0 % is 10 %."""
    results = [result("a", 12, 10), result("b", 100, 100)]
    assert gap_percent(results, "ratio_of_sums") == pytest.approx(100 * 2 / 110)
    assert gap_percent(results, "mean_of_gaps") == pytest.approx(10.0)
    assert fold(results, "mean_of_gaps").value == pytest.approx(10.0)
    assert fold(results, "mean_of_gaps").kind == fold(results, "ratio_of_sums").kind == "gap_percent"


def test_values_are_added_one_after_the_other() -> None:
    """So that every Python gives the same number to the last bit; `sum` compensates since 3.12."""
    assert fold([result(str(number), 0.1, None) for number in range(10)], "mean_cost").value == 0.9999999999999999 / 10


def test_without_a_reference_there_is_no_gap_and_the_objective_is_the_mean_cost() -> None:
    results = [result("a", 12, None), result("b", 100, 100)]
    assert gap_percent(results, "ratio_of_sums") is None
    assert fold(results, "ratio_of_sums") == Objective(56.0, "mean_cost")


def test_a_reference_of_zero_gives_no_gap() -> None:
    """A gap against 0 would be infinite, and no infinity may enter a result."""
    assert gap_percent([result("a", 1, 0)], "mean_of_gaps") is None


def test_mean_cost_ignores_references() -> None:
    assert fold([result("a", 12, 10), result("b", 14, 10)], "mean_cost") == Objective(13.0, "mean_cost")


def test_no_results_have_no_gap() -> None:
    assert gap_percent([], "mean_of_gaps") is None


def test_families_are_reported_apart_and_a_failed_member_leaves_its_family_without_a_gap() -> None:
    results = [result("a", 11, 10, "x"), result("b", 12, 10, "y"), result("c", None, 10, "y")]
    assert family_gaps(results, "mean_of_gaps") == {"x": pytest.approx(10.0), "y": None}


def test_lower_is_better_where_costs_are_negative_too() -> None:
    """A problem that maximises: 90 of at most 100 misses 10 %, 50 of at most 50 misses nothing; of the sums, 140 of 150 misses 6.67 %."""
    results = [result("a", -90, -100), result("b", -50, -50)]
    assert [each.gap for each in results] == [pytest.approx(10.0), pytest.approx(0.0)]
    assert gap_percent(results, "mean_of_gaps") == pytest.approx(5.0)
    assert gap_percent(results, "ratio_of_sums") == pytest.approx(100 * 10 / 150)
    assert gap_percent([result("worse", -80, -100)], "mean_of_gaps") == pytest.approx(20.0)


@pytest.mark.parametrize("aggregate", ["ratio_of_sums", "mean_of_gaps"])
def test_an_optimum_of_negative_cost_has_a_gap_of_zero_and_not_of_minus_zero(aggregate: Aggregate) -> None:
    gap = gap_percent([result("a", -50, -50)], aggregate)
    assert gap is not None
    assert math.copysign(1.0, gap) == 1.0


costs = st.lists(st.tuples(st.floats(1, 100), st.floats(1, 3)), min_size=1, max_size=8)  # reference, and cost in units of it


@given(pairs=costs, aggregate=st.sampled_from(["ratio_of_sums", "mean_of_gaps", "mean_cost"]), sign=st.sampled_from([1.0, -1.0]))
def test_the_best_case_never_exceeds_what_comes_and_only_grows(
    pairs: list[tuple[float, float]], aggregate: Aggregate, sign: float
) -> None:
    """However many instances are known, the objective ends there or above; also where costs are negative, as of what is maximised."""
    pairs = [(reference, times) if sign > 0 else (-reference, 1 / times) for reference, times in pairs]
    results = [result(str(place), times * reference, reference) for place, (reference, times) in enumerate(pairs)]
    instances = InstanceSet(
        split="train",
        instances=tuple(Instance(name=each.instance, family="f") for each in results),
        references={each.instance: each.reference for each in results},
        encoded=(),
        bounded=True,
    )
    cases = [best_case(results[:known], instances, aggregate) for known in range(1, len(results) + 1)]
    objective = fold(results, aggregate).value
    assert cases[-1] == pytest.approx(objective)
    assert all(case <= objective + 1e-9 * max(1.0, abs(objective)) for case in cases)
    assert all(later >= earlier - 1e-9 * max(1.0, abs(later)) for earlier, later in itertools.pairwise(cases))


def best(**gaps: float) -> dict[str, TextbookGap]:
    """Textbook gaps by family."""
    return {family: TextbookGap(rule="rule", gap=gap) for family, gap in gaps.items()}


def test_relative_objectives_are_half_the_mean_and_half_the_worst_ratio() -> None:
    """Gaps of 10 % and 4 % beside 20 % and 2 % are ratios of 0.5 and 2: their mean is 1.25, the worst is 2."""
    results = [in_family("a", 110, 100), in_family("b", 103, 100), in_family("b", 105, 100)]
    textbook = best(a=20.0, b=2.0)
    assert family_ratios(results, "mean_of_gaps", textbook) == pytest.approx({"a": 0.5, "b": 2.0})
    objective = fold(results, "mean_of_gaps", textbook)
    assert objective.value == pytest.approx((1.25 + 2.0) / 2)
    assert objective.kind == "textbook_ratio"


@pytest.mark.parametrize("gap", [0.0, 0.004, RATIO_FLOOR, 3.0, -0.5])
def test_what_is_level_with_the_textbook_is_at_one_however_small_its_gap(gap: float) -> None:
    assert fold([in_family("a", 100.0 + gap, 100)], "mean_of_gaps", best(a=gap)).value == pytest.approx(1.0)


def test_a_textbook_gap_of_nothing_counts_as_a_tenth_of_a_point() -> None:
    """Twice the floor above a textbook gap of 0 is a ratio of 3, and nothing is divided by 0."""
    assert family_ratios([in_family("a", 100.2, 100)], "mean_of_gaps", best(a=0.0)) == {"a": pytest.approx(3.0)}


def test_a_family_without_textbook_or_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="'b'"):
        fold([in_family("b", 101, 100)], "mean_of_gaps", best(a=1.0))
    with pytest.raises(ValueError, match="None"):
        fold([in_family("a", 101, 0)], "mean_of_gaps", best(a=1.0))


@given(
    pairs=costs,
    aggregate=st.sampled_from(["ratio_of_sums", "mean_of_gaps"]),
    gaps=st.tuples(st.floats(-1, 50), st.floats(0, 0.2)),
    better=st.floats(0.5, 1.0),
)
def test_relative_objectives_never_rise_as_a_cost_falls_and_the_best_case_bounds_them(
    pairs: list[tuple[float, float]], aggregate: Aggregate, gaps: tuple[float, float], better: float
) -> None:
    """So cutting evaluations short loses nothing with them either."""
    textbook = best(f0=gaps[0], f1=gaps[1])
    results = [
        replace(result(str(place), times * reference, reference), family=f"f{place % 2}")
        for place, (reference, times) in enumerate(pairs)
    ]
    instances = InstanceSet(
        split="train",
        instances=tuple(Instance(name=each.instance, family=each.family) for each in results),
        references={each.instance: each.reference for each in results},
        encoded=(),
        bounded=True,
        textbook=textbook,
    )
    objective = fold(results, aggregate, textbook).value
    allowed = 1e-9 * max(1.0, abs(objective))
    assert all(best_case(results[:known], instances, aggregate) <= objective + allowed for known in range(1, len(results)))
    cost = results[0].cost
    assert cost is not None
    assert fold([replace(results[0], cost=cost * better), *results[1:]], aggregate, textbook).value <= objective + allowed


@pytest.mark.parametrize("aggregate", ["ratio_of_sums", "mean_of_gaps"])
def test_how_gaps_were_made_one_is_found_out_where_an_old_archive_does_not_say(aggregate: Aggregate) -> None:
    """10 of 10 and 10 of 1000: 10.9 % of the sums, 50.5 % on average."""
    results = (in_family("a", 20, 10), in_family("a", 1010, 1000))
    objective = fold(results, aggregate)
    stored = Evaluation(
        status=Status.OK, objective=objective.value, objective_kind=objective.kind, split="train", results=results
    )
    assert aggregate_of(stored) == aggregate
    assert evaluated_family_gaps(stored) == {"a": pytest.approx(objective.value)}


def in_family(family: str, cost: float, reference: float) -> InstanceResult:
    return replace(result("one", cost, reference), family=family)
