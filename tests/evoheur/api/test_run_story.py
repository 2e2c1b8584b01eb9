"""The story of a run says what the run said at its end, and makes do with what is stored."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from evoheur import ConfigError, Result, discover, open_archive
from evoheur.api.run_story import read_story, repeated_config
from evoheur.api.run_textbook import score_run_textbook
from evoheur.candidate import Status
from evoheur.observers.conclusions import verdict
from evoheur.observers.number_text import Scale
from tests.evoheur.cli.conftest import History
from tests.support.one_guest import ONE_GUEST


def test_the_verdict_is_that_of_the_end_of_the_run(finished: History) -> None:
    """Sentence by sentence, as it was printed then."""
    printed = " ".join((finished.path.parent / "printed.txt").read_text().split())
    story = read_story("tiny", archive=finished.path)
    assert story.fault == ""
    assert len(story.sentences) > 1
    assert all(" ".join(sentence.split()) in printed for sentence in story.sentences)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A run of online bin packing, "packed", which has textbook rules of several classes, and what came of it."""
    path = tmp_path_factory.mktemp("story") / "packed.db"
    changes = {"budget.evaluations": 12, "audit.candidates": 2, "evaluation": ONE_GUEST}
    return path, discover("quickstart", changes, name="packed", archive=path)


def test_the_story_of_a_run_is_what_came_of_it(packed: tuple[Path, Result]) -> None:
    """Rules and verdict, scored and judged anew, are those of the end of the run."""
    path, result = packed
    story = read_story("packed", archive=path)
    for split, rules in result.stopped.textbook_rules.items():
        assert [(name, one.objective) for name, one in story.stopped.textbook_rules[split].items()] == [
            (name, one.objective) for name, one in rules.items()
        ]
    assert story.stopped.classes == result.stopped.classes
    assert story.sentences == verdict(result.stopped, Scale.GAP)
    assert story.stopped.chosen is not None
    assert result.stopped.chosen is not None
    assert story.stopped.chosen.id == result.stopped.chosen.id == story.lineage[0].id


def test_the_table_has_the_bests_the_start_and_the_textbook_best_first(packed: tuple[Path, Result]) -> None:
    story = read_story("packed", archive=packed[0])
    assert {row.kind for row in story.rows} == {"discovered", "problem's own", "textbook"}
    validated = [row.objective("validation") for row in story.rows]
    assert validated == sorted(validated, key=lambda value: (value is None, value or 0.0))
    classes = {row.name: row.rule_class for row in story.rows}
    assert (classes["best_fit"], classes["weighted_sum_of_squares"]) == ("online, one pass", "horizon known, one pass")


def test_the_rules_are_scored_on_the_instances_of_the_run(packed: tuple[Path, Result]) -> None:
    with open_archive(packed[0]) as archive:
        run = archive.run("packed")
        baseline = archive.candidate("packed", 0)
        stored = archive.textbook_gaps("packed")["train"]
    scored = score_run_textbook(run)
    instances = [result.instance for result in baseline.candidate.evaluation.results]
    for evaluation in scored.rules["train"].values():
        assert evaluation.status is Status.OK
        assert [result.instance for result in evaluation.results] == instances
    assert {best.rule for best in stored.values()} <= set(scored.objectives("train"))
    assert list(scored.objectives("train").values()) == sorted(scored.objectives("train").values())


def test_a_problem_that_changed_is_refused_and_its_report_does_without(finished: History) -> None:
    with open_archive(finished.path) as archive:
        run = archive.run("tiny")
    with pytest.raises(ConfigError, match=r"The sources of problem .* changed since run 'tiny', so scores would not compare"):
        score_run_textbook(replace(run, problem_hash="2:problem.py=0"))


def test_a_run_whose_problem_is_gone_still_has_a_story(finished: History, tmp_path: Path) -> None:
    story = read_story("tiny", archive=finished.path, textbook=False)
    assert story.fault == "they were not asked for"
    assert all(row.kind != "textbook" for row in story.rows)
    assert story.sentences[0].startswith("On validation")


def test_the_configuration_leaves_out_where_the_run_was_kept(finished: History) -> None:
    with open_archive(finished.path) as archive:
        run = archive.run("tiny")
    config = {**run.config, "archive": "postgresql://me:secret@host/db", "generator": {"base_url": "http://me:secret@host/v1"}}
    kept = yaml.safe_load(text := repeated_config(replace(run, config=config)))
    assert "secret" not in text
    assert kept["generator"]["base_url"] == "http://me:***@host/v1"
    assert not {"archive", "name", "observers"} & set(kept)
    assert kept["strategy"] == run.config["strategy"]
