"""README and the pages: length, links, words, and the figures that stand in two places."""

import ast
import importlib
import re
from pathlib import Path

import pytest
import yaml

import evoheur
from docs.page_writers.python_api import SEAMS
from evoheur import __version__
from evoheur.problem_modules import bundled_problems
from tests.docs.support.code_blocks import PAGES, ROOT, blocks

README = (ROOT / "README.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

REQUIRED = (
    "archive baseline candidate evaluation executor family gap generator guest heuristic instance objective operator outcome probe "
    "problem prompt reference repair replay reply request rule run session slot split status strategy tuning"
)
"""The words that a newcomer meets first; each has its place in the glossary."""


def anchors(text: str) -> set[str]:
    """Headings as links name them: lower case, dashes for blanks, nothing but letters, digits, dashes and underscores."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 120


def test_the_readme_counts_the_problems() -> None:
    words = {14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen", 20: "twenty"}
    assert f"({words[len(bundled_problems())]} are included:" in README


@pytest.mark.parametrize("name", [*PAGES, "CHANGELOG.md"])
def test_links_lead_somewhere(name: str) -> None:
    """In the repository as on the site: to files that exist, and to headings of theirs."""
    page = ROOT / name
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, heading = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{name} links to {target}"
        assert not heading or heading in anchors(found.read_text(encoding="utf-8")), f"{name} links to {target}"


def test_the_glossary_has_the_words_once() -> None:
    """A heading for each, below the heading of its group."""
    words = [word.lower() for word in re.findall(r"^### (.+)$", GLOSSARY, re.MULTILINE)]
    assert len(words) == len(set(words))
    assert set(REQUIRED.split()) | {"textbook rule", "isolation level"} <= set(words)
    assert all(len(text.split()) >= 8 for text in re.split(r"^#+ .+$", GLOSSARY, flags=re.MULTILINE)[2:] if text.strip())


def test_the_readme_shows_what_the_first_run_prints() -> None:
    """The lines of its output are lines of the whole output, in the same order."""
    whole = (ROOT / "docs" / "first-run.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"^```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    lines = [line for line in shown.splitlines() if line]
    assert len(lines) > 3
    place = 0
    for line in lines:
        assert line in whole[place:]
        place = whole.index(line, place)


def test_the_citation_is_whole_and_of_this_version() -> None:
    """The keys that version 1.2.0 of the format requires."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_messages_and_docstrings_name_pages_that_exist() -> None:
    """Whoever follows a "see docs/…" finds it."""
    sources = [path for folder in ("evoheur", "problems", "sandbox", "configs") for path in (ROOT / folder).rglob("*.*")]
    sources = [path for path in sources if path.suffix in {".py", ".yaml", ".jinja"}]
    named = {page: path for path in sources for page in re.findall(r"docs/[\w-]+\.md", path.read_text(encoding="utf-8"))}
    assert named
    assert {f"{page} in {path}" for page, path in named.items() if not Path(ROOT, page).exists()} == set()


@pytest.mark.parametrize("name", PAGES)
def test_pages_import_only_what_is_promised(name: str) -> None:
    """A name of the front door, wherever it is imported from, or a public name of a module in the reference."""
    seams = {module for modules in SEAMS.values() for module in modules}
    for block in blocks(PAGES[name].read_text(encoding="utf-8")):
        for node in ast.walk(ast.parse(block.text)) if block.language == "python" else ():
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "evoheur":
                public = importlib.import_module(node.module).__all__ if node.module in seams else ()
                assert {alias.name for alias in node.names} <= {*evoheur.__all__, *public}, ast.unparse(node)
