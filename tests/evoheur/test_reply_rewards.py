"""Rewards of replies, by hand and in order."""

from hypothesis import given
from hypothesis import strategies as st

from evoheur.reply_rewards import DUPLICATE, INVALID, LARGEST_LOSS, reply_reward

objectives = st.floats(-1e6, 1e6)


def test_the_five_cases_by_hand() -> None:
    assert reply_reward(1.5, best_parent=2.0) == round(0.5 / 0.7, 12)  # better, by a quarter
    assert reply_reward(2.0, best_parent=2.0) == 0.0
    assert reply_reward(3.0, best_parent=2.0) == -0.2 * round(1.0 / 1.2, 12)  # worse, by a half
    assert reply_reward(1.5, best_parent=2.0, is_duplicate=True) == DUPLICATE == -0.5
    assert reply_reward(None, best_parent=2.0) == reply_reward(None, best_parent=None, is_duplicate=True) == INVALID == -1.0


def test_a_tenth_earns_a_half() -> None:
    assert reply_reward(9.0, best_parent=10.0) == 0.5
    assert reply_reward(-11.0, best_parent=-10.0) == 0.5  # where a problem maximises, costs are negative


def test_what_is_within_the_tolerance_is_neither_better_nor_worse() -> None:
    assert reply_reward(1.96, best_parent=2.0, tolerance=0.05) == reply_reward(2.04, best_parent=2.0, tolerance=0.05) == 0.0
    assert reply_reward(1.9, best_parent=2.0, tolerance=0.05) > 0.0


def test_nothing_to_compare_with_is_neither() -> None:
    assert reply_reward(1.0, best_parent=None) == 0.0


def test_a_parent_without_a_gap_can_only_be_lost_against() -> None:
    assert reply_reward(0.1, best_parent=0.0) == LARGEST_LOSS


@given(objectives, objectives, objectives)
def test_the_lower_objective_never_earns_less(first: float, second: float, parent: float) -> None:
    better, worse = sorted((first, second))
    assert reply_reward(better, best_parent=parent) >= reply_reward(worse, best_parent=parent)


@given(objectives, objectives)
def test_failures_are_below_duplicates_and_these_below_what_works(objective: float, parent: float) -> None:
    assert INVALID < DUPLICATE < LARGEST_LOSS <= reply_reward(objective, best_parent=parent) <= 1.0
