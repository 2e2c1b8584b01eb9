"""The how-to pages on plug-ins: their code is the example package's, and every command of theirs runs where that is installed.

The pages: extending-strategy.md, extending-generator.md, extending-problem.md, extending-executor.md, extending-isolation.md,
extending-observer.md, extending-package.md.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.support.runs import environment
from tests.end_to_end.support.warm_interpreter import warm_program
from tests.support.example_site import EXAMPLE, install_example

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path.stem for path in DOCS.glob("extending-*.md"))
_TAKE_LONG, _BY_DAY = {"extending-generator", "extending-problem"}, "extending-problem"
_FILE = re.compile(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMANDS = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_there_is_a_page_for_every_kind_of_part() -> None:
    kinds = {"executor", "generator", "isolation", "observer", "package", "problem", "strategy"}
    assert {page.removeprefix("extending-") for page in PAGES} == kinds


@pytest.mark.parametrize("page", PAGES)
def test_shown_files_are_those_of_the_example(page: str) -> None:
    shown = _FILE.findall((DOCS / f"{page}.md").read_text())
    assert shown
    for name, text in shown:
        assert text == (EXAMPLE / name).read_text(), f"{page}.md shows another {name}"


def test_every_file_of_the_example_is_shown() -> None:
    """But for what a page names without showing it."""
    shown = {name for page in PAGES for name, _ in _FILE.findall((DOCS / f"{page}.md").read_text())}
    found = [*EXAMPLE.glob("*.*"), *(EXAMPLE / "mylab").rglob("*")]
    files = {str(path.relative_to(EXAMPLE)) for path in found if path.suffix in {".py", ".jinja", ".toml", ".yaml"}}
    assert files - shown == {"mylab/__init__.py", "mylab/prompts/greedy/_mood.jinja"}


@pytest.mark.parametrize(
    "page", [pytest.param(page, marks=[pytest.mark.nightly] if page in _TAKE_LONG - {_BY_DAY} else []) for page in PAGES]
)
def test_the_commands_of_a_page_end_well(page: str, tmp_path: Path) -> None:
    site = install_example(tmp_path / "site")
    work = tmp_path / "work"
    work.mkdir()
    shutil.copy(EXAMPLE / "run.yaml", work)
    path = os.pathsep.join([str(warm_program()), str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = _COMMANDS.findall((DOCS / f"{page}.md").read_text())
    assert found
    for script in found:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=work,
            env=environment({"PATH": path, "PYTHONPATH": str(site)}),
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
