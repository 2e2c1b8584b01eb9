"""docs/methods.md has a section for every method that ships, with every setting of it."""

import re
from pathlib import Path

import pytest

from evoheur.components import resolve_kind
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig

TEXT = (Path(__file__).parents[3] / "docs" / "methods.md").read_text()
SECTIONS = {
    found.group(2): found.group(0)
    for found in re.finditer(r"^## ([^\n]*) \(`(\w+)`\)\n.*?(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
}


def test_every_method_has_a_section_and_a_line_in_the_overview() -> None:
    assert set(SECTIONS) == set(BUILTIN_STRATEGIES)
    assert set(re.findall(r"^\| \[?`(\w+)`", TEXT[: TEXT.index("\n## ")], re.MULTILINE)) == set(BUILTIN_STRATEGIES)


@pytest.mark.parametrize("kind", BUILTIN_STRATEGIES)
def test_a_section_names_every_setting_and_operator(kind: str) -> None:
    config_type = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    settings = set(config_type.model_fields) - {"kind"}
    assert {name for name in settings if f"`{name}`" not in SECTIONS[kind]} == set()
    operators = set() if kind in {"eoh", "portfolio", "random"} else set(config_type.model_validate({"kind": kind}).catalogue)
    assert {name for name in operators if not re.search(rf"\b{name}\b", SECTIONS[kind])} == set()


def test_links_within_the_page_lead_somewhere() -> None:
    """As headings become anchors: lower case, dashes for blanks, nothing but letters, digits, dashes and underscores."""
    anchors = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors
