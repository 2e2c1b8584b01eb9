"""How children of instructions are compared; numbers by hand."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.request import Request
from evoheur.strategies.instruction_credit import FAILED, ChildWorth, InstructionCredit, child_worth, percentiles
from evoheur.testing.strategy_runs import made_up_candidate


def child(instruction: int, worth: float, *, operator: str = "m1", parent: float | None = 1.0, epoch: int = 0) -> ChildWorth:
    return ChildWorth(instruction=instruction, operator=operator, epoch=epoch, parent=parent, worth=worth, costs={})


def test_percentiles_by_hand() -> None:
    assert percentiles([1.0, 2.0, 3.0]) == [1.0, 0.5, 0.0]
    assert percentiles([2.0, 1.0, 2.0]) == [0.25, 1.0, 0.25]
    assert percentiles([FAILED, 5.0, FAILED]) == [0.25, 1.0, 0.25]
    assert percentiles([7.0]) == [0.5]


@given(st.lists(st.integers(0, 5).map(float), min_size=1, max_size=30))
def test_percentiles_average_to_a_half_and_follow_the_order(values: list[float]) -> None:
    found = percentiles(values)
    assert sum(found) / len(found) == pytest.approx(0.5)
    ranked = sorted(zip(values, found, strict=True))
    assert all(credit >= after for (_, credit), (_, after) in pairwise(ranked))


def test_children_of_other_operators_do_not_count() -> None:
    """m2's children are all better than m1's, and still the worst of m2 has no credit."""
    credit = InstructionCredit()
    for each in (child(0, 9.0), child(1, 8.0), child(0, 1.0, operator="m2"), child(1, 2.0, operator="m2")):
        credit.add(each)
    assert credit.by_operator(0) == {"m1": 0.0, "m2": 1.0}
    assert credit.by_operator(1) == {"m1": 1.0, "m2": 0.0}
    assert credit.overall(0) == credit.overall(1) == 0.5


def test_an_instruction_that_is_used_late_does_not_look_good_for_its_parents() -> None:
    """Children of instruction 1 are better throughout, since its parents are; beside children of like parents it is average."""
    credit = InstructionCredit()
    for worth in (9.0, 8.0, 8.5):
        credit.add(child(0, worth, parent=10.0))
    for worth in (2.0, 3.0, 2.5):
        credit.add(child(1, worth, parent=3.0))
    assert credit.overall(0) == credit.overall(1) == 0.5
    mixed = InstructionCredit()
    for worth in (9.0, 8.0, 8.5):
        mixed.add(child(0, worth, parent=None))
    for worth in (2.0, 3.0, 2.5):
        mixed.add(child(1, worth, parent=None))
    assert mixed.overall(1) == pytest.approx(0.8), "without parents nothing tells them apart"


def test_objectives_on_other_instances_do_not_compare() -> None:
    credit = InstructionCredit()
    for each in (child(0, 9.0), child(0, 8.0), child(1, 1.0, epoch=1), child(1, 2.0, epoch=1)):
        credit.add(each)
    assert credit.overall(0) == credit.overall(1) == 0.5


def test_an_operators_worth_is_drawn_to_the_overall_one() -> None:
    """Two children at m1 with 1 and 0, overall 0.25 of four, counted three times: (1 + 0 + 3 · 0.25) / 5."""
    credit = InstructionCredit()
    for each in (child(0, 1.0), child(0, 3.0), child(1, 2.0), *(child(0, 5.0, operator="m2"),) * 2, child(1, 1.0, operator="m2")):
        credit.add(each)
    assert credit.by_operator(0) == {"m1": 0.5, "m2": 0.25}
    assert credit.overall(0) == pytest.approx(0.375)
    assert credit.at(0, "m1", weight=3) == pytest.approx((1.0 + 3 * 0.375) / 5)
    assert credit.at(0, "e1", weight=3) == pytest.approx(0.375)
    assert credit.at(7, "m1", weight=3) == 0.5


def test_what_fails_is_the_worst_and_a_copy_brings_nothing() -> None:
    request = Request(operator="m1", parents=(made_up_candidate(1, 4.0), made_up_candidate(2, 3.0)), epoch=2)
    good = child_worth(request, made_up_candidate(3, 1.5), 4)
    assert (good.instruction, good.operator, good.epoch, good.parent, good.worth) == (4, "m1", 2, 3.0, 1.5)
    assert child_worth(request, made_up_candidate(3, None), 4).worth == FAILED
    assert child_worth(request, None, 4).worth == FAILED
    assert child_worth(request, replace(made_up_candidate(3, 1.5), duplicate_of=1), 4).worth == FAILED
