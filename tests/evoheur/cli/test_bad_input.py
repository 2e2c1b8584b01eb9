"""What bad input gets: exit 2, one line that names the value and the remedy, and nothing written."""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.schema_state import VERSION_TABLE
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, files, refusal

Write = Callable[..., str]


@pytest.fixture
def refused() -> Callable[..., str]:
    """Runs a command that must be refused and must leave the working folder as it was."""

    def check(*words: str) -> str:
        before = files(Path())
        message = refusal(*words)
        assert files(Path()) == before
        return message

    return check


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"buget": {"evaluations": 5}}, ["'buget'", "'budget'"]),
        ({"budget": {"evaluation": 5}}, ["'budget.evaluation'", "'evaluations'"]),
        ({"strategy": {"kind": "eoh", "populaton_size": 5}}, ["'strategy.populaton_size'", "'population_size'"]),
        ({"generator": {"kind": "openai", "model": "m", "temprature": 1}}, ["'generator.temprature'", "'temperature'"]),
        ({"evaluation": {"limits": {"cpu_secs": 1}}}, ["'evaluation.limits.cpu_secs'", "'cpu_seconds'"]),
        (
            {"evaluation": {"sandbox": {"kind": "process", "alow_unisolated": True}}},
            ["'evaluation.sandbox.alow_unisolated'", "'allow_unisolated'"],
        ),
        ({"budget": {"evaluations": "many"}}, ["budget.evaluations", "'many'", "integer"]),
        ({"in_flight": 0}, ["in_flight", "0", "greater"]),
        ({"name": "a b"}, ["name is 'a b'"]),
        ({"problem": "bin_packing_onlin"}, ["'bin_packing_onlin'", "bin_packing_online", "problem.py"]),
        ({"problem": {"name": "bin_packing_online", "settings": {"nans": 1}}}, ["'nans'", "nan"]),
        ({"strategy": {"kind": "eho"}}, ["'eho'", "'eoh'", "random"]),
        ({"strategy": {}}, ["strategy", "kind", "eoh"]),
        ({"generator": {"kind": "opnai"}}, ["'opnai'", "'openai'", "recorded"]),
        ({"generator": {"kind": "no_such_module:Config"}}, ["no_such_module", "install"]),
    ],
    ids=lambda value: json.dumps(value)[:60] if isinstance(value, dict) else "",
)
def test_a_wrong_setting(write_config: Write, refused: Callable[..., str], changes: dict[str, Any], parts: list[str]) -> None:
    message = refused("run", write_config(**changes))
    assert all(part in message for part in parts), message


@pytest.mark.parametrize(
    ("override", "parts"),
    [
        ("budget.evaluations", ["'budget.evaluations'", "budget.evaluations=500"]),
        ("budget.evaluations=[", ["'budget.evaluations=['", "YAML"]),
        ("seed.x=1", ["'seed.x=1'", "seed"]),
        ("budgt.evaluations=5", ["'budgt'", "'budget'"]),
    ],
)
def test_a_wrong_override(write_config: Write, refused: Callable[..., str], override: str, parts: list[str]) -> None:
    message = refused("run", write_config(seed=1), "--set", override)
    assert all(part in message for part in parts), message


@pytest.mark.parametrize(
    ("text", "parts"),
    [(None, ["'c.yaml'", "such as quickstart"]), ("a: [", ["c.yaml", "YAML"]), ("- 1", ["c.yaml", "mapping", "list"])],
)
def test_a_wrong_file(refused: Callable[..., str], text: str | None, parts: list[str]) -> None:
    if text is not None:
        Path("c.yaml").write_text(text)
    message = refused("run", "c.yaml")
    assert all(part in message for part in parts), message


def test_a_missing_key(write_config: Write, refused: Callable[..., str]) -> None:
    """Before the isolation is complained of: with the key set, the next line would."""
    sandbox = {"kind": "process", "allow_unisolated": True}
    config = write_config(generator={"kind": "openai", "model": "gpt-5-mini"}, evaluation={"sandbox": sandbox})
    assert "OPENAI_API_KEY" in refused("run", config)


