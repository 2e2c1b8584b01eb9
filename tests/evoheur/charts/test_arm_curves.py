"""The curves of arms go where their runs go, and end where the tables of the comparison end."""

from collections.abc import Sequence

from evoheur.api.run_comparison import compared
from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.charts.arm_curves import arm_curves
from evoheur.report.equal_budget import EqualBudget
from tests.evoheur.archive.support.made_up import candidate, new_run, step

OBJECTIVES = {
    ("eoh", 1): [5.0, 3.0, 3.5, 2.0],
    ("eoh", 2): [3.5, 3.25, 3.0, 2.5],
    ("eoh", 3): [3.75, 3.75, 2.75, 2.75, 1.0],  # goes further than the others
    ("random", 1): [4.5, 4.5, 3.5, 3.0],
}


def compared_in(archive: Archive) -> EqualBudget:
    return compared(archive, [written(archive, *key, objectives) for key, objectives in OBJECTIVES.items()])


def written(archive: Archive, strategy: str, seed: int, objectives: Sequence[float]) -> RunRecord:
    config = {"strategy": {"kind": strategy}, "seed": seed}
    run = new_run(archive, f"{strategy}-{seed}", config=config, seed=seed)
    archive.record_baseline(run.id, candidate(0))
    for number, objective in enumerate(objectives, start=1):
        step(archive, run, candidate(number, objective), tag=str(number))
    return run


def test_a_run_begins_at_the_problems_own_and_steps_down_to_the_equal_budget(archive: Archive) -> None:
    found = arm_curves(compared_in(archive))
    assert (found.axis, found.budget, found.own, found.objective_kind) == ("calls", 4, 4.0, "gap_percent")
    [first, _, third] = found.arms[0].runs
    assert (first.run, first.places, first.values) == ("eoh-1", (0, 2, 4), (4.0, 3.0, 2.0))  # 5.0 is not in hand: 4.0 is
    assert (third.places, third.values) == ((0, 1, 3), (4.0, 3.75, 2.75))  # what came after the budget is left out


def test_an_arm_has_the_median_and_the_interval_that_the_table_has(archive: Archive) -> None:
    comparison = compared_in(archive)
    found = arm_curves(comparison)
    eoh, random = found.arms
    assert [one.median for one in eoh.spreads] == [4.0, 3.75, 3.25, 3.0, 2.5]
    table = comparison.cuts[0].arms[0].samples["train"].spread
    assert table == eoh.spreads[-1]
    assert (eoh.spreads[-1].low, eoh.spreads[-1].high) == (2.0, 2.75)
    assert [(one.median, one.low) for one in random.spreads] == [
        (4.0, None),
        (3.5, None),
        (3.0, None),
    ]  # one seed has no interval
    assert found.verdict.startswith("No arm is the plain loop")


def test_evaluations_have_an_axis_of_their_own(archive: Archive) -> None:
    found = arm_curves(compared_in(archive), "evaluations")
    assert (found.axis, found.budget) == ("evaluations", 4)


def test_very_many_steps_are_thinned_and_keep_both_ends(archive: Archive) -> None:
    run = new_run(archive)
    archive.record_baseline(run.id, candidate(0))
    for number in range(1, 501):
        step(archive, run, candidate(number, 4.0 - number / 1000), tag=str(number))
    [arm] = arm_curves(compared(archive, [run])).arms
    assert len(arm.places) == 400
    assert (arm.places[0], arm.places[-1], arm.spreads[-1].median) == (0, 500, 3.5)
