"""`problems list` and `problems show`."""

import json
from pathlib import Path

import pytest

from evoheur.evaluation.isolation import LimitsConfig
from evoheur.problem_modules import bundled_problems
from tests.evoheur.cli.support.invoking import evoheur, refusal


def test_list_names_every_bundled_problem() -> None:
    listed = evoheur("problems", "list", "--json").document
    assert [entry["name"] for entry in listed] == bundled_problems()
    [online] = [entry for entry in listed if entry["name"] == "bin_packing_online"]
    assert online["functions"] == ["priority(item, bins)"]
    assert "bin_packing_online" in evoheur("problems", "list").out


def test_show_json_of_a_bundled_problem() -> None:
    """Best fit's gap on the validation streams is near 4 %, as published for such streams; sum of squares is far below."""
    shown = evoheur("problems", "show", "bin_packing_online", "--setting", "nan=highest", "--json").document
    assert shown["settings"] == {"nan": "highest"}
    assert any("BPPLIB" in form for form in shown["formats"])
    assert shown["functions"][0]["call"] == "priority(item, bins)"
    assert "def priority(item: int, bins" in shown["skeleton"]
    assert "return -(bins - item)" in shown["code"]
    assert shown["splits"]["validation"] == {"weibull-5k-c100": 5}
    assert len(shown["splits"]["test"]) > 2
    assert shown["textbook"]["validation"]["best_fit"]["gap"] == pytest.approx(4, abs=0.5)
    assert shown["textbook"]["validation"]["sum_of_squares"]["gap"] < 1
    assert shown["limits"] == LimitsConfig().model_dump()
    [family] = shown["comparison"]["train"]
    assert [each["name"] for each in family["heuristics"][:3]] == [
        "weighted_sum_of_squares",
        "sum_of_squares_with_finish",
        "sum_of_squares",
    ]
    assert shown["seconds_per_instance"]["train"] > 0


def test_show_prints_what_a_model_is_told(scheduling: str) -> None:
    """A problem in a folder, without textbook rules."""
    done = evoheur("problems", "show", scheduling)
    assert done.code == 0
    assert "Assign jobs that arrive one by one to identical machines" in done.out
    assert "def choose(length: int, loads: NDArray[np.int64])" in done.out
    assert "Graham's list scheduling" in done.out
    assert "Settings and their defaults: none" in done.out
    assert "No textbook rules come with it." in done.out
    assert "exponential" in done.out


def test_show_prints_the_forms_of_instance_files(scheduling: str) -> None:
    """Of a problem that reads some; of another it says nothing of files."""
    assert (
        '.txt, .bpp, .csv: a first line "capacity 100"'
        in evoheur("problems", "show", "bin_packing_offline", "--split", "train").out
    )
    assert "Instance files" not in evoheur("problems", "show", scheduling, "--split", "train").out


def test_show_prints_the_rules_of_a_problem_that_has_some() -> None:
    done = evoheur("problems", "show", "bin_packing_online", "--split", "train")
    assert "nan='highest'" in done.out
    assert "On train (5 instances):" in done.out
    assert "On validation" not in done.out
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.out.splitlines() if line.startswith("|")]
    assert rows[0] == ["family", "heuristic", "class", "gap", "seconds"]
    assert rows[1][:3] == ["weibull-5k-c100 (5)", "weighted_sum_of_squares", "horizon known, one pass"]
    assert ["", "sum_of_squares", "online, one pass", "0.60 %"] in [row[:4] for row in rows]
    assert ["", "starting heuristic", "online, one pass", "4.23 %"] in [row[:4] for row in rows]


def test_show_scores_instances_of_ones_own() -> None:
    """7 and 7 do not fit into one bin of 10, so every rule needs the two bins of the bound."""
    Path("mine.json").write_text(json.dumps({"instances": [{"name": "a", "capacity": 10, "items": [7, 7]}]}))
    shown = evoheur("problems", "show", "bin_packing_online", "--instances", "mine.json", "--json").document
    assert shown["splits"] == {"custom": {"mine": 1}}
    assert {rule["gap"] for rule in shown["textbook"]["custom"].values()} == {0.0}
    assert "--split train" in refusal("problems", "show", "bin_packing_online", "--instances", "mine.json", "--split", "train")
