"""The threat model names what is there: attacks, files and levels."""

import re
from pathlib import Path

import pytest

from evoheur.testing.red_team.team import ATTACKS, FAMILIES, SCORES

_ROOT = Path(__file__).parents[2]
_TEXT = (_ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
_PROMISES = [
    line for line in _TEXT.splitlines() if line.startswith("|") and re.search(r"\| (no|yes|\*\*no\*\*)[^|]*\| [^|]*: `", line)
]


@pytest.mark.parametrize("line", _PROMISES, ids=lambda line: line.split("|")[1].strip()[:40])
def test_every_promise_names_attacks_of_the_family_it_says(line: str) -> None:
    """Families and attacks in the last column of the table."""
    family_of = {attack.name: attack.family for attack in ATTACKS} | {attack.name: attack.family for attack in SCORES}
    groups = [group.split(":") for group in line.split("|")[-2].split(";")]
    named = [(name, family.strip()) for family, attacks in groups for name in re.findall(r"`([^`]+)`", attacks)]
    assert named
    assert [(name, family) for name, family in named if family_of.get(name) != family] == []


def test_every_family_stands_behind_a_promise() -> None:
    assert len(_PROMISES) == 15
    assert [family for family in FAMILIES if not any(f"{family}: `" in line for line in _PROMISES)] == []


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:evoheur|tests|sandbox)/[\w/.-]+)`", _TEXT)
    assert len(named) > 5
    assert [name for name in named if not (_ROOT / name).exists()] == []
