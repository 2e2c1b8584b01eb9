"""The site builds without a warning, holds what the program has, and a fault in a page stops it."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sphinx.util.inventory import InventoryFile

from docs.page_writers.commands import commands
from docs.page_writers.python_api import SEAMS
from evoheur.evaluation.executor import BUILTIN_EXECUTORS
from evoheur.evaluation.isolation import BUILTIN_SANDBOXES
from evoheur.generation.generator import BUILTIN_GENERATORS
from evoheur.run.config import RunConfig
from evoheur.strategies.strategy import BUILTIN_STRATEGIES
from tests.docs.support.code_blocks import PAGES, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]
by_night = pytest.mark.nightly  # `make docs` builds the site for every change; a fault that stops a build is looked for by day


def build(source: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build as `make docs` does."""
    words = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--fresh-env", "--quiet", *options]
    return subprocess.run([*words, str(source), str(target)], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site."""
    target = tmp_path_factory.mktemp("site")
    done = build(ROOT / "docs", target)
    assert done.returncode == 0, done.stderr
    return target


def test_the_site_is_built_as_make_builds_it() -> None:
    """The same options, so that what passes here passes there."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "$(BIN)/sphinx-build --fail-on-warning --keep-going --fresh-env --quiet docs build/docs" in makefile
    assert "make docs" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@by_night
def test_every_page_is_there(site: Path) -> None:
    made = {path.relative_to(site).with_suffix(".md").as_posix() for path in site.rglob("*.html")}
    assert {name.removeprefix("docs/") for name in PAGES if name.startswith("docs/")} <= made


@by_night
def test_every_command_and_option_is_in_the_reference(site: Path) -> None:
    page = (site / "commands.html").read_text(encoding="utf-8")
    for command in commands():
        assert f"{' '.join(command.words)}<" in page
    options = {option for command in commands() for option in command.options} - {"--help"}
    assert {option for option in options if f">{option}" not in page} == set()


@by_night
def test_every_setting_and_kind_is_in_the_reference(site: Path) -> None:
    page = (site / "configuration.html").read_text(encoding="utf-8")
    kinds: Sequence[str] = [*BUILTIN_STRATEGIES, *BUILTIN_GENERATORS, *BUILTIN_EXECUTORS, *BUILTIN_SANDBOXES]
    assert {
        word for word in [*kinds, *RunConfig.model_fields, "population_size", "wall_seconds"] if f">{word}<" not in page
    } == set()


@by_night
def test_what_authors_derive_from_is_in_the_reference(site: Path) -> None:
    """Each under a name that links can use."""
    with (site / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, path: base + path)
    names = {name for kind, found in inventory.items() if kind.startswith("py:") for name in found}
    modules = {module for several in SEAMS.values() for module in several}
    assert {module for module in modules if not any(name.startswith(f"{module}.") for name in names)} == set()
    for name in ("Problem.cost", "Strategy.ask", "Generator.complete", "Executor.evaluate", "ProblemContract"):
        assert any(found.startswith("evoheur.") and found.endswith(f".{name}") for found in names), name


@pytest.mark.parametrize(
    ("fault", "warning"),
    [
        ("[a page](nowhere.md)\n", "nowhere.md"),
        pytest.param("[a heading](#nowhere)\n", "nowhere", marks=by_night),
        pytest.param("```{toctree}\nnowhere\n```\n", "nonexisting document", marks=by_night),
    ],
)
def test_a_fault_in_a_page_stops_the_build(tmp_path: Path, fault: str, warning: str) -> None:
    """A link to no page, a link to no heading, navigation to no page: none passes as a warning."""
    source = tmp_path / "docs"
    source.mkdir()
    (source / "index.md").write_text(f"# Title\n\n{fault}", encoding="utf-8")
    settings = ("extensions=myst_parser", "myst_heading_anchors=4")
    done = build(source, tmp_path / "out", "--isolated", *(word for setting in settings for word in ("--define", setting)))
    assert done.returncode == 1
    assert warning in done.stderr


@by_night
def test_a_page_outside_the_navigation_stops_the_build(tmp_path: Path) -> None:
    source = tmp_path / "docs"
    source.mkdir()
    (source / "index.md").write_text("# Title\n", encoding="utf-8")
    (source / "lost.md").write_text("# Lost\n", encoding="utf-8")
    done = build(source, tmp_path / "out", "--isolated", "--define", "extensions=myst_parser")
    assert done.returncode == 1
    assert "isn't included in any toctree" in done.stderr
