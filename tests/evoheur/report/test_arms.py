"""Which runs repeat each other, what arms are called, and what cannot be compared."""

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from evoheur.archive.records import RunRecord
from evoheur.errors import ConfigError
from evoheur.report.arms import arms_of, check_comparable
from tests.evoheur.archive.support.made_up import candidate, evaluation, result

CONFIG: Mapping[str, Any] = {
    "name": None,
    "problem": {"name": "toy", "settings": {}, "instances": {"set": None, "train": None}},
    "strategy": {"kind": "eoh", "population_size": 10, "parents": 2},
    "generator": {"kind": "mutator", "max_nodes": 60},
    "evaluation": {"executor": {"kind": "local", "slots": 2}, "limits": {"cpu_seconds": 20}},
    "budget": {"evaluations": 100},
    "validation": {"top": 5},
    "archive": "sqlite:///a.db",
    "seed": 1,
    "in_flight": 4,
}


def record(name: str, config: Mapping[str, Any] = CONFIG, **rest: Any) -> RunRecord:
    facts: dict[str, Any] = {
        "id": zlib.crc32(name.encode()),
        "seed": 1,
        "problem": "toy",
        "problem_hash": "p0",
        "prompts_hash": "prompts-0",
        "evoheur_version": "0.1.0",
        "status": "finished",
        "reason": "",
    }
    return RunRecord(name=name, created_at=datetime(2026, 1, 1, tzinfo=UTC), config=config, **{**facts, **rest})


def changed(**sections: Any) -> Mapping[str, Any]:
    """The configuration with settings of sections, or whole values, replaced."""
    return {
        **CONFIG,
        **{key: {**CONFIG[key], **value} if isinstance(value, dict) else value for key, value in sections.items()},
    }


def test_what_a_search_does_not_depend_on_makes_no_arm() -> None:
    """Names, seeds, where it ran, and when it stopped."""
    same = changed(
        name="b", seed=2, archive="sqlite:///b.db", budget={"evaluations": 500}, validation={"top": 0},
        evaluation={"executor": {"kind": "ray"}},
    )  # fmt: skip
    [arm] = arms_of([record("a"), record("b", same, seed=2)])
    assert [run.name for run in arm.runs] == ["a", "b"]
    assert (arm.label, dict(arm.differs)) == ("eoh", {})


def test_arms_are_called_by_their_strategies() -> None:
    """Settings that only one of two strategies has say nothing about the difference between them."""
    reevo = {**CONFIG, "strategy": {"kind": "my.package:ReevoConfig", "population_size": 30}}
    arms = arms_of([record("a"), record("b", reevo), record("c", changed(seed=2), seed=2)])
    assert [arm.label for arm in arms] == ["eoh", "ReevoConfig"]
    assert [[run.name for run in arm.runs] for arm in arms] == [["a", "c"], ["b"]]


def test_arms_of_one_strategy_are_told_apart_by_what_differs() -> None:
    small = changed(strategy={"population_size": 5}, in_flight=1)
    assert [arm.label for arm in arms_of([record("a"), record("b", small)])] == [
        "eoh population_size=10 in_flight=4",
        "eoh population_size=5 in_flight=1",
    ]


def test_generators_of_other_kinds_are_told_by_their_kind_alone() -> None:
    online = {**CONFIG, "generator": {"kind": "openai", "model": "m"}}
    other = {**CONFIG, "generator": {"kind": "openai", "model": "n"}}
    labels = [arm.label for arm in arms_of([record("a"), record("b", online), record("c", other)])]
    assert labels == [
        "eoh generator.kind=mutator",
        "eoh generator.kind=openai model=m",
        "eoh generator.kind=openai model=n",
    ]


def test_recordings_of_several_seeds_are_one_arm() -> None:
    """Tuning on and off over the same recorded replies: two arms, whatever the recordings are called."""
    runs = [
        record(f"{tune}-{seed}", {**CONFIG, "generator": {"kind": "recorded", "run": f"rec-{seed}"}, "tune": tune}, seed=seed)
        for tune in (None, {"evaluations": 60})
        for seed in (1, 2)
    ]
    assert [(arm.label, len(arm.runs)) for arm in arms_of(runs)] == [("eoh tune=off", 2), ("eoh tune=on", 2)]


def test_a_section_that_only_some_have_is_on_or_off() -> None:
    """With what differs among those that have it."""
    tuned, longer = ({**CONFIG, "tune": {"evaluations": number, "top": 3}} for number in (60, 90))
    labels = [arm.label for arm in arms_of([record("a"), record("b", tuned), record("c", longer)])]
    assert labels == ["eoh tune=off", "eoh tune=on evaluations=60", "eoh tune=on evaluations=90"]


def test_other_prompts_are_another_arm() -> None:
    """And where even those have one beginning, arms are numbered."""
    hashes = {"a": "0123456789", "b": "9876543210", "c": "9876543219"}
    labels = [arm.label for arm in arms_of([record(name, prompts_hash=hashed) for name, hashed in hashes.items()])]
    assert labels == ["eoh prompts=01234567", "eoh prompts=98765432", "eoh prompts=98765432 #3"]


@pytest.mark.parametrize(
    ("other", "part"),
    [
        (record("b", problem="knapsack", problem_hash="p1"), "one is of problem 'toy', the other of 'knapsack'"),
        (record("b", problem_hash="p1"), "problem 'toy' changed between them"),
        (record("b", changed(problem={"settings": {"size": 9}})), "problem.settings.size is 'unset' in one and 9 in the other"),
        (
            record("b", changed(problem={"instances": {"train": {"path": "x", "sha256": "ab"}}})),
            "problem.instances.train.sha256 is 'unset' in one and 'ab' in the other",
        ),
    ],
)
def test_other_problems_and_instances_cannot_be_compared(other: RunRecord, part: str) -> None:
    with pytest.raises(ConfigError, match="Runs 'a' and 'b' cannot be compared") as raised:
        check_comparable([record("a"), other], [candidate(0), candidate(0)])
    assert part in str(raised.value)
    assert "\n" not in str(raised.value)


def test_other_training_instances_are_found_out_whatever_the_settings_say() -> None:
    other = candidate(0, evaluation(4.0, results=(result(52.0, instance="b"),)))
    with pytest.raises(ConfigError, match="different training instances"):
        check_comparable([record("a"), record("b")], [candidate(0), other])


def test_a_folder_that_moved_is_the_same_problem() -> None:
    """As it is named by the hash of its sources, and a user's instances by theirs."""
    here, there = (
        changed(problem={"name": place, "instances": {"train": {"path": place, "sha256": "ab"}}}) for place in ("x", "y")
    )
    runs = [record("a", here, problem="x"), record("b", there, problem="y")]
    check_comparable(runs, [candidate(0), candidate(0)])
    assert len(arms_of(runs)) == 1
