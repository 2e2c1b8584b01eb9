"""`problems new`: what it writes passes, runs, improves, and is as tidy as this repository."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.evoheur.cli.support.invoking import evoheur, files, refusal

ROOT = Path(__file__).parents[4]


def in_working_folder(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module as a user would, with evoheur importable."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MYPYPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", *words], env=environment, capture_output=True, text=True, check=False)


def test_it_names_what_it_wrote_and_what_to_do_next() -> None:
    done = evoheur("problems", "new", "knapsack")
    assert done.code == 0
    assert sorted(files(Path("knapsack"))) == [
        "__init__.py",
        "generate.py",
        "knapsack.yaml",
        "problem.py",
        "test_problem.py",
        "textbook_rules.py",
    ]
    assert "evoheur problems check ./knapsack" in done.out
    assert "class Knapsack(Problem[KnapsackInstance])" in Path("knapsack/problem.py").read_text()


def test_it_passes_its_checks_as_it_stands() -> None:
    evoheur("problems", "new", "knapsack")
    found = evoheur("problems", "check", "./knapsack", "--json")
    assert (found.code, found.document["ok"]) == (0, True)
    assert {check["detail"] for check in found.document["checks"]} == {""}


@pytest.mark.nightly
def test_its_own_tests_pass() -> None:
    evoheur("problems", "new", "knapsack")
    done = in_working_folder("pytest", "-q", "-p", "no:cacheprovider", "knapsack")
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


@pytest.mark.slow
def test_the_commands_it_suggests_run_and_the_search_improves() -> None:
    """What is bred beats what it began with on instances it was not bred on."""
    evoheur("problems", "new", "knapsack")
    assert evoheur("run", "./knapsack/knapsack.yaml", "--set", "budget.evaluations=60", "--quiet").code == 0
    [best] = evoheur("best", "knapsack-1", "-n", "1", "--json").document
    own = evoheur("show", "knapsack-1/0", "--json").document
    assert best["gaps"]["validation"] < own["gaps"]["validation"]


def test_the_folder_may_be_made_elsewhere() -> None:
    """The configuration names the problem as seen from here, whatever YAML would make of the path."""
    Path("a: folder").mkdir()
    assert evoheur("problems", "new", "my_cover", "--into", "a: folder").code == 0
    shown = evoheur("run", "a: folder/my_cover/my_cover.yaml", "--dry-run")
    assert shown.code == 0, shown
    assert "./a: folder/my_cover, eoh, mutator" in shown.out


@pytest.mark.slow
def test_a_test_file_of_the_author_is_no_part_of_the_problems_hash() -> None:
    """So that a run can be resumed after more tests were written."""
    evoheur("problems", "new", "knapsack")
    assert evoheur("run", "./knapsack/knapsack.yaml", "--set", "budget.evaluations=5", "--quiet").code == 0
    with Path("knapsack/test_problem.py").open("a") as file:
        file.write("\n# one more\n")
    assert evoheur("resume", "knapsack-1", "--set", "budget.evaluations=6", "--quiet").code == 0


@pytest.mark.parametrize("name", ["knapsack", "a_problem_with_a_rather_long_name_for_a_folder"])
@pytest.mark.parametrize("tool", [("ruff", "format", "--check"), ("ruff", "check")], ids=" ".join)
def test_it_is_formatted_and_linted_as_this_repository_is(name: str, tool: tuple[str, ...]) -> None:
    if importlib.util.find_spec(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    evoheur("problems", "new", name)
    done = in_working_folder(*tool, "--no-cache", "--config", str(ROOT / "pyproject.toml"), name)
    assert done.returncode == 0, done.stdout


@pytest.mark.nightly
def test_its_types_are_strict() -> None:
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("mypy is not installed")
    evoheur("problems", "new", "knapsack")
    sources = [str(path) for path in Path("knapsack").glob("*.py")]
    done = in_working_folder("mypy", "--strict", "--ignore-missing-imports", "--follow-imports=silent", *sources)
    assert done.returncode == 0, done.stdout


def test_nothing_is_overwritten() -> None:
    evoheur("problems", "new", "knapsack")
    Path("knapsack/problem.py").write_text("precious")
    before = files(Path())
    assert "'knapsack' exists already" in refusal("problems", "new", "knapsack")
    assert files(Path()) == before


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("my-problem", "letters, digits and underscores"),
        ("2opt", "begin with a letter"),
        ("_hidden", "begin with a letter"),
        ("../up", "letters, digits and underscores"),
        ("rück", "letters, digits and underscores"),
        ("class", "no keyword"),
        ("bin_packing_online", "ships with evoheur"),
        ("json", "my_json"),
        ("problem", "my_problem"),
        ("numpy", "my_numpy"),
    ],
)
def test_a_name_that_would_cause_trouble_is_refused(name: str, reason: str) -> None:
    message = refusal("problems", "new", name)
    assert repr(name) in message
    assert reason in message
    assert files(Path()) == {}


def test_a_place_that_is_not_there_is_named() -> None:
    assert "'nowhere'" in refusal("problems", "new", "knapsack", "--into", "nowhere")