def test_a_model_whose_code_would_not_be_isolated(
    write_config: Write, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    message = refused(
        "run", write_config(generator={"kind": "openai", "model": "gpt-5-mini"}, evaluation={"sandbox": {"kind": "process"}})
    )
    assert "'process'" in message
    assert "--set evaluation.sandbox.allow_unisolated=true" in message


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("postgresql+nodriver://localhost/x", ["postgresql+nodriver://localhost/x", "sqlite:///"]),
        ("runs.db", ["'runs.db'", "sqlite:///"]),
        ("sqlite://", ["'sqlite://'", "sqlite:///"]),
        ("sqlite:///small.yaml", ["small.yaml", "no SQLite database"]),
        ("sqlite:///small.yaml/runs.db", ["small.yaml"]),
    ],
)
def test_an_unreachable_database(write_config: Write, refused: Callable[..., str], url: str, parts: list[str]) -> None:
    message = refused("run", write_config(), "--archive", url)
    assert all(part in message for part in parts), message


def stamp(path: Path, revision: str | None) -> None:
    """Make an archive's schema look like another version's."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"DELETE FROM {VERSION_TABLE}")
        if revision is not None:
            connection.execute(f"INSERT INTO {VERSION_TABLE} VALUES (?)", [revision])
    connection.close()


@pytest.mark.parametrize(
    "command", [["run", "small.yaml"], ["runs"], ["best"], ["resume", "tiny"], ["show", "1"], ["db", "upgrade"]]
)
def test_a_newer_schema(
    write_config: Write, refused: Callable[..., str], command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config()
    Archive.open("sqlite:///newer.db", create=True).close()
    stamp(Path("newer.db"), "9999")
    monkeypatch.setenv("EVOHEUR_ARCHIVE", "sqlite:///newer.db")
    message = refused(*command)
    assert "9999" in message
    assert "upgrade evoheur" in message


@pytest.mark.parametrize("command", [["runs"], ["best"], ["resume", "tiny"], ["db", "check"]])
def test_an_older_schema(refused: Callable[..., str], command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database is the oldest schema there is."""
    Path("older.db").touch()
    monkeypatch.setenv("EVOHEUR_ARCHIVE", "sqlite:///older.db")
    assert "evoheur db upgrade sqlite:///older.db" in refused(*command)


def test_a_name_that_exists(write_config: Write, history: History) -> None:
    for words in (["--name", "tiny"], ["--name", "tiny", "--dry-run"]):
        message = refusal("run", write_config(), *words, "--archive", history.url)
        assert "'tiny'" in message
        assert "--name" in message
        assert "evoheur resume tiny" in message
    with Archive.open(history.url) as archive:
        assert len(archive.runs()) == 1


@pytest.mark.parametrize("name", ["a b", "a/b", "", "-x"])
def test_a_name_that_cannot_be_one(write_config: Write, refused: Callable[..., str], name: str) -> None:
    assert f"name is {name!r}" in refused("run", write_config(), f"--name={name}")


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("def score(item, bins):\n    return bins\n", ["defines score", "priority(item, bins)"]),
        ("def priority(item):\n    return item\n", ["priority(item)", "priority(item, bins)"]),
        ("def priority(item, bins:\n", ["line 1", "priority(item, bins)"]),
        ("x = 1\n", ["no function", "priority(item, bins)"]),
        (None, ["'rule.py'", "no heuristic file"]),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_a_heuristic_without_the_right_function(
    refused: Callable[..., str], code: str | None, parts: list[str], named: bool
) -> None:
    if code is not None:
        Path("rule.py").write_text(code)
    message = refused("evaluate", "rule.py", *(["--problem", "bin_packing_online"] if named else []))
    if not named and code is not None and "priority" not in code:  # nothing tells which of the problems is meant
        parts = [parts[0], "`evoheur problems list`"]
    assert all(part in message for part in ["rule.py", *parts]), message


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["baseline:best_fit"], ["textbook:best_fit"]),
        (["textbook:best-fit"], ["'best-fit'", "'best_fit'", "harmonic"]),
        (["textbook:x", "--problem", "nowhere"], ["'nowhere'", "bin_packing_online"]),
        (["1"], ["no archive", "runs/evoheur.db"]),
        (["textbook:best_fit", "--problem", "bin_packing_online", "--setting", "nan"], ["'nan'", "key=value"]),
        (["textbook:best_fit", "--problem", "bin_packing_online", "--setting", "nan=low"], ["'low'", "'highest'"]),
        (
            ["textbook:best_fit", "--problem", "bin_packing_online", "--split", "test", "--instances", "x.json"],
            ["--split test", "--instances x.json"],
        ),
        (["textbook:best_fit", "--problem", "bin_packing_online", "--instances", "x.json"], ["x.json"]),
    ],
)
def test_a_wrong_target_of_evaluate(refused: Callable[..., str], words: list[str], parts: list[str]) -> None:
    message = refused("evaluate", *words)
    assert all(part in message for part in parts), message


