"""`evaluate`: files, candidates, textbook rules; the problem's splits and a user's own instances."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from tests.evoheur.cli.commands.test_listing import own_gap
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal

OPENS = "def priority(item, bins):\n    return bins * 1.0\n"
"""Prefers the emptiest bin, which is always an unopened one, so that every item gets a bin of its own."""


@pytest.fixture
def streams() -> str:
    """Two streams for bins of 10, in two families.

    "even": 6 5 4 5, sum 20, bound 2. Best fit makes (6 4) (5 5): 2 bins, gap 0. Bins for every item: 4, gap 100 %.
    "odd": 7 7, sum 14, bound 2. Any rule uses 2 bins, gap 0.
    """
    folder = Path("streams")
    folder.mkdir()
    for name, items in (("even", [6, 5, 4, 5]), ("odd", [7, 7])):
        content = {"meta": {"set": name}, "instances": [{"name": f"{name}-1", "capacity": 10, "items": items}]}
        (folder / f"{name}.json").write_text(json.dumps(content))
    return str(folder)


def test_evaluate_json_keeps_its_contract(streams: str) -> None:
    """Bins used are 4 and 2 where the bounds are 2 and 2; over all, 100·(6 / 4 − 1) = 50 %."""
    Path("rule.py").write_text(OPENS)
    done = evoheur("evaluate", "rule.py", "--instances", streams, "--json")
    assert done.code == 0, done
    found = done.document
    assert (found["status"], found["split"], found["problem"]) == ("ok", "custom", "bin_packing_online")
    assert found["level"] in {"jail-L0", "jail-L1"}
    assert found["gap"] == found["objective"] == pytest.approx(50)
    assert found["families"] == {"odd": pytest.approx(0), "even": pytest.approx(100)}
    assert [
        {key: entry[key] for key in ("instance", "status", "cost", "reference", "gap", "detail")} for entry in found["instances"]
    ] == [
        {"instance": "odd-1", "status": "ok", "cost": 2, "reference": 2, "gap": pytest.approx(0), "detail": ""},
        {"instance": "even-1", "status": "ok", "cost": 4, "reference": 2, "gap": pytest.approx(100), "detail": ""},
    ]
    assert found["textbook"]["best_fit"] == {
        "gap": pytest.approx(0),
        "families": {"odd": pytest.approx(0), "even": pytest.approx(0)},
    }
    assert found["stored"] is False


def test_the_table_marks_where_the_heuristic_loses_and_pools_no_families(streams: str) -> None:
    """In "even" it takes 4 bins for 2, and each of the textbook rules takes fewer; in "odd" nothing can be better. No other rows."""
    Path("rule.py").write_text(OPENS)
    done = evoheur("evaluate", "rule.py", "--instances", streams)
    assert done.code == 0
    assert "rule.py on bin_packing_online, custom (2 instances)" in done.out
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.out.splitlines() if line.startswith("|")]
    assert rows[0] == ["family", "heuristic", "class", "gap", "seconds", ""]
    own = [row for row in rows if row[1] == "rule.py"]
    rules = len({row[1] for row in rows[1:]}) - 1
    assert [row[3] for row in own] == ["0.00 %", "100.00 %"]
    assert [row[5] for row in own] == ["", f"! {rules} better"]
    assert "! rule.py loses to others of its class (online, one pass) in 1 of 2 families: even." in done.out


def test_costs_stand_for_gaps_where_there_is_no_reference(scheduling: str) -> None:
    """Every machine gets every sixth job by turns; the copy of the problem gives no bound, and says so."""
    source = (Path(scheduling) / "problem.py").read_text()
    folder = Path("unbounded")
    folder.mkdir()
    (folder / "problem.py").write_text(source.replace("def reference(", "def unused("))
    Path("rule.py").write_text("def choose(length, loads):\n    return -loads * 1.0\n")
    words = ["evaluate", "rule.py", "--problem", "./unbounded", "--split", "train"]
    found = evoheur(*words, "--json").document
    [family] = found["comparison"]
    assert (family["scale"], family["without_reference"], family["instances"]) == ("mean cost", 4, 4)
    [own] = family["heuristics"]
    assert own["gap"] is None
    assert own["cost"] == pytest.approx(sum(entry["cost"] for entry in found["instances"]) / 4)
    done = evoheur(*words)
    assert "Mean costs in place of gaps, because references are missing: exponential (4 of 4 instances)." in done.out
    assert f"{own['cost']:.6g}" in done.out


def test_a_failing_heuristic_is_an_answer_not_an_error(streams: str) -> None:
    """It fails on the second of two instances; a family that was not solved as a whole has no gap."""
    Path("rule.py").write_text("def priority(item, bins):\n    return bins / (7 // item * 1.0) if item == 7 else 1 / 0\n")
    done = evoheur("evaluate", "rule.py", "--instances", streams, "--json")
    assert done.code == 0
    found = done.document
    assert (found["status"], found["gap"], found["objective"]) == ("error", None, None)
    assert found["families"] == {"odd": pytest.approx(0), "even": None}
    assert found["instances"][1]["status"] == "error"
    assert "ZeroDivisionError" in found["detail"]
    shown = evoheur("evaluate", "rule.py", "--instances", streams)
    assert shown.code == 0
    assert "custom (2 instances): error" in shown.out


def test_a_textbook_rule_is_scored_without_a_sandbox(streams: str) -> None:
    """Best fit takes 2 bins for either stream; the other rules stand beside it."""
    found = evoheur("evaluate", "textbook:best_fit", "--problem", "bin_packing_online", "--instances", streams, "--json").document
    assert (found["gap"], found["level"]) == (pytest.approx(0), "trusted")
    assert "best_fit" not in found["textbook"]
    assert "harmonic" in found["textbook"]


def test_settings_of_the_problem_reach_the_guest(streams: str) -> None:
    """The first NaN wins, unless `nan: error` says that it is a fault."""
    Path("rule.py").write_text("import numpy as np\ndef priority(item, bins):\n    return np.where(bins == 10, np.nan, bins)\n")
    words = ["evaluate", "rule.py", "--instances", streams, "--json"]
    assert evoheur(*words, "--setting", "nan=error").document["status"] == "error"
    published = evoheur(*words).document
    assert (published["status"], published["settings"], published["gap"]) == ("ok", {}, pytest.approx(50))
    assert {each["notes"]["nan"] for each in published["instances"]} == {"10 of 55 scores"}


def test_a_problem_in_a_folder_needs_to_be_named(scheduling: str) -> None:
    Path("rule.py").write_text("def choose(length, loads):\n    return -loads * 1.0\n")
    assert "--problem" in refusal("evaluate", "rule.py")
    found = evoheur("evaluate", "rule.py", "--problem", scheduling, "--split", "train", "--json").document
    assert found["gap"] == pytest.approx(own_gap(scheduling, "train"))
    assert found["families"] == {"exponential": pytest.approx(found["gap"])}
    assert found["textbook"] == {}


@pytest.mark.parametrize(("split", "kept"), [("train", False), ("validation", True), ("test", True)])
def test_a_candidate_is_scored_on_its_runs_problem_and_the_score_is_kept(history: History, split: str, kept: bool) -> None:
    """The score on train is part of the log, so it is shown and not stored again. The latest run is meant by a bare number."""
    found = evoheur("evaluate", "1", "--split", split, "--archive", history.url, "--json").document
    assert found["gap"] == pytest.approx(own_gap(history.problem, split))
    assert found["target"] == "tiny/1"
    assert found["stored"] is kept
    with Archive.open(history.url, read_only=True) as archive:
        stored = archive.candidate("tiny", 1).evaluations[split]
    assert stored.objective == pytest.approx(found["gap"])


def test_a_candidate_does_not_fit_another_problem(history: History) -> None:
    words = ["evaluate", "tiny/1", "--problem", "bin_packing_online", "--archive", history.url]
    message = refusal(*words)
    assert "tiny/1" in message
    assert "priority(item, bins)" in message


def test_a_candidate_of_a_changed_problem_is_scored_and_not_stored(history: History) -> None:
    """The hash stored with the run is another one than that of the problem as it is here."""
    with Archive.open(history.url) as archive:
        run = archive.run("tiny")
        edited = archive.create_run(
            name="edited",
            config=run.config,
            seed=1,
            problem=run.problem,
            problem_hash="0" * 32,
            prompts_hash="",
            evoheur_version="0",
        )
        archive.record_baseline(edited.id, archive.candidate("tiny", 0).candidate)
    found = evoheur("evaluate", "edited/0", "--split", "test", "--archive", history.url, "--json").document
    assert (found["status"], found["stored"]) == ("ok", False)


def test_a_screened_candidate_is_not_run(write_config: Callable[..., str]) -> None:
    """The run's own rule about size turned the candidates away, so evaluating one says the same."""
    config = write_config(
        generator={"kind": "tests.evoheur.cli.support.scripted:ScriptedConfig", "script": ["good"]},
        evaluation={"executor": {"kind": "local", "slots": 1}, "screen": {"max_characters": 20}},
        budget={"evaluations": 1, "requests": 2},
    )
    assert evoheur("run", config, "--quiet").code == 0
    found = evoheur("evaluate", "small-1/1", "--json").document
    assert found["status"] == "rejected"
    assert "20 allowed" in found["detail"]
    assert found["instances"] == []
