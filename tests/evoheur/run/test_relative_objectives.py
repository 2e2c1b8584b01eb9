"""Runs whose objective is relative to textbook rules, from the start to what is stored, shown and compared."""

import itertools
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evoheur import ConfigError, Evaluation, Result, Status, discover, open_archive, resume
from evoheur.evaluation.objective import RATIO_FLOOR, family_gaps
from tests.evoheur.cli.conftest import _own_folder, tiny_settings
from tests.evoheur.cli.support.invoking import evoheur, refusal

__all__ = ["_own_folder"]

RULES = """
    def textbook_rules(self):
        def by_turns(instance):
            return [job % instance.machines for job in range(len(instance.lengths))]

        def halves(instance):
            return [job * instance.machines // len(instance.lengths) for job in range(len(instance.lengths))]

        return {"by_turns": by_turns, "halves": halves}
"""
RELATIVE = {"relative_to": "textbook"}


def folder_with(scheduling: str, folder: Path, *, rules: str = RULES, **replaced: str) -> str:
    """The scheduling problem with two families in turn, textbook rules, and other changes."""
    shutil.copytree(scheduling, folder, ignore=shutil.ignore_patterns("__pycache__"))
    source = (folder / "problem.py").read_text()
    for old, new in {'family="exponential"': 'family=("first", "second")[i % 2]', **replaced}.items():
        assert old in source
        source = source.replace(old, new)
    (folder / "problem.py").write_text(source + rules)
    return str(folder)


