"""`skill`: the file for coding agents, and that what it says holds."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.page_writers.commands import commands
from evoheur.api.agent_skill import skill_text
from evoheur.cli.commands import ORDER
from evoheur.documents.schemas import DOCUMENTS
from evoheur.run.budget import Budget
from tests.docs.support.code_blocks import blocks
from tests.end_to_end.support.runs import environment
from tests.evoheur.cli.support.invoking import evoheur, refusal
from tests.evoheur.documents.support.forms import form_of

TEXT = skill_text()
WRITTEN = {
    "doctor --json": "doctor",
    "watch first --once --json": "run",
    "show first/best --json": "candidate",
    "evaluate first/best --split test --json": "score",
    "failures first --json": "failure",
    "spend first --json": "spending",
    "compare first --json": "comparison",
}
"""Command of the file → the document that it writes."""


def scripts() -> Iterator[str]:
    for block in blocks(TEXT):
        assert block.language == "bash"
        yield from block.text.splitlines()


def test_it_begins_with_what_agents_look_for() -> None:
    """Name and description, as limited by the format: 64 and 1,024 characters."""
    _, front, body = TEXT.split("---\n", 2)
    found = yaml.safe_load(front)
    assert found.keys() == {"name", "description"}
    assert re.fullmatch(r"[a-z0-9-]{1,64}", found["name"])
    assert 100 < len(found["description"]) <= 1024
    assert "Use it when" in found["description"]
    assert body.lstrip().startswith("# evoheur")


def test_five_commands_come_first_and_all_that_write_json_are_looked_at() -> None:
    assert len(next(blocks(TEXT)).text.splitlines()) == 5
    assert {line.removeprefix("evoheur ") for line in scripts() if "--json" in line} == set(WRITTEN)


def test_commands_and_options_exist() -> None:
    """Also those within sentences."""
    known = {" ".join(command.words[1:]): command.options for command in commands()}
    called = [*scripts(), *re.findall(r"`(evoheur [^`]+)`", TEXT)]
    assert len(called) > 12
    for line in called:
        words = line.split()[1:]
        name = next((" ".join(words[:count]) for count in (2, 1) if " ".join(words[:count]) in known), None)
        assert name is not None, line
        assert {word for word in words if re.match(r"--?[a-z]", word)} <= known[name], line


def test_keys_that_it_names_are_keys_of_documents() -> None:
    """Of those that its commands write; budgets are settings."""
    paths = {path for name in DOCUMENTS for path in form_of(name)}
    keys = {key.rstrip("[]*") for path in paths for key in re.split(r"[.<>]", path)}
    named = re.findall(r"`([a-z_.]+)(?:: true)?`", TEXT)
    for word in named:
        first, _, rest = word.partition(".")
        if first == "budget":
            assert rest in Budget.model_fields, word
        elif first not in {"generator", "unfinished", "finished", "interrupted", "failed", *ORDER}:
            assert set(word.split(".")) <= keys | {"train", "validation", "test"}, word
    assert {"overfitted", "sentence", "seeds_needed", "rule_class", "cost_usd"} <= {word.rpartition(".")[2] for word in named}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_its_commands_do_what_it_says(tmp_path: Path) -> None:
    """Each with exit code 0, in its order, in an empty folder; and what is to be JSON is a document of its kind."""
    program = f"{sys.executable} -m evoheur"
    for line in scripts():
        done = subprocess.run(
            line.replace("evoheur", program, 1),
            shell=True,
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        if "--json" in line:
            written: Any = json.loads(done.stdout)
            kind = WRITTEN[line.removeprefix("evoheur ")]
            assert all(one["format"] == f"{kind}/1" for one in (written if isinstance(written, list) else [written])), line
            if kind == "candidate":
                assert {"code", "thought", "gaps", "family_gaps", "textbook_gaps", "audit"} <= written.keys()
            if kind == "run":
                assert {"status", "reason", "evaluations", "tokens", "cost_usd", "failures", "best"} <= written.keys()
    assert (tmp_path / "heuristic.py").exists()


def test_it_is_printed_or_written_where_agents_look() -> None:
    assert evoheur("skill").out == TEXT
    assert evoheur("skill", "-o", "skills").code == 0
    assert Path("skills/evoheur/SKILL.md").read_text() == TEXT
    assert evoheur("skill", "-o", "other/AGENTS.md").code == 0
    assert Path("other/AGENTS.md").read_text() == TEXT


def test_a_file_with_other_words_is_replaced_only_when_told_so() -> None:
    Path("mine.md").write_text("My own notes.")
    assert "--force" in refusal("skill", "-o", "mine.md")
    assert Path("mine.md").read_text() == "My own notes."
    assert evoheur("skill", "-o", "mine.md", "--force").code == 0
    assert evoheur("skill", "-o", "mine.md").code == 0
    assert Path("mine.md").read_text() == TEXT


def test_where_it_cannot_be_written_it_says_so() -> None:
    Path("file").write_text("")
    assert "cannot be written" in refusal("skill", "-o", "file/skills")
