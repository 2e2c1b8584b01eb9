"""Textbook rules on the instances of a stored run."""

from pathlib import Path

import pytest

from evoheur.api.run_textbook import score_textbook_on_split
from evoheur.archive.archive import Archive
from evoheur.errors import ConfigError
from evoheur.evaluation.objective import evaluated_family_gaps
from tests.evoheur.archive.support.made_up import new_run
from tests.evoheur.ui.support.watched_archive import discover_packing


def test_the_rules_are_scored_on_the_run_s_own_instances(tmp_path: Path) -> None:
    """Family by family, the best of them has the gap that the run has stored."""
    discover_packing(tmp_path / "runs.db", "tiny")
    with Archive.open(f"sqlite:///{tmp_path}/runs.db", read_only=True) as archive:
        heard: list[str] = []
        rules = score_textbook_on_split(archive.run("tiny"), "train", starting=heard.append)
        stored = archive.textbook_gaps("tiny")["train"]
        solved = [result.instance for result in archive.candidate("tiny", 0).evaluations["train"].results]
    assert rules
    assert sorted(heard) == sorted(rules)
    for evaluation in rules.values():
        assert [result.instance for result in evaluation.results] == solved
    for family, best in stored.items():
        assert evaluated_family_gaps(rules[best.rule])[family] == best.gap


def test_a_split_without_rules_and_a_changed_problem_are_refused(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/runs.db", create=True) as archive:
        new_run(archive, "r")
        with pytest.raises(ConfigError, match="not scored on 'audit'"):
            score_textbook_on_split(archive.run("r"), "audit")
        with pytest.raises(ConfigError, match="sources of problem 'bin_packing_online' changed since run 'r'"):
            score_textbook_on_split(archive.run("r"), "train")