@pytest.mark.parametrize(
    "words", [["problems", "show", "bin_packing"], ["problems", "show", "bin_packing_online", "--setting", "x=1"]]
)
def test_a_problem_that_is_not_there(refused: Callable[..., str], words: list[str]) -> None:
    assert "bin_packing" in refused(*words)


def test_several_mistakes_are_a_line_each(write_config: Write) -> None:
    done = evoheur("run", write_config(buget={}, in_flight=0), "--set", "seed=x")
    assert done.code == 2
    assert done.out == ""
    title, *lines = done.err.splitlines()
    assert title == "error: small.yaml has 3 mistakes:"
    assert len(lines) == 3
    assert all(line.startswith("  small.yaml:1:") for line in lines[:2])
    assert lines[2].startswith("  --set 'seed=x': seed is 'x'")


@pytest.mark.parametrize(
    "command",
    [["run"], ["sweep", "--strategies", "eoh"], ["sweep", "small.yaml", "--strategies", "mine=bad.yaml"]],
    ids=["run", "sweep", "arm"],
)
@pytest.mark.parametrize(
    "text",
    ["[" * 3000, "seed: 2001-99-99", "seed: " + "9" * 5000, 'a: "\\ud800"', "a: 1\na: 2", ""],
    ids=["nested", "date", "digits", "half", "twice", "empty"],
)
def test_a_file_that_no_configuration_can_be(write_config: Write, command: list[str], text: str) -> None:
    write_config()
    Path("bad.yaml").write_text(text)
    words = command if "small.yaml" in command else [command[0], "bad.yaml", *command[1:]]
    done = evoheur(*words)
    assert done.code == 2
    assert "bad.yaml" in done.err
    assert "bug" not in done.err


def test_a_kind_of_no_form(write_config: Write, refused: Callable[..., str]) -> None:
    assert "Unknown strategy kind '..:x'" in refused("run", write_config(strategy={"kind": "..:x"}))


@pytest.mark.parametrize(
    "words",
    [
        ["run", "./pipe"],
        ["evaluate", "pipe.py"],
        ["evaluate", "pipe"],
        ["evaluate", "textbook:best_fit", "--problem", "bin_packing_online", "--instances", "pipe"],
        ["evaluate", "textbook:best_fit", "--problem", "bin_packing_online", "--instances", "folder"],
        ["evaluate", "/dev/zero", "--problem", "bin_packing_online"],
        ["run", "/dev/zero"],
    ],
)
def test_what_is_no_regular_file_is_not_waited_for(words: list[str]) -> None:
    Path("folder").mkdir()
    for name in ("pipe", "pipe.py", "folder/pipe.json"):
        os.mkfifo(name)
    message = refusal(*words)
    assert "is a named pipe" in message or "is a device" in message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('{"meta": {}, "instances": [{"name": "\\ud800", "capacity": 10, "items": [3, 4]}]}', "half a character"),
        ("[" * 100_000, "recursion depth"),
        ('{"meta": {}, "instances": [{"name": "a", "capacity": ' + "9" * 5000 + ', "items": [3, 4]}]}', "digits"),
    ],
    ids=["half a character", "nested", "digits"],
)
def test_instances_that_cannot_be_read(refused: Callable[..., str], text: str, part: str) -> None:
    folder = Path().absolute().parent
    (folder / "mine.json").write_text(text)
    words = ["evaluate", "textbook:best_fit", "--problem", "bin_packing_online", "--instances", "../mine.json"]
    assert part in refused(*words)


@pytest.mark.parametrize(
    "value",
    ["[" * 3000, "2001-99-99", "9" * 5000, '"\\ud800"', ".nan", "{1: 2}", "*a"],
    ids=["nested", "date", "digits", "half", "nan", "key", "alias"],
)
def test_a_setting_of_no_form(refused: Callable[..., str], value: str) -> None:
    message = refused("problems", "show", "bin_packing_online", "--setting", f"nan={value}")
    assert "nan" in message
