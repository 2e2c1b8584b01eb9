"""The verdict against (1+1), by hand, and which runs of an archive belong beside others."""

from collections.abc import Mapping
from typing import Any

import pytest

from evoheur.report.control_arms import control_runs, control_verdict
from evoheur.report.equal_budget import EqualBudget, Seen
from tests.evoheur.report.test_arms import CONFIG, changed, record
from tests.evoheur.report.test_equal_budget import REEVO, scored, seen

PLAIN: Mapping[str, Any] = {**CONFIG, "strategy": {"kind": "es"}}
RANDOM: Mapping[str, Any] = {**CONFIG, "strategy": {"kind": "random"}}


def arm(name: str, level: float, seeds: int, config: Mapping[str, Any]) -> list[Seen]:
    """An arm whose runs all end near a level, each on its own side of the others' ties."""
    return [seen(f"{name}{seed}", [level + seed / 64], seed=seed, config=config) for seed in range(1, seeds + 1)]


def sentence(*arms: list[Seen], **validation: float) -> str:
    return control_verdict(EqualBudget.of([one for each in arms for one in each], scored(**validation))).sentence


def test_a_method_that_wins_on_all_seeds_beats_the_plain_loop() -> None:
    """Seven seeds, three arms: 2/128 times three is 0.0469; random sampling, which is level, is not shown to differ."""
    found = sentence(arm("e", 2.0, 7, CONFIG), arm("p", 3.0, 7, PLAIN), arm("r", 3.0, 7, RANDOM))
    assert found == (
        "At 1 model calls eoh (p = 0.0469) beats the plain loop, (1+1), on train after Holm's correction; not shown to differ: random."
    )


def test_a_method_that_loses_on_all_seeds_is_worse() -> None:
    found = sentence(arm("p", 3.0, 6, PLAIN), arm("e", 3.5, 6, CONFIG))
    assert found == (
        "At 1 model calls no method is shown to beat the plain loop, (1+1), on train after Holm's correction; "
        "worse than (1+1): eoh (p = 0.0312)."
    )


def test_too_few_seeds_are_said_to_show_nothing() -> None:
    """Five seeds, of which the method wins all."""
    found = sentence(arm("e", 2.0, 5, CONFIG), arm("p", 3.0, 5, PLAIN))
    assert "no method is shown to beat the plain loop" in found
    assert "(5 shared seeds can show no difference; it takes 6)" in found


def test_validation_counts_where_all_of_it_is_there() -> None:
    """Better on train and worse on validation is worse."""
    scores = {f"e{seed}_1": 9.0 + seed / 8 for seed in range(1, 7)} | {f"p{seed}_1": 1.0 for seed in range(1, 7)}
    arms = arm("e", 2.0, 6, CONFIG), arm("p", 3.0, 6, PLAIN)
    assert "on validation after Holm's correction; worse than (1+1): eoh (p = 0.0312)." in sentence(*arms, **scores)
    del scores["e3_1"]
    assert "eoh (p = 0.0312) beats the plain loop, (1+1), on train" in sentence(*arms, **scores)


def test_without_the_plain_loop_nothing_is_shown() -> None:
    """Another evolution strategy is no control arm; arms without a shared seed cannot be tested."""
    five = {**CONFIG, "strategy": {"kind": "es", "parents": 5}}
    found = control_verdict(EqualBudget.of([*arm("e", 2.0, 2, CONFIG), *arm("p", 3.0, 2, five)], scored()))
    assert (found.control, found.arms) == (None, ())
    assert found.sentence.startswith("No arm is the plain loop")
    apart = EqualBudget.of([seen("a", [1.0]), seen("b", [2.0], seed=2, config=PLAIN)], scored())
    assert "without a shared seed: eoh" in control_verdict(apart).sentence
    assert "only arm" in sentence(arm("p", 3.0, 2, PLAIN))


@pytest.mark.parametrize(
    ("other", "there"),
    [
        (record("p1", PLAIN), True),
        (record("r1", RANDOM), True),
        (record("p1", {**PLAIN, "name": "p1", "archive": "sqlite:///b.db"}), True),
        (record("p2", PLAIN, seed=2), False),
        (record("p1", PLAIN, status="interrupted"), False),
        (record("p1", PLAIN, problem_hash="another"), False),
        (record("p1", {**PLAIN, "budget": {"evaluations": 50}}), False),
        (record("p1", {**PLAIN, "generator": {"kind": "openai"}}), False),
        (record("e2", changed(strategy={"parents": 3})), False),
    ],
)
def test_control_runs_of_the_same_setting_belong_beside_others(other: Any, there: bool) -> None:
    assert control_runs([record("e1"), other], [record("e1"), record("reevo1", REEVO)]) == ([other] if there else [])


def test_a_control_arm_that_is_there_is_not_added_to() -> None:
    """Who names runs of (1+1) chose them; random sampling still comes along."""
    chosen = [record("e1"), record("p1", PLAIN)]
    assert control_runs([*chosen, record("p1-again", PLAIN), record("r1", RANDOM)], chosen) == [record("r1", RANDOM)]
