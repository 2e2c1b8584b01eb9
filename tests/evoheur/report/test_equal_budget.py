"""Whole comparisons of made-up runs, with every number derived by hand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from evoheur.archive.records import RunRecord
from evoheur.candidate import Evaluation
from evoheur.errors import ConfigError
from evoheur.report.curves import Trace
from evoheur.report.equal_budget import EqualBudget, Seen
from evoheur.request import Failure
from tests.evoheur.archive.support.made_up import candidate, evaluation
from tests.evoheur.report.support.logs import answered, log_of
from tests.evoheur.report.test_arms import CONFIG, record

PROSE = Failure(stage="parsing", reason="no-code", detail="prose")
REEVO: Mapping[str, Any] = {**CONFIG, "strategy": {"kind": "reevo"}}


def seen(name: str, objectives: Sequence[float | None], *, seed: int = 1, config: Mapping[str, Any] = CONFIG) -> Seen:
    """A run that bred candidates 1, 2, … of these objectives; None stands for prose, which takes a call and no number."""
    steps, number = [], 0
    for objective in objectives:
        number += objective is not None
        steps.append(answered(PROSE if objective is None else candidate(number, objective)))
    own = candidate(0, 4.0)
    return Seen(run=record(name, config, seed=seed), baseline=own, trace=Trace.of(log_of(steps), own))


def scored(**scores: float) -> Callable[[RunRecord, int], Evaluation | None]:
    """Validation by "run_number"; what is not named was not scored."""

    def look_up(run: RunRecord, number: int) -> Evaluation | None:
        objective = scores.get(f"{run.name}_{number}")
        return None if objective is None else evaluation(objective, split="validation")

    return look_up


def test_cuts_are_what_every_run_reached() -> None:
    """a made 4 calls and 2 evaluations, b 3 calls and 3 evaluations: they are compared at 3 calls and at 2 evaluations."""
    found = EqualBudget.of([seen("a", [None, 3.0, None, 2.0]), seen("b", [3.5, 3.25, 1.0], seed=2)], scored(a_2=2.5, b_3=1.5))
    calls, evaluations = found.cuts
    assert (calls.axis, calls.budget, evaluations.axis, evaluations.budget) == ("calls", 3, "evaluations", 2)
    assert [one.moment.best for one in calls.runs] == [3.0, 1.0]
    assert [one.area for one in calls.runs] == pytest.approx([(4 + 3 + 3) / 3, (3.5 + 3.25 + 1) / 3])
    assert [one.figure("validation") for one in calls.runs] == [None, 1.5]
    assert [one.moment.best for one in evaluations.runs] == [2.0, 3.25]
    assert [one.figure("validation") for one in evaluations.runs] == [2.5, None]
    assert [(run.name, number) for run, number in found.unvalidated] == [("a", 1), ("b", 2)]
    full = found.with_validation(scored(a_1=3.0, a_2=2.5, b_2=3.5, b_3=1.5))
    assert full.unvalidated == []
    assert [one.figure("validation") for one in full.cuts[0].runs] == [3.0, 1.5]


def test_arms_are_tested_over_the_seeds_they_share() -> None:
    """EoH on seeds 1 to 6, ReEvo on 2 to 7: five pairs, of which ReEvo wins all."""
    eoh = [seen(f"e{seed}", [3.0 + seed / 10], seed=seed) for seed in range(1, 7)]
    reevo = [seen(f"r{seed}", [2.0 + seed / 100], seed=seed, config=REEVO) for seed in range(2, 8)]
    found = EqualBudget.of([*eoh, *reevo], scored())
    [test] = found.cuts[0].tests
    assert (test.figure, test.first, test.second) == ("train", "eoh", "reevo")
    assert dict(test.differences) == pytest.approx({seed: 1.0 + 0.09 * seed for seed in range(2, 7)})
    assert test.wins == (0, 5)
    assert test.median_difference == pytest.approx(1.36)
    assert test.p == test.p_holm == test.least_p == pytest.approx(0.0625)
    first, second = found.cuts[0].arms
    assert first.samples["train"].spread is not None
    assert first.samples["train"].spread.median == pytest.approx(3.35)
    assert second.samples["validation"].spread is None
    assert second.samples["validation"].missing == 6


def test_several_pairs_are_corrected_for_their_number() -> None:
    """Three arms of six seeds, the third far ahead of the others, which are level: 2/64 times three."""
    third = {**CONFIG, "strategy": {"kind": "opro"}}
    runs = [
        seen(f"{name}{seed}", [level + seed / 16], seed=seed, config=config)
        for name, config, level in (("e", CONFIG, 3.0), ("r", REEVO, 3.0), ("o", third, 1.0))
        for seed in range(1, 7)
    ]
    tests = EqualBudget.of(runs, scored()).cuts[1].tests
    assert [(test.first, test.second) for test in tests] == [("eoh", "reevo"), ("eoh", "opro"), ("reevo", "opro")]
    assert [test.p for test in tests] == pytest.approx([1.0, 2 / 64, 2 / 64])
    assert [test.p_holm for test in tests] == pytest.approx([1.0, 6 / 64, 6 / 64])


def test_a_run_without_success_has_no_value_and_is_not_forgotten() -> None:
    found = EqualBudget.of([seen("a", [None, None]), seen("b", [None, 3.0], seed=2)], scored(b_1=3.0))
    [arm] = found.cuts[0].arms
    assert (dict(arm.samples["train"].values), arm.samples["train"].missing) == ({2: 3.0}, 1)
    assert arm.samples["area"].values == {1: 4.0, 2: 3.5}
    assert found.cuts[1].budget == 0
    assert found.cuts[1].runs[0].area is None
    assert found.unvalidated == []


def test_two_runs_of_one_seed_count_once_with_their_median() -> None:
    found = EqualBudget.of([seen("a", [3.0]), seen("b", [2.0]), seen("c", [1.0], seed=2)], scored())
    assert dict(found.cuts[0].arms[0].samples["train"].values) == {1: 2.5, 2: 1.0}


def test_runs_of_other_problems_are_refused() -> None:
    other = seen("b", [3.0], config={**CONFIG, "problem": {"name": "toy", "settings": {"size": 9}}})
    with pytest.raises(ConfigError, match=r"problem\.settings\.size"):
        EqualBudget.of([seen("a", [3.0]), other], scored())
