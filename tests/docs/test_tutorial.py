"""The tutorial, followed literally: every file written and every command run in an empty folder, every output compared."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.support.code_blocks import pattern
from tests.end_to_end.support.runs import environment, evoheur
from tests.end_to_end.support.warm_interpreter import warm_program

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.md"

_BLOCK = re.compile(r"^(?P<before>[^\n]*)\n\n```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`(?P<path>[\w./]+)`(?:, is| (?P<how>begins with|goes on with|is))$")


class File(NamedTuple):
    path: str
    text: str
    goes_on: bool


class Command(NamedTuple):
    line: str
    output: str


def steps(tutorial: str) -> Iterator[File | Command]:
    """What the tutorial tells a reader to do, in order.

    A block of code or data follows a line that ends with the name of its file; a console block is commands, each with its output; a text
    block only illustrates. Any other block is a mistake in the tutorial.
    """
    for block in _BLOCK.finditer(tutorial):
        if block["kind"] == "console":
            for command in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
                line, _, output = command.partition("\n")
                yield Command(line, output)
        elif block["kind"] in {"python", "json"}:
            named = _FILE.search(block["before"])
            assert named is not None, f"no file is named before the block {block['text'][:60]!r}"
            yield File(named["path"], block["text"], goes_on=named["how"] == "goes on with")
        else:
            assert block["kind"] == "text", block["kind"]


def test_every_block_of_the_tutorial_is_followed() -> None:
    """None escapes the reading above: as many blocks as there are fences, and what is to be done is of either kind."""
    tutorial = TUTORIAL.read_text()
    assert len(_BLOCK.findall(tutorial)) == tutorial.count("\n```") / 2
    done = list(steps(tutorial))
    assert {step.path for step in done if isinstance(step, File)} == {
        "knapsack/problem.py",
        "knapsack/generate.py",
        "knapsack/textbook_rules.py",
        "knapsack/test_problem.py",
        "mine.json",
    }
    assert len([step for step in done if isinstance(step, Command)]) >= 12


@pytest.mark.parametrize(
    ("expected", "printed", "fits"),
    [
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nd\n", True),
        ("a\n…\nd\n", "a\nb\n", False),
        ("gap 1.13 % | … |\n", "gap 1.13 % |   0.002 |\n", True),
        ("gap 1.13 % | … |\n", "gap 1.14 % |   0.002 |\n", False),
        ("a\n", "a\nb\n", False),
    ],
)
def test_outputs_are_compared(expected: str, printed: str, fits: bool) -> None:
    assert bool(re.fullmatch(pattern(expected), printed)) is fits


@pytest.mark.nightly  # `extending-problem.md` is followed by day
@pytest.mark.timeout(900)
def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    """With the commands of this installation, in a folder with nothing else in it; and the search has found something."""
    path = os.pathsep.join([str(warm_program()), str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    for step in steps(TUTORIAL.read_text()):
        if isinstance(step, File):
            with (tmp_path / step.path).open("a" if step.goes_on else "w") as file:
                file.write("\n\n" + step.text if step.goes_on else step.text)
            continue
        done = subprocess.run(
            step.line,
            shell=True,
            cwd=tmp_path,
            env=environment({"PATH": path}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, f"{step.line}\n{done.stdout}"
        assert re.fullmatch(pattern(step.output), done.stdout), f"{step.line}\n{done.stdout}"
    best = json.loads(evoheur("show", "knapsack-1/best", "--json", cwd=tmp_path).stdout)
    own = json.loads(evoheur("show", "knapsack-1/0", "--json", cwd=tmp_path).stdout)
    assert best["evaluations"]["validation"]["gap"] < own["evaluations"]["validation"]["gap"] / 2
