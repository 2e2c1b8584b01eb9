"""A problem is the same as long as its code does the same, and a change is named by its file."""

import hashlib
from pathlib import Path

import pytest

from evoheur.problem_modules import bundled_problems
from evoheur.run.problem_hash import SAME_SCORES, changed_files, is_problem, problem_hash, same_problem

SOURCE = '''
"""What it is."""
from evoheur.problem import Problem

LIMIT = 3


class Mine(Problem):
    """Told to the model."""

    def instances(self, split):
        return [1, LIMIT]  # a comment

    def decode(self, data): return data
    def solve(self, heuristic, instance, rng): return 1
    def cost(self, instance, solution): return 1.0
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "problem.py").write_text(SOURCE)
    (tmp_path / "kernels.py").write_text("def add(a, b):\n    return a + b\n")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# a comment", "# another one"),
        ("LIMIT = 3\n", "# why\nLIMIT   =   (3)\n"),
        ("[1, LIMIT]", "[\n            1,\n            LIMIT,\n        ]"),
        ('"""What it is."""', ""),
        ("Told to the model.", "Told to the model, by the hash of the prompts."),
        ("LIMIT = 3", "LIMIT = 0x3"),
    ],
)
def test_what_no_score_depends_on_changes_nothing(folder: Path, old: str, new: str) -> None:
    stored = problem_hash(str(folder))
    (folder / "problem.py").write_text(SOURCE.replace(old, new))
    assert (folder / "problem.py").read_text() != SOURCE
    assert is_problem(stored, str(folder))
    assert changed_files(stored, str(folder)) == []


@pytest.mark.parametrize(
    ("old", "new"), [("LIMIT = 3", "LIMIT = 4"), ("1.0", "1"), ("[1, LIMIT]", "(1, LIMIT)"), ("instance, rng", "instance, rnd")]
)
def test_what_a_score_may_depend_on_is_a_change_of_its_file(folder: Path, old: str, new: str) -> None:
    stored = problem_hash(str(folder))
    (folder / "problem.py").write_text(SOURCE.replace(old, new))
    assert not is_problem(stored, str(folder))
    assert changed_files(stored, str(folder)) == ["problem.py"]


def test_files_that_come_and_go_are_named(folder: Path) -> None:
    stored = problem_hash(str(folder))
    (folder / "kernels.py").unlink()
    (folder / "deeper").mkdir()
    (folder / "deeper" / "a=b, c.py").write_text("x = 1")
    (folder / "deeper" / "no python.py").write_text("x = (")
    assert changed_files(stored, str(folder)) == ["deeper/a=b, c.py", "deeper/no python.py", "kernels.py"]


def test_tests_and_hidden_folders_do_not_count(folder: Path) -> None:
    stored = problem_hash(str(folder))
    (folder / "test_problem.py").write_text("x = 1")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "a.py").write_text("x = 1")
    assert is_problem(stored, str(folder))


def test_a_hash_of_an_earlier_version_still_holds(folder: Path) -> None:
    """It was taken over the bytes of all files, so there a comment counts, and nothing tells which file changed."""
    digest = hashlib.sha256()
    for name in ("kernels.py", "problem.py"):
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    stored = digest.hexdigest()[:32]
    assert is_problem(stored, str(folder))
    assert same_problem(stored, problem_hash(str(folder)), str(folder))
    (folder / "problem.py").write_text(SOURCE + "# more\n")
    assert not is_problem(stored, str(folder))
    assert changed_files(stored, str(folder)) == []
    assert not same_problem(stored, problem_hash(str(folder)), str(folder))
    assert not same_problem(stored, problem_hash(str(folder)), "a folder that is gone")


def test_an_author_may_vouch_for_an_earlier_version(folder: Path) -> None:
    first = problem_hash(str(folder))
    (folder / "problem.py").write_text(SOURCE.replace("1.0", "2.0 / 2.0"))
    second = problem_hash(str(folder))
    assert not same_problem(first, second, str(folder))
    (folder / SAME_SCORES).write_text(f"# earlier ones\n\n{first}  # before the division\n")
    assert is_problem(first, str(folder))
    assert same_problem(first, second, str(folder))
    (folder / "problem.py").write_text(SOURCE.replace("1.0", "3.0 / 3.0"))
    assert not same_problem(first, second, str(folder)), "nobody vouched for the second one"


@pytest.mark.parametrize("name", bundled_problems())
def test_every_bundled_problem_has_a_hash_of_its_files(name: str) -> None:
    stored = problem_hash(name)
    assert stored.startswith("2:")
    assert "problem.py=" in stored
    assert is_problem(stored, name)
