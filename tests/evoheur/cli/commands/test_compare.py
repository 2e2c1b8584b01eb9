"""`compare`: runs side by side, from hand-made archives for the numbers and from real ones for what is evaluated."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.request import Failure
from tests.evoheur.archive.support.made_up import candidate, evaluation, new_run, step
from tests.evoheur.cli.commands.test_listing import own_gap
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal

URL = "sqlite:///made-up.db"
PROSE = Failure(stage="parsing", reason="no-code", detail="prose")


def write_runs(seeds: int, **arms: float) -> None:
    """For every seed a run of each strategy, named strategy-seed: prose, then its objective plus a hundredth of the seed, then worse.

    What it bred first is scored on validation, at one more than on train.
    """
    with Archive.open(URL, create=True) as archive:
        for strategy, objective in arms.items():
            for seed in range(1, seeds + 1):
                config = {"strategy": {"kind": strategy}, "budget": {"evaluations": 2}, "seed": seed}
                run = new_run(archive, f"{strategy}-{seed}", config=config, seed=seed)
                archive.record_baseline(run.id, candidate(0))
                best = objective + seed / 100
                for outcome in (PROSE, candidate(1, best), candidate(2, best + 1)):
                    step(archive, run, outcome)
                archive.record_evaluation(run.id, 1, evaluation(best + 1, split="validation"))
                archive.finish(run.id, "finished", "budget used")


def test_five_seeds_are_said_to_be_too_few() -> None:
    write_runs(5, eoh=3.0, opro=2.0)
    done = evoheur("compare", "eoh-*", "opro-*", "--archive", URL)
    assert done.code == 0, done
    assert "bin_packing_online: 10 runs in 2 arms" in done.out
    assert "At 3 model calls" in done.out
    assert "At 2 evaluations" in done.out
    assert "3.03 % [3.01 %, 3.05 %]" in done.out
    assert "With 5 shared seeds the smallest two-sided p that the test can give is 0.0625: no difference can be shown" in done.out
    assert "It takes 6 seeds at least." in done.out
    assert "*" not in done.out.partition("Lower is better")[0]


def test_six_seeds_show_a_difference_and_three_arms_take_more() -> None:
    write_runs(6, eoh=3.0, opro=2.0, random=1.0)
    two = evoheur("compare", "eoh-*", "opro-*", "--no-controls", "--archive", URL).out
    assert "0.0312 *" in two
    assert "* shown at the 5 % level." in two
    three = evoheur("compare", "*", "--archive", URL).out
    assert "0.0938" in three
    assert "is 0.03125, 0.09375 after Holm's correction for 3 pairs of arms" in three
    assert "It takes 7 seeds at least." in three


def test_the_archives_control_arms_come_along_and_are_judged_against_first() -> None:
    """Random sampling and (1+1) of the same seeds, unless told otherwise; the verdict stands before all other notes."""
    write_runs(8, eoh=2.0, es=3.0, random=4.0)
    done = evoheur("compare", "eoh-*", "--archive", URL)
    assert "24 runs in 3 arms" in done.out
    verdict = "At 3 model calls eoh (p = 0.0234) beats the plain loop, (1+1), on validation after Holm's correction; worse"
    assert f"{verdict} than (1+1): random" in " ".join(done.out.split())
    assert done.out.index("beats the plain") < done.out.index("Lower is better")
    found = evoheur("compare", "eoh-*", "--archive", URL, "--json").document["verdict"]
    assert (found["control"], found["figure"], found["calls"]) == ("es", "validation", 3)
    assert [(each["arm"], each["standing"], each["seeds"]) for each in found["arms"]] == [
        ("eoh", "better", 8),
        ("random", "worse", 8),
    ]
    assert "8 runs in 1 arm" in evoheur("compare", "eoh-*", "--no-controls", "--archive", URL).out


def test_of_many_pairs_of_arms_the_console_shows_those_with_the_smallest_p() -> None:
    """Six arms are 15 pairs by figure and budget, of which ten stand there; JSON has all."""
    write_runs(3, a=1.0, b=2.0, c=3.0, d=4.0, e=5.0, f=6.0)
    shown = evoheur("compare", "*", "--archive", URL).out
    assert shown.count("and 10 more pairs, none with a smaller p; --json has all.") == 2
    for figure in ("train", "validation"):
        assert len([line for line in shown.splitlines() if re.search(rf"− . +\| {figure} ", line)]) == 2 * 10
    cuts = evoheur("compare", "*", "--archive", URL, "--json").document["cuts"]
    tests = [test for cut in cuts.values() for test in cut["tests"]]
    assert len(tests) == 2 * 2 * 15


def test_json_gives_everything() -> None:
    write_runs(2, eoh=3.0, opro=2.0)
    found = evoheur("compare", "opro-1", "eoh-1", "eoh-2", "opro-1", "--archive", URL, "--json").document
    assert (found["problem"], found["objective"], found["own_objective"]) == ("bin_packing_online", "gap", 4.0)
    assert found["arms"] == [
        {"arm": "opro", "differs": {"strategy.kind": "opro"}, "runs": ["opro-1"]},
        {"arm": "eoh", "differs": {"strategy.kind": "eoh"}, "runs": ["eoh-1", "eoh-2"]},
    ]
    assert found["runs"][1] == {
        "run": "eoh-1",
        "arm": "eoh",
        "seed": 1,
        "status": "finished",
        "calls": 3,
        "evaluations": 2,
        "own_objective": 4.0,
        "improvements": [{"calls": 2, "evaluations": 1, "candidate": "eoh-1/1", "objective": 3.01}],
    }
    cut = found["cuts"]["calls"]
    assert cut["budget"] == 3
    assert cut["runs"][1] == {
        "run": "eoh-1",
        "arm": "eoh",
        "seed": 1,
        "candidate": "eoh-1/1",
        "train": 3.01,
        "validation": 4.01,
        "validation_gap": pytest.approx(4.01),
        "validation_status": "ok",
        "area": pytest.approx((4.0 + 3.01 + 3.01) / 3),
        "calls": 3,
        "evaluations": 2,
        "failures": 1,
        "pruned": 0,
        "duplicates": {"code": 0, "behaviour": 0},
        "tuned": 0,
        "tokens": 360,
    }
    train = cut["arms"][1]["train"]
    assert (train["median"], train["low"], train["high"]) == pytest.approx((3.015, 3.01, 3.02))
    assert (train["missing"], train["values"]) == (0, {"1": 3.01, "2": 3.02})
    assert cut["arms"][0]["train"] == {"median": 2.01, "low": None, "high": None, "missing": 0, "values": {"1": 2.01}}
    assert [test["figure"] for test in cut["tests"]] == ["train", "validation"]
    assert cut["tests"][0] == {
        "figure": "train",
        "arms": ["opro", "eoh"],
        "differences": {"1": pytest.approx(-1.0)},
        "median_difference": pytest.approx(-1.0),
        "better": [1, 0],
        "p": 1.0,
        "p_holm": 1.0,
        "least_p": 1.0,
        "shown": False,
    }
    assert found["cuts"]["evaluations"]["runs"][1]["area"] == pytest.approx(3.01)


def test_arms_without_a_shared_seed_are_not_tested() -> None:
    write_runs(2, eoh=3.0, opro=2.0)
    done = evoheur("compare", "eoh-1", "opro-2", "--archive", URL)
    assert "The arms share no seed" in done.out


def test_a_narrow_terminal_still_shows_what_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    write_runs(2, eoh=3.0, opro=2.0)
    monkeypatch.setenv("COLUMNS", "80")
    tables = [line for line in evoheur("compare", "*", "--archive", URL).out.splitlines() if line.startswith(("|", "+"))]
    assert max(map(len, tables)) <= 80
    assert sum("eoh - opro" in line or "eoh − opro" in line for line in tables) == 4
    assert all(line.endswith(("|", "+")) for line in tables)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"problem": "tsp_constructive", "problem_hash": "p1"}, "one is of problem 'bin_packing_online', the other of 'tsp_con"),
        ({"config": {"problem": {"settings": {"set": "x"}}}}, "problem.settings.set is 'unset' in one and 'x' in the other"),
    ],
)
def test_what_is_not_the_same_problem_is_refused(change: Mapping[str, Any], part: str) -> None:
    write_runs(1, eoh=3.0)
    with Archive.open(URL) as archive:
        run = new_run(archive, "other", **change)
        archive.record_baseline(run.id, candidate(0))
        step(archive, run, candidate(1))
    assert part in refusal("compare", "eoh-1", "other", "--archive", URL)


def test_runs_that_are_not_there_or_have_done_nothing_are_refused() -> None:
    write_runs(1, eoh=3.0)
    with Archive.open(URL) as archive:
        new_run(archive, "empty")
    assert "'eho-1'" in refusal("compare", "eho-1", "--archive", URL)
    assert "'none-*'" in refusal("compare", "none-*", "--archive", URL)
    assert "evoheur resume empty" in refusal("compare", "eoh-1", "empty", "--archive", URL)


def test_an_unfinished_run_and_one_without_success_are_named() -> None:
    write_runs(1, eoh=3.0)
    with Archive.open(URL) as archive:
        run = new_run(archive, "dull", config={"strategy": {"kind": "eoh"}}, seed=2)
        archive.record_baseline(run.id, candidate(0))
        step(archive, run, PROSE)
    done = evoheur("compare", "eoh-1", "dull", "--archive", URL)
    assert done.code == 0, done
    assert "Not finished, so that the budgets may still grow: dull." in done.out
    assert "No heuristic that works by then, so left out of medians and tests: dull, eoh-1." in done.out


def runs_of(write_config: Callable[..., str], scripts: Sequence[Sequence[str]]) -> None:
    """Real runs "r1", "r2", … that are told so many replies."""
    for number, script in enumerate(scripts, start=1):
        generator = {"kind": "tests.evoheur.cli.support.scripted:ScriptedConfig", "script": list(script)}
        config = write_config(generator=generator, budget={"evaluations": len(script)}, seed=number, validation={"top": 1})
        assert evoheur("run", config, "--name", f"r{number}", "--quiet").code == 0


def test_validate_scores_and_stores_what_is_missing(write_config: Callable[..., str], scheduling: str) -> None:
    """r1 ends with "good", which is scored; at the 2 evaluations of r2 its best was "four", which is not."""
    runs_of(write_config, [["three", "four", "five", "good"], ["worse", "good"]])
    before = evoheur("compare", "r1", "r2")
    assert "1 heuristic (-) not scored on validation" in before.out
    done = evoheur("compare", "r1", "r2", "--validate", "--json")
    assert done.code == 0, done
    first, second = done.document["cuts"]["evaluations"]["runs"]
    assert first["candidate"] == "r1/2"
    assert first["validation"] > second["validation"] == pytest.approx(own_gap(scheduling, "validation"))
    scored = evoheur("evaluate", "r1/2", "--json").document["objective"]
    assert first["validation"] == pytest.approx(scored)
    assert "not scored" not in evoheur("compare", "r1", "r2").out
    assert evoheur("compare", "r1", "r2", "--validate", "--json").document == done.document


def test_validate_leaves_a_changed_problem_alone(write_config: Callable[..., str], scheduling: str, tmp_path: Path) -> None:
    changing = tmp_path / "changing"
    changing.mkdir()
    source = (Path(scheduling) / "problem.py").read_text()
    (changing / "problem.py").write_text(source)
    for number, script in enumerate((["four", "good"], ["good"]), start=1):
        generator = {"kind": "tests.evoheur.cli.support.scripted:ScriptedConfig", "script": script}
        settings: dict[str, Any] = {"budget": {"evaluations": len(script)}, "validation": {"top": 1}, "seed": number}
        config = write_config(problem=str(changing), generator=generator, **settings)
        assert evoheur("run", config, "--name", f"r{number}", "--quiet").code == 0
    (changing / "problem.py").write_text(source.replace(".max())", ".max() + 1)"))
    assert "leave --validate out" in refusal("compare", "r1", "r2", "--validate")
    assert evoheur("compare", "r1", "r2").code == 0


def test_looking_only_writes_nothing(finished: History) -> None:
    before = finished.path.read_bytes()
    done = evoheur("compare", "tiny", "--archive", finished.url)
    assert done.code == 0
    assert "At 11 model calls" in done.out
    assert finished.path.read_bytes() == before


def test_tables_for_papers_and_for_other_programs_are_printed_alone() -> None:
    write_runs(6, eoh=3.0, opro=2.0)
    latex = evoheur("compare", "*", "--latex", "--archive", URL)
    assert latex.code == 0, latex
    assert latex.out.startswith("% evoheur compare")
    assert latex.out.count(r"\end{table}") == 2
    table = evoheur("compare", "*", "--csv", "--archive", URL).out.splitlines()
    assert table[0].startswith("equal,budget,arm,seeds,figure,median,low,high,")
    assert len(table) == 1 + 2 * 2 * 3
    assert "choose one of --latex, --csv and --json" in refusal("compare", "*", "--latex", "--json", "--archive", URL)
