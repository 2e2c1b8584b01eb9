"""Rewards by hand, in the five cases, and their order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.candidate import Status
from evoheur.request import Failure, Note, Outcome, Rescored
from evoheur.strategies.relative_reward import relative_reward, reward_case, reward_of
from evoheur.testing.strategy_runs import made_up_candidate

WORTHS = st.floats(-1e6, 1e6)
BETTER, WORSE = made_up_candidate(1, 4.0), made_up_candidate(2, 8.0)


@pytest.mark.parametrize(
    ("objective", "best_parent", "duplicate", "case", "reward"),
    [
        (3.0, 4.0, False, "better", 0.625),
        (-9.0, 4.0, False, "better", 1.0),
        (-5.0, -4.0, False, "better", 0.625),
        (-1.0, 0.0, False, "better", 1.0),
        (4.0, 4.0, False, "worse", -0.1),
        (5.0, 4.0, False, "worse", -0.2),
        (99.0, 4.0, False, "worse", -0.5),
        (4.0, None, False, "unrelated", 0.0),
        (3.0, 4.0, True, "duplicate", -0.75),
        (3.0, None, True, "duplicate", -0.75),
        (None, 4.0, False, "invalid", -1.0),
        (None, 4.0, True, "invalid", -1.0),
    ],
)
def test_each_case(objective: float | None, best_parent: float | None, duplicate: bool, case: str, reward: float) -> None:
    assert reward_case(objective, best_parent, duplicate=duplicate) == case
    assert relative_reward(objective, best_parent, duplicate=duplicate) == pytest.approx(reward)


@given(one=WORTHS, other=WORTHS, parent=WORTHS)
def test_rewards_are_ordered_as_objectives_and_cases_are(one: float, other: float, parent: float) -> None:
    better, worse = relative_reward(min(one, other), parent), relative_reward(max(one, other), parent)
    assert better >= worse
    assert relative_reward(None, parent) < relative_reward(one, parent, duplicate=True) < worse
    assert (better > 0) == (min(one, other) < parent)


def test_the_best_of_the_parents_counts() -> None:
    child = made_up_candidate(3, 6.0)
    assert reward_of(child, [WORSE, BETTER]) == pytest.approx(-0.1 - 0.4 * 0.5)
    assert reward_of(child, [WORSE]) == pytest.approx(0.5 + 0.5 * 0.25)
    assert reward_of(child, []) == 0.0
    assert reward_of(child, [made_up_candidate(4, None)]) == 0.0, "a failed parent is nothing to compare with"


def test_outcomes_fall_into_their_cases() -> None:
    child = made_up_candidate(3, 3.0)
    assert reward_of(replace(child, duplicate_of=2), [BETTER]) == -0.75
    assert reward_of(replace(child, code=BETTER.code), [BETTER]) == -0.75
    assert reward_of(made_up_candidate(3, None), [BETTER]) == -1.0
    assert reward_of(Failure(stage="parsing", reason="no-code", detail="made up"), [BETTER]) == -1.0


@pytest.mark.parametrize(
    "outcome",
    [
        Note(text="a note"),
        Rescored(candidate=BETTER),
        replace(BETTER, evaluation=replace(made_up_candidate(5, None).evaluation, status=Status.PRUNED)),
    ],
    ids=["note", "rescored", "pruned"],
)
def test_what_cannot_be_judged_has_no_reward(outcome: Outcome) -> None:
    assert reward_of(outcome, [BETTER]) is None
