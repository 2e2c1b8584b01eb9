"""One word, one meaning: names that stand for two things are counted, and kept few."""

import ast
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems

ROOT = Path(__file__).parents[1]
PACKAGES = ("evoheur", "problems", "sandbox")
ROLES = [
    "problem",
    "drawn_solution",
    "expressed_textbook",
    "instance_features",
    "files",
    "generate",
    "instance",
    "kernels",
    "published_interface",
    "splits",
    "symmetries",
    "textbook_rules",
]
"""What a module is to the problem in whose folder it stands; `evoheur.problem` says what a problem is."""

MOST_WORDS, ON_AVERAGE = 20, 10
"""Of the first line of a docstring."""

SPOKEN_WITH = {"rule": "textbook", "rules": "textbook"}
"""Word with several meanings in general → what a module has to speak of where its identifiers have that word."""


@cache
def sources() -> Sequence[tuple[Path, ast.Module]]:
    """All modules with their syntax trees, templates left out."""
    return [
        (path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8")))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "versions" not in path.parts  # Alembic's own names for migrations
    ]


def test_no_public_name_stands_for_two_things() -> None:
    """Classes and modules; but a role that a module has in the folders of problems is one thing in each of them."""
    owners: dict[str, list[str]] = defaultdict(list)
    for path, tree in sources():
        if not path.stem.startswith("__"):
            owners[f"module {path.stem}"].append(str(path))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                owners[f"class {node.name}"].append(str(path))
    twice = {name: places for name, places in owners.items() if len(places) > 1}
    assert sorted(twice) == sorted(f"module {role}" for role in ROLES), twice


def test_docstrings_begin_with_a_short_line() -> None:
    """But for what models are told, a sentence each: a problem's task, and the functions that evolve."""
    lengths, long = [], []
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
                told := ast.get_docstring(node)
            ):
                first = told.splitlines()[0]
                lengths.append(len(first.split()))
                if lengths[-1] > MOST_WORDS and not is_told_to_models(path, node):
                    long.append(f"{path}: {first}")
    assert long == []
    assert sum(lengths) / len(lengths) <= ON_AVERAGE


def is_told_to_models(path: Path, node: ast.AST) -> bool:
    """Whether it is the class of a problem, or a function that a heuristic begins as."""
    if path.parts[0] != "problems":
        return False
    if isinstance(node, ast.ClassDef):
        return path.stem == "problem"
    return isinstance(node, ast.FunctionDef) and node.name in EVOLVING


EVOLVING = {function.__name__ for name in bundled_problems() for function in load_problem(name).functions()} | {
    "fit_scores",
    "insertion_scores",
}
"""Names of the functions that evolve; the last two those of settings."""


def test_overloaded_words_have_the_meaning_of_the_glossary() -> None:
    """A rule is a textbook rule; a heuristic that evolves, a limit, a metric and a case of a filter have names of their own."""
    amiss = {
        str(path): found for path, tree in sources() if (found := misused(path, tree, (ROOT / path).read_text(encoding="utf-8")))
    }
    assert amiss == {}


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("draws", "def draw_rule(): ...", ["draw_rule"]),
        ("draws", "class LevelRule: ...", ["LevelRule"]),
        ("draws", "class Drawn:\n    rule: str", ["rule"]),
        ("draws", "def draw(*, rules): ...", ["rules"]),
        ("draws", "a.rule = 3", ["rule"]),
        ("draws", "from a import RULES as known", ["RULES"]),
        ("level_rule", "", ["level_rule"]),
        ("draws", "# by a rule\nruler = 3", []),
        ("draws", "rules = textbook_rules()", []),
        ("textbook_rules", "RULES = {}", []),
    ],
)
def test_every_kind_of_identifier_is_looked_at(name: str, source: str, found: list[str]) -> None:
    assert misused(Path(f"{name}.py"), ast.parse(source), source) == found


def misused(path: Path, tree: ast.Module, source: str) -> list[str]:
    """The identifiers of a module that have an overloaded word, though it does not speak of what the word means."""
    identifiers = {path.stem}
    for node in ast.walk(tree):
        identifiers |= {
            value for key in ("id", "name", "attr", "arg", "asname") if isinstance(value := getattr(node, key, None), str)
        }
    spoken = f"{path.stem} {source}".lower()
    wanted = {identifier: [SPOKEN_WITH[word] for word in words(identifier) if word in SPOKEN_WITH] for identifier in identifiers}
    return sorted(identifier for identifier, needed in wanted.items() if any(word not in spoken for word in needed))


def words(identifier: str) -> list[str]:
    """The words of a name in snake case, camel case or capitals, in small letters."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)]
