"""`run` and `--dry-run`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from tests.evoheur.cli.commands.test_listing import own_gap
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, files

Write = Callable[..., str]


def test_a_run_prints_its_isolation_first_and_its_summary_last(finished: History) -> None:
    printed = (finished.path.parent / "printed.txt").read_text()
    first = next(line for line in printed.splitlines() if not line.endswith("…"))  # after what took its time
    assert first.startswith(f"Run tiny: {finished.problem}, eoh, ")
    assert "isolation level 'jail-" in first
    assert "Run tiny finished: budget of 9 evaluations used" in printed
    assert f"  evoheur show tiny/1 --archive {finished.url}" in printed


def test_the_event_log_has_a_line_per_event(finished: History) -> None:
    lines = [json.loads(line) for line in (finished.path.parent / "events.jsonl").read_text().splitlines()]
    steps = [line["step"] for line in lines if line["event"] == "preparing"]
    assert steps[0].startswith("compiling the kernels of ")
    names = [line["event"] for line in lines if line["event"] != "preparing"]
    assert (names[0], names[-1]) == ("run_started", "run_stopped")
    assert names.count("request_sent") == names.count("reply_received") == names.count("outcome_told") == 11


def test_a_run_is_named_after_its_file_and_a_number(write_config: Write) -> None:
    """What cannot be part of a name is replaced; the archive is made where the file or the default says."""
    config = write_config("my rule.yaml", budget={"evaluations": 1})
    assert evoheur("run", config, "--quiet") == (0, "", "")
    assert evoheur("run", config, "--quiet", "--set", "seed=2").code == 0
    with Archive.open("sqlite:///runs/evoheur.db") as archive:
        assert [(run.name, run.seed) for run in archive.runs()] == [("my-rule-1", 1), ("my-rule-2", 2)]


def test_the_option_outranks_the_environment_which_outranks_the_file(
    write_config: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = write_config(archive="sqlite:///file.db", budget={"evaluations": 0})
    assert evoheur("run", config).code == 0
    assert Path("file.db").exists()
    monkeypatch.setenv("EVOHEUR_ARCHIVE", "sqlite:///environment.db")
    assert evoheur("run", config).code == 0
    assert evoheur("run", config, "--archive", "sqlite:///option.db").code == 0
    for stem in ("file", "environment", "option"):
        with Archive.open(f"sqlite:///{stem}.db") as archive:
            assert len(archive.runs()) == 1


def test_a_run_that_is_refused_further_calls_fails_and_can_be_resumed(write_config: Write) -> None:
    """Nothing of what came before is lost: two replies, then a key that is no longer valid."""
    config = write_config(
        generator={"kind": "tests.evoheur.cli.support.scripted:ScriptedConfig", "script": ["good", "worse", "refuse"]}
    )
    failed = evoheur("run", config, "--name", "r")
    assert failed.code == 1
    assert failed.err.startswith("error: Run r failed: HTTP 401: the key is not valid; set another one.")
    assert "`evoheur resume r`" in failed.err
    assert failed.err.count("\n") == 1
    [run] = evoheur("runs", "--json").document
    assert (run["status"], run["evaluations"], run["requests"]) == ("failed", 2, 3)
    resumed = evoheur("resume", "r", "--set", "generator.script=[good]")
    assert resumed.code == 0, resumed
    [run] = evoheur("runs", "--json").document
    assert (run["status"], run["evaluations"], run["requests"], run["calls"]) == ("finished", 9, 9, 9)


def test_a_dry_run_shows_the_first_prompt_and_writes_nothing(write_config: Write, scheduling: str) -> None:
    config = write_config()
    before = files(Path())
    done = evoheur("run", config, "--dry-run")
    assert done.code == 0
    assert "isolation level 'process'" in done.out
    assert f"{own_gap(scheduling, 'train'):.2f} % on 4 training instances" in done.out
    assert "First prompt, operator 'i1', user:" in done.out
    assert "choose(length: int, loads:" in done.out
    assert files(Path()) == before


def test_a_dry_run_fails_where_a_run_could_not_start(write_config: Write, tmp_path: Path, scheduling: str) -> None:
    """The problem's own heuristic sends a job to a machine that is not there."""
    broken = tmp_path / "broken"
    broken.mkdir()
    source = (Path(scheduling) / "problem.py").read_text()
    (broken / "problem.py").write_text(source.replace("machine = int(np.argmax(", "machine = -1 + 0 * int(np.argmax("))
    done = evoheur("run", write_config(problem=str(broken)), "--dry-run")
    assert done.code == 1
    assert "infeasible" in done.err
    assert "machine of job 0 is -1" in done.err


def test_a_log_is_opened_once_everything_is_checked(write_config: Write) -> None:
    assert evoheur("run", write_config(problem="no_such_problem"), "--log", "events.jsonl").code == 2
    assert evoheur("resume", "nothing", "--log", "events.jsonl").code == 2
    assert not Path("events.jsonl").exists()
