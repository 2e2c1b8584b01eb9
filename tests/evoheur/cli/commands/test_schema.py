"""`evoheur schema`, and that commands write what the schemas say."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from evoheur.documents.schemas import CONFIG, DOCUMENTS
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal


def check(name: str, document: Any) -> None:
    """See that a document has its form, and no key of which its schema knows nothing."""
    schema = strict(evoheur("schema", name).document)
    Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER).validate(document)


def strict(schema: Any) -> Any:
    """The schema without room for keys to come."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    return {"additionalProperties": False, **closed} if isinstance(schema.get("properties"), dict) else closed


def test_it_prints_the_configurations_schema_unless_told_otherwise(tmp_path: Path) -> None:
    printed = evoheur("schema")
    assert printed.document["title"] == "A configuration of evoheur"
    assert evoheur("schema", CONFIG).out == printed.out
    done = evoheur("schema", "-o", str(tmp_path / "schema.json"))
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / "schema.json").read_text() == printed.out


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    assert "'rnu' (did you mean 'run'?)" in refusal("schema", "rnu")


@pytest.mark.parametrize("name", [CONFIG, *DOCUMENTS])
def test_every_schema_is_one(name: str) -> None:
    Draft7Validator.check_schema(evoheur("schema", name).document)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("run", ["runs"]),
        ("candidate", ["best", "tiny"]),
        ("candidate", ["show", "tiny/7", "--prompt", "--reply", "--diff"]),
        ("candidate", ["show", "tiny/0", "--prompt", "--reply"]),
        ("failure", ["failures", "tiny"]),
        ("spending", ["spend", "tiny"]),
        ("grid", ["grid", "tiny"]),
        ("comparison", ["compare", "tiny"]),
        ("score", ["evaluate", "tiny/1", "--split", "test"]),
    ],
)
def test_what_commands_write_of_a_run_has_its_form(history: History, name: str, words: list[str]) -> None:
    written = evoheur(*words, "--json", "--archive", history.url).document
    documents = written if isinstance(written, list) else [written]
    assert documents
    for document in documents:
        assert document["format"] == f"{name}/1"
        check(name, document)
        if name == "candidate":
            for evaluation in document.get("evaluations", {}).values():
                check("evaluation", evaluation)


def test_every_line_of_a_log_has_its_form(finished: History) -> None:
    lines = [json.loads(line) for line in (finished.path.parent / "events.jsonl").read_text().splitlines()]
    assert {line["event"] for line in lines} >= {"run_started", "request_sent", "reply_received", "outcome_told", "run_stopped"}
    for line in lines:
        check("event", line)
    check("totals", lines[-1]["totals"])


def test_the_log_and_the_commands_tell_the_same(finished: History) -> None:
    last = json.loads((finished.path.parent / "events.jsonl").read_text().splitlines()[-1])
    [run] = evoheur("runs", "--json", "--archive", finished.url).document
    assert last["run"] == {**run, "seconds": last["run"]["seconds"]}
    best = evoheur("best", "tiny", "-n", "2", "--json", "--archive", finished.url).document
    assert all(entry.pop("textbook_gaps") == {} for entry in best), (
        "which the log has elsewhere; this problem has no textbook rules"
    )
    assert [{key: told[key] for key in listed} for told, listed in zip(last["best"], best, strict=True)] == best


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("problem-summary", ["problems", "list"]),
        ("config-summary", ["configs"]),
        ("plugin", ["plugins", "--all"]),
        ("problem", ["problems", "show", "bin_packing_online", "--split", "train"]),
        ("prompts", ["prompts", "show", "eoh"]),
        ("archive-schema", ["db", "check", "sqlite:///none.db"]),
        ("doctor", ["doctor"]),
        ("image", ["sandbox", "build", "--show"]),
    ],
)
def test_what_other_commands_write_has_its_form(name: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")  # doctor would have a container compile kernels for seconds
    written = evoheur(*words, "--json").document
    for document in written if isinstance(written, list) else [written]:
        assert document["format"] == f"{name}/1"
        check(name, document)


def test_what_problems_check_and_solve_write_has_its_form(scheduling: str) -> None:
    check("problem-check", evoheur("problems", "check", scheduling, "--split", "train", "--json").document)
    Path("mine.txt").write_text("3 10 6 5 4")
    solved = evoheur("solve", "textbook:harmonic", "mine.txt", "--problem", "bin_packing_online", "--textbook", "--json")
    check("solution", solved.document)