@pytest.fixture(scope="module")
def problem(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    return folder_with(scheduling, tmp_path_factory.mktemp("families") / "two_families")


@pytest.fixture(scope="module")
def result(problem: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A run of nine evaluations; the rules it breeds are told apart by how many machines they use."""
    folder = tmp_path_factory.mktemp("relative")
    return discover(tiny_settings(problem, train=RELATIVE), archive=folder / "some.db", name="relative")


def ratio(evaluation: Evaluation, rules: Mapping[str, Evaluation]) -> float:
    """What the objective must be, from the stored costs alone."""
    theirs = [family_gaps(rule.results, "mean_of_gaps") for rule in rules.values()]
    ratios = []
    for family, gap in family_gaps(evaluation.results, "mean_of_gaps").items():
        best = min(gaps[family] or 0.0 for gaps in theirs)
        assert gap is not None
        ratios.append(1.0 + (gap - best) / max(best, RATIO_FLOOR))
    assert len(ratios) == 2
    return (sum(ratios) / 2 + max(ratios)) / 2


@pytest.mark.parametrize("split", ["train", "validation"])
def test_objectives_of_candidates_and_of_rules_are_measured_by_the_split_s_own_textbook_gaps(result: Result, split: str) -> None:
    rules = result.stopped.textbook_rules[split]
    assert list(rules.values()) == sorted(rules.values(), key=lambda rule: rule.objective or 0.0)
    for evaluation in (*rules.values(), *(record.evaluations[split] for record in result.stopped.best)):
        assert (evaluation.objective_kind, evaluation.aggregate) == ("textbook_ratio", "mean_of_gaps")
        assert evaluation.objective == pytest.approx(ratio(evaluation, rules))
    assert min(rule.objective or 0.0 for rule in rules.values()) >= 1.0, "no rule is better than the best one in every family"
    assert result.best is not None
    best_objective = result.best.evaluations[split].objective
    assert best_objective is not None
    assert best_objective < 1.0, "Graham's rule is better than both"
    assert result.gaps[split].best == pytest.approx(_mean_gap(result.best.evaluations[split])), "the plain gap is there beside it"


def _mean_gap(evaluation: Evaluation) -> float:
    gaps = [each.gap for each in evaluation.results if each.gap is not None]
    return sum(gaps) / len(gaps)


def test_the_archive_keeps_the_kind_and_the_rules_gaps(result: Result) -> None:
    with open_archive(result.archive) as archive:
        [first, *_] = archive.best("relative", 1)
        gaps = archive.textbook_gaps("relative")
    assert first == result.best
    assert set(gaps) == {"train", "validation"}
    assert set(gaps["train"]) == {"first", "second"}
    rules = result.stopped.textbook_rules["train"]
    for family, best in gaps["train"].items():
        assert best.gap == min(family_gaps(rule.results, "mean_of_gaps")[family] or 0.0 for rule in rules.values())


def test_a_run_that_never_cuts_evaluations_short_goes_the_same_way(problem: str, result: Result, tmp_path: Path) -> None:
    settings = tiny_settings(problem, train=RELATIVE)
    whole = discover(
        settings | {"evaluation": {**settings["evaluation"], "racing": False}}, archive=tmp_path / "whole.db", name="relative"
    )
    assert [(record.id, record.candidate.objective) for record in whole.stopped.best] == [
        (record.id, record.candidate.objective) for record in result.stopped.best
    ]
    with open_archive(whole.archive) as archive:
        objectives = {record.candidate.id: record.candidate.objective for record in archive.candidates("relative")}
    with open_archive(result.archive) as archive:
        for record in archive.candidates("relative"):
            if record.candidate.evaluation.status is not Status.PRUNED:
                assert record.candidate.objective == objectives[record.candidate.id]


def test_only_named_rules_count(problem: str, result: Result, tmp_path: Path) -> None:
    """Beside the worse of the two rules alone, everything looks better."""
    worse = list(result.stopped.textbook_rules["train"])[-1]
    train = {**RELATIVE, "rules": [worse]}
    found = discover(tiny_settings(problem, train=train, budget={"evaluations": 1}), archive=tmp_path / "named.db")
    assert found.stopped.textbook_rules["train"][worse].objective == pytest.approx(1.0)
    with open_archive(found.archive) as archive:
        assert {best.rule for gaps in archive.textbook_gaps(found.run).values() for best in gaps.values()} == {worse}


def test_rules_that_know_or_do_more_do_not_count_unless_they_are_named(scheduling: str, tmp_path: Path) -> None:
    """In their class, heuristics are compared with the other one."""
    rules = RULES.replace('"by_turns": by_turns', '"by_turns": TextbookRule(solve=by_turns, work="search")')
    imports = {"from evoheur.problem import ": "from evoheur.textbook_rule import TextbookRule\nfrom evoheur.problem import "}
    problem = folder_with(scheduling, tmp_path / "searching", rules=rules, **imports)
    for number, (named, counting) in enumerate([([], {"halves"}), (["by_turns"], {"by_turns"})]):
        train = {**RELATIVE, "rules": named}
        found = discover(tiny_settings(problem, train=train, budget={"evaluations": 1}), archive=tmp_path / f"{number}.db")
        with open_archive(found.archive) as archive:
            gaps = archive.textbook_gaps(found.run)
        assert {best.rule for split in gaps.values() for best in split.values()} == counting


def test_it_goes_on_and_is_scored_further_by_the_same_measure(result: Result, tmp_path: Path) -> None:
    copy = Path(shutil.copy(result.archive.removeprefix("sqlite:///"), tmp_path / "copy.db"))
    longer = resume("relative", {"budget.evaluations": 10}, archive=copy)
    assert longer.reason == "budget of 10 evaluations used"
    url = f"sqlite:///{copy}"
    scored = evoheur("evaluate", "relative/1", "--split", "test", "--json", "--archive", url).document
    assert (scored["objective_kind"], scored["stored"]) == ("textbook_ratio", True)
    ratios = [
        1.0
        + (gap - min(rule["families"][family] for rule in scored["textbook"].values()))
        / max(min(rule["families"][family] for rule in scored["textbook"].values()), RATIO_FLOOR)
        for family, gap in scored["families"].items()
    ]
    assert scored["objective"] == pytest.approx((sum(ratios) / 2 + max(ratios)) / 2)
    assert scored["ratios"] == pytest.approx(dict(zip(scored["families"], ratios, strict=True)))
    printed = evoheur("evaluate", "relative/1", "--split", "test", "--archive", url).out
    assert f"Objective {scored['objective']:.3f} x: " in " ".join(printed.split())
    exported = evoheur("export", "relative/1", "--archive", url)
    assert "test times textbook: 0." in exported.out
    shown = evoheur("show", "relative/1", "--archive", url)
    document = evoheur("show", "relative/1", "--json", "--archive", url).document
    assert set(document["textbook_gaps"]) == {"train", "validation"}, "nobody has stored those of test"
    assert document["family_gaps"]["test"] == pytest.approx(scored["families"])
    for split, families in document["textbook_gaps"].items():
        table = _rows_under(shown.out, f"Gaps by family on {split}:")
        for family, best in families.items():
            gap = document["family_gaps"][split][family]
            assert [family, f"{gap:.2f} %", f"{best['gap']:.2f} %", best["rule"]] in table
    assert [len(row) for row in _rows_under(shown.out, "Gaps by family on test:")] == [2, 2, 2]
    best = evoheur("best", "relative", "--archive", url).out
    assert all(f"{gap:.2f} %" in best for gap in document["family_gaps"]["validation"].values())
    assert "train times textbook 0." in shown.out
    compared = evoheur("compare", "relative", "--json", "--archive", url).document
    assert (compared["objective"], compared["objective_kind"]) == ("ratio", "textbook_ratio")


def _rows_under(text: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    table = itertools.takewhile(lambda line: line[:1] in {"+", "|"}, text.partition(f"{heading}\n")[2].splitlines())
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table if line.startswith("|")]


def test_runs_of_different_measures_are_not_compared(problem: str, result: Result, tmp_path: Path) -> None:
    copy = Path(shutil.copy(result.archive.removeprefix("sqlite:///"), tmp_path / "copy.db"))
    discover(tiny_settings(problem, budget={"evaluations": 2}), archive=copy, name="plain")
    assert "train is" in refusal("compare", "relative", "plain", "--archive", f"sqlite:///{copy}")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rules": ""}, "has no textbook rules"),
        ({"references_are_bounds = True": 'references_are_bounds = True\n    aggregate = "mean_cost"'}, "minimises mean costs"),
        (
            {"return float(max(instance": 'return None if instance.name == "train-1" else float(max(instance'},
            "1 of 4 .*'train-1'",
        ),
        ({"return float(max(instance": 'return 0.0 if instance.name == "validation-0" else float(max(instance'}, "of validation"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_is_written(
    scheduling: str, tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    folder = folder_with(scheduling, tmp_path / "changed", **changes)
    with pytest.raises(ConfigError, match=words):
        discover(tiny_settings(folder, train=RELATIVE), archive=tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"problem": {"name": "tsp_aco", "settings": {"set": "reevo_tsp50_aco"}}}, "published"),
        ({"train": {"relative_to": "textbook", "rules": ["halfs"]}}, "halves"),
        ({"train": {"rules": ["halves"]}}, "relative_to: textbook"),
    ],
)
def test_settings_that_make_no_sense_together_are_refused(
    problem: str, tmp_path: Path, settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        discover({**tiny_settings(problem, train=RELATIVE), **settings}, archive=tmp_path / "none.db")


def test_without_the_setting_configurations_and_objectives_are_as_before(problem: str, tmp_path: Path) -> None:
    found = discover(tiny_settings(problem, budget={"evaluations": 1}), archive=tmp_path / "plain.db")
    assert found.stopped.baseline.candidate.evaluation.objective_kind == "gap_percent"
    plain: dict[str, Any] = {"relative_to": "references", "rules": [], "resample": None, "hard_instances": None}
    assert json.loads(found.config.train.model_dump_json()) == plain
    with open_archive(found.archive) as archive:
        assert set(archive.textbook_gaps(found.run)) == {"train", "validation"}, "the rules stand beside candidates all the same"
