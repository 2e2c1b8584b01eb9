"""Heuristics side by side: ranks and marks per family, and what is missing said."""

import io

import pytest
from rich.console import Console

from evoheur.api.family_comparison import FamilyComparison
from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.cli.tables.family_table import print_comparison
from evoheur.documents.document_model import plain_json
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.observers.number_text import Scale
from evoheur.problem import Instance
from evoheur.textbook_rule import RuleClass, RuleClasses

REFERENCES = {"a": 10.0, "b": 100.0, "c": None, "d": 10.0}
"""Two instances of family "near", two of family "far", one of which has no reference."""


def instances() -> InstanceSet:
    families = {"a": "near", "b": "near", "c": "far", "d": "far"}
    return InstanceSet(
        split="custom",
        instances=tuple(Instance(name=name, family=family) for name, family in families.items()),
        references=REFERENCES,
        encoded=({}, {}, {}, {}),
    )


def evaluation(*costs: float | None, seconds: float = 0.5) -> Evaluation:
    results = [
        InstanceResult(
            instance=instance.name,
            family=instance.family,
            status=Status.ERROR if cost is None else Status.OK,
            cost=cost,
            reference=REFERENCES[instance.name],
            cpu_seconds=seconds,
        )
        for instance, cost in zip(instances().instances, costs, strict=False)
    ]
    return Evaluation(status=results[-1].status, objective=None, split="custom", results=tuple(results))


def printed(comparison: FamilyComparison, own: str) -> str:
    console = Console(file=io.StringIO(), width=120, markup=False)
    print_comparison(console, comparison, own=[own])
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_families_are_ranked_apart_on_their_own_scale() -> None:
    """near: (20 + 0) / 2 = 10 % against (0 + 10) / 2 = 5 %; far has an instance without reference: mean costs 15 and 20."""
    found = FamilyComparison.of(
        {"mine": evaluation(12, 100, 10, 20), "theirs": evaluation(10, 110, 20, 20)}, instances(), "mean_of_gaps"
    )
    near, far = found.families
    assert [each.name for each in near.standings] == ["theirs", "mine"]
    assert [near.value(each) for each in near.standings] == pytest.approx([5.0, 10.0])
    assert (near.scale, far.scale, far.unreferenced) == (Scale.GAP, Scale.COST, 1)
    assert [(each.name, far.value(each)) for each in far.standings] == [("mine", 15.0), ("theirs", 20.0)]
    assert near.better_than("mine") == ["theirs"]
    assert far.better_than("mine") == []


def test_ratio_of_sums_is_taken_within_a_family() -> None:
    """(12 + 100) / (10 + 100) - 1 = 1.818 %."""
    found = FamilyComparison.of({"mine": evaluation(12, 100, 10, 20)}, instances(), "ratio_of_sums")
    assert found.families[0].standings[0].gap == pytest.approx(100 * 2 / 110)


def test_a_family_that_was_not_solved_as_a_whole_is_lost_to_whoever_solved_it() -> None:
    """It stopped at the first instance of "far", so it has seconds for "near" only, and stands last in "far"."""
    found = FamilyComparison.of(
        {"mine": evaluation(10, 100, None), "theirs": evaluation(10, 110, 20, 20)}, instances(), "mean_of_gaps"
    )
    near, far = found.families
    assert near.better_than("mine") == []
    assert far.better_than("mine") == ["theirs"]
    last = far.standings[-1]
    assert (last.name, last.cost, last.seconds) == ("mine", None, None)
    assert "! mine loses in 1 of 2 families: far." in printed(found, "mine")


def test_a_difference_that_is_not_shown_is_no_loss() -> None:
    """12 and 12.000001 on references of 10 and 100 are both shown as 10.00 %."""
    found = FamilyComparison.of(
        {"mine": evaluation(12.000001, 100, 1, 1), "theirs": evaluation(12, 100, 1, 1)}, instances(), "mean_of_gaps"
    )
    assert found.families[0].better_than("mine") == []
    assert "No other heuristic here beats mine in any family." in printed(found, "mine")


def test_the_verdict_is_of_its_own_class_first() -> None:
    """Knowing more is no fault of those that know less: near is lost to a rule of its class, far to one that knows more."""
    classes = RuleClasses(
        own=RuleClass(information="online", work=1), textbook={"seer": RuleClass(information="offline", work=1)}
    )
    evaluations = {"mine": evaluation(12, 100, 10, 20), "theirs": evaluation(11, 100, 20, 20), "seer": evaluation(10, 100, 5, 5)}
    found = FamilyComparison.of(evaluations, instances(), "mean_of_gaps", classes=classes)
    near, far = found.families
    assert (near.better_than("mine", alike=True), far.better_than("mine", alike=True)) == (["theirs"], [])
    text = printed(found, "mine")
    assert "! mine loses to others of its class (online, one pass) in 1 of 2 families: near." in text
    assert "Those of another class beat it in 2 of 2 families: near, far." in text
    named = {each["name"]: each["rule_class"] for each in plain_json(found.document()[0])["heuristics"]}
    assert named == {"mine": "online, one pass", "theirs": "online, one pass", "seer": "offline, one pass"}


def test_the_document_names_scale_figures_and_seconds() -> None:
    comparison = FamilyComparison.of({"mine": evaluation(12, 100, 10, 20, seconds=0.25)}, instances(), "mean_of_gaps")
    [near, far] = [plain_json(family) for family in comparison.document()]
    assert near == {
        "family": "near",
        "instances": 2,
        "without_reference": 0,
        "scale": "gap",
        "heuristics": [{"name": "mine", "rule_class": None, "gap": pytest.approx(10.0), "cost": 56.0, "seconds": 0.25}],
    }
    assert (far["scale"], far["without_reference"], far["heuristics"][0]["gap"]) == ("mean cost", 1, None)


def test_seconds_too_short_to_measure_are_not_shown_as_none_at_all() -> None:
    found = FamilyComparison.of({"mine": evaluation(12, 100, 10, 20, seconds=0.0001)}, instances(), "mean_of_gaps")
    assert "<0.001" in printed(found, "mine")
