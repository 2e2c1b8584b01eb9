"""A yes is for the files as they were: whatever changes in what Python can import takes it back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.draft_approval import DRAFT_RECORD, approve, digest_of, is_unapproved, refuse_unapproved, runnable_files
from evoheur.errors import ConfigError


@pytest.fixture
def drafted(tmp_path: Path) -> Path:
    (tmp_path / "problem.py").write_text("a = 1\n")
    (tmp_path / DRAFT_RECORD).write_text("{}")
    return tmp_path


def test_a_folder_without_a_record_needs_no_yes(tmp_path: Path) -> None:
    (tmp_path / "problem.py").write_text("a = 1\n")
    refuse_unapproved(tmp_path)
    refuse_unapproved(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="no model drafted it"):
        approve(tmp_path, "")


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename", "compiled", "deeper"])
def test_every_change_takes_the_yes_back(drafted: Path, change: str) -> None:
    (drafted / "generate.py").write_text("b = 2\n")
    approve(drafted, digest_of(runnable_files(drafted)))
    refuse_unapproved(drafted)
    if change == "edit":
        (drafted / "problem.py").write_text("a = 2\n")
    elif change == "remove":
        (drafted / "generate.py").unlink()
    elif change == "rename":
        (drafted / "generate.py").rename(drafted / "make.py")
    else:
        place = drafted / {"add": "more.py", "compiled": "generate.so", "deeper": "deep/er/more.py"}[change]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x")
    with pytest.raises(ConfigError, match="changed since its author said yes"):
        refuse_unapproved(drafted)


def test_what_python_does_not_import_may_change(drafted: Path) -> None:
    approve(drafted, digest_of(runnable_files(drafted)))
    (drafted / "notes.md").write_text("x")
    (drafted / "__pycache__").mkdir()
    (drafted / "__pycache__" / "problem.cpython-311.pyc").write_text("x")
    assert not is_unapproved(drafted)


@pytest.mark.parametrize("text", ["", "[]", "{", "\udcff"])
def test_a_damaged_record_is_no_yes(drafted: Path, text: str) -> None:
    (drafted / DRAFT_RECORD).write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ConfigError, match=r"draft\.json"):
        refuse_unapproved(drafted)


@given(st.dictionaries(st.text(), st.text()), st.dictionaries(st.text(), st.text()))
def test_one_hash_tells_all_files_apart(one: dict[str, str], other: dict[str, str]) -> None:
    assert (digest_of(one) == digest_of(other)) == (one == other)
