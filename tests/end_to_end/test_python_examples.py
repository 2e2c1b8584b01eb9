"""Every example in Python of README, docs and the front door's docstrings runs as it stands."""

import ast
import doctest
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import evoheur
from tests.end_to_end.support.runs import environment
from tests.end_to_end.support.warm_interpreter import run_warm

ROOT = Path(__file__).parents[2]

FOLLOWED = {"tutorial.md": "test_tutorial.py", "online.md": "test_online_page.py"} | dict.fromkeys(
    [page.name for page in (ROOT / "docs").glob("extending-*.md")], "test_extending_pages.py"
)
"""Page → the test that follows it block by block."""

_BLOCK = re.compile(r"^(?P<mark><!--.*?-->)?\n+```python\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

_ITEMS = "capacity 10\n6\n5\n4\n"


class Block(NamedTuple):
    """A block of Python in a page, and a comment above it, such as <!-- needs: key -->."""

    page: Path
    number: int
    mark: str
    text: str

    @property
    def is_part_of_a_class(self) -> bool:
        """Shows a method alone, which can only be read."""
        return all(
            isinstance(node, ast.FunctionDef) and node.args.args[:1] and node.args.args[0].arg == "self" for node in self.tree
        )

    @property
    def tree(self) -> list[ast.stmt]:
        return ast.parse(self.text).body

    @property
    def short(self) -> str:
        """The text with small budgets."""
        return re.sub(r'(?<="budget\.evaluations": )\d+', "8", self.text)


def blocks() -> Iterator[Block]:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        if page.name not in FOLLOWED:
            for number, found in enumerate(_BLOCK.finditer(page.read_text(encoding="utf-8"))):
                yield Block(page, number, found["mark"] or "", found["text"])


def test_pages_that_are_left_out_have_tests_of_their_own() -> None:
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    for page, test in FOLLOWED.items():
        assert (ROOT / "docs" / page).is_file()
        assert test in tests


def test_the_front_door_is_shown_in_the_readme() -> None:
    [block] = [block for block in blocks() if block.page.name == "README.md"]
    assert "from evoheur import discover" in block.text


@pytest.mark.slow
@pytest.mark.parametrize("block", list(blocks()), ids=lambda block: f"{block.page.stem}-{block.number}")
def test_a_block_of_python_runs(block: Block, tmp_path: Path) -> None:
    """With a small budget, if it has one."""
    run_block(block, block.short, tmp_path)


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize(
    "block", [block for block in blocks() if block.short != block.text], ids=lambda block: f"{block.page.stem}-{block.number}"
)
def test_a_block_of_python_runs_with_the_budget_it_has(block: Block, tmp_path: Path) -> None:
    run_block(block, block.text, tmp_path)


def run_block(block: Block, text: str, tmp_path: Path) -> None:
    if "needs:" in block.mark:
        pytest.skip(block.mark)
    if block.is_part_of_a_class:
        return
    (tmp_path / "heuristic.py").write_text(
        "def priority(item, capacity, arrived, mean, space, free, *others):\n    return -free\n"
    )
    (tmp_path / "mine.txt").write_text(_ITEMS)
    done = run_warm([], code=text, cwd=tmp_path, env=environment(), timeout=280)
    assert done.returncode == 0, done.stderr


MODULES = ["evoheur", "evoheur.platform_check", "evoheur.cli.menu"]
MODULES += [module.name for module in pkgutil.walk_packages(importlib.import_module("evoheur.api").__path__, "evoheur.api.")]


def examples(module: str) -> dict[str, doctest.DocTest]:
    """Name of what is documented → its examples."""
    found = doctest.DocTestFinder().find(importlib.import_module(module))
    return {test.name: test for test in found if test.examples}


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_docstrings_show_what_happens(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in a folder of its own."""
    monkeypatch.delenv("EVOHEUR_ARCHIVE", raising=False)
    for name, example in examples(module).items():
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        words: list[str] = []
        outcome = doctest.DocTestRunner().run(example, out=words.append)
        assert (outcome.failed, outcome.attempted > 0) == (0, True), "".join(words)


@pytest.mark.parametrize("name", ["discover", "evaluate", "load_config", "open_archive", "resume", "simplify"])
def test_a_function_of_the_front_door_shows_an_example(name: str) -> None:
    function = getattr(evoheur, name)
    assert f"{function.__module__}.{name}" in examples(function.__module__)
