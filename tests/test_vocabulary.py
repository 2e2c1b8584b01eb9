"""One word, one meaning: names that stand for two things are counted, and kept few."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("evoheur", "problems", "sandbox")
TWICE = 10
"""How many public names may stand for two things."""


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """All modules with their syntax trees, templates left out."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "versions" not in path.parts:  # Alembic's own names for migrations
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def test_few_public_names_stand_for_two_things() -> None:
    """Classes and modules. Seven are the roles that a module has in the folder of every problem: `problem`, `splits`, `kernels`, …."""
    owners: dict[str, list[str]] = defaultdict(list)
    for path, tree in sources():
        if not path.stem.startswith("__"):
            owners[f"module {path.stem}"].append(str(path))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                owners[f"class {node.name}"].append(str(path))
    twice = {name: places for name, places in owners.items() if len(places) > 1}
    assert len(twice) <= TWICE, twice
