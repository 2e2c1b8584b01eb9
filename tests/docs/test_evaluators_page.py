"""The page on evaluators: its problem is the example's and sound, its commands run, and no program forges its score."""

import re
import shutil
from pathlib import Path

import pytest

from evoheur import evaluate
from evoheur.candidate import Status
from tests.docs.support.code_blocks import ROOT
from tests.evoheur.cli.support.invoking import evoheur

PAGE = (ROOT / "docs" / "evaluators.md").read_text()
EXAMPLE = ROOT / "docs" / "examples" / "scored_programs"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

HONEST = """
import numpy as np

def choose(length, ends, speeds, memory):
    return -(ends + length / speeds)

def remember(length, ends, speeds, memory):
    return memory + 1
"""
FORGED = {
    "a cost of its own": (
        "import sys\nfor module in list(sys.modules.values()):\n"
        "    if hasattr(module, 'SentJobs'):\n        module.SentJobs.cost = lambda *_: 0.0\n" + HONEST,
        Status.OK,
    ),
    "an empty answer": (
        HONEST.replace("    return -", "    import sys\n    sys._getframe(1).f_locals['sent'].clear()\n    return -"),
        None,
    ),
    "an end to the frame": (HONEST.replace("    return -", "    raise SystemExit(0)\n    return -"), Status.ERROR),
    "a memory of another form": (HONEST.replace("memory + 1", "[memory, 1]"), Status.ERROR),
}
"""Programs that do not want to be scored as they are, and what becomes of them; None for whatever is not OK."""


@pytest.fixture(autouse=True)
def _example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLE, "scored_programs", ignore=shutil.ignore_patterns("__pycache__"))


def _blocks(language: str) -> list[str]:
    return [text for name, text in _BLOCK.findall(PAGE) if name == language]


def test_the_page_shows_the_example() -> None:
    assert _blocks("python") == [(EXAMPLE / "problem.py").read_text()]


def test_its_commands_run_and_both_functions_evolve() -> None:
    Path("scored.yaml").write_text(*_blocks("yaml"))
    [commands] = _blocks("bash")
    for line in commands.splitlines():
        done = evoheur(*line.split()[1:])
        assert done.code == 0, done
    found = evoheur("best", "scored-1", "-n", "20", "--json").document
    assert len({each["objective"] for each in found}) > 1


def test_the_rule_of_the_textbook_can_be_written_and_keeps_its_cost() -> None:
    honest = evaluate(HONEST, "./scored_programs", split="train")
    plain = evaluate(HONEST.replace("memory + 1", "memory * 0"), "./scored_programs", split="train")
    assert honest.status is Status.OK, honest.detail
    assert honest.objective == plain.objective


def test_the_memory_begins_anew_with_each_instance() -> None:
    """A program that would end where it finds something left over from the instance before."""
    counting = HONEST.replace(
        "    return -(", "    if (ends == 0).all() and memory.any():\n        raise ValueError(memory)\n    return -("
    )
    assert evaluate(counting, "./scored_programs", split="train").status is Status.OK


@pytest.mark.parametrize("what", [*FORGED])
def test_a_score_cannot_be_forged(what: str) -> None:
    code, status = FORGED[what]
    honest, forged = (evaluate(each, "./scored_programs", split="train") for each in (HONEST, code))
    if status is Status.OK:
        assert forged.objective == honest.objective
    elif status is None:
        assert forged.status is not Status.OK
    assert status in {None, forged.status}, forged.detail
