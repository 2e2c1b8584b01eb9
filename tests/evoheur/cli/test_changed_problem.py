"""Resuming when the problem's sources are no longer those that a run began with."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from evoheur import __version__
from evoheur.archive.archive import Archive
from tests.evoheur.cli.support.invoking import Result, evoheur
from tests.evoheur.cli.support.scripted import KIND

Write = Callable[..., str]


@pytest.fixture
def source(scheduling: str, tmp_path: Path, write_config: Write) -> Path:
    """The problem.py of a run "r" that has four evaluations more to do."""
    folder = tmp_path / "mine"
    shutil.copytree(scheduling, folder, ignore=shutil.ignore_patterns("__pycache__"))
    config = write_config(problem=str(folder), generator={"kind": KIND, "script": ["good"]}, budget={"requests": 2})
    assert evoheur("run", config, "--name", "r", "--quiet").code == 0
    return folder / "problem.py"


def resumed() -> Result:
    return evoheur("resume", "r", "--set", "budget.requests=4", "--quiet")


def test_a_comment_is_no_change(source: Path) -> None:
    source.write_text(source.read_text().replace("    def decode(", "    # as it came\n\n    def decode("))
    assert resumed() == (0, "", "")


def test_a_change_of_ones_own_is_told_by_its_file(source: Path) -> None:
    source.write_text(source.read_text().replace(".max())", ".max() + 1)"))
    done = resumed()
    assert done.code == 1
    assert done.err == (
        f"error: You changed problem.py in the folder {str(source.parent)!r} since run 'r' was started, so its scores would not "
        "compare. Undo the change, or start a new run.\n"
    )


def test_another_word_to_the_model_is_a_change_of_the_prompts(source: Path) -> None:
    source.write_text(source.read_text().replace("# Graham's list scheduling", "# Graham 1966"))
    done = resumed()
    assert done.code == 1
    assert (
        "What the prompts of run 'r' are made of changed since it was started: a template, or what the problem tells" in done.err
    )


def test_a_changed_evoheur_is_told_by_its_version(write_config: Write) -> None:
    config = write_config(problem="bin_packing_online", generator={"kind": "mutator"}, budget={"evaluations": 0})
    assert evoheur("run", config, "--name", "r", "--quiet").code == 0
    with Archive.open("sqlite:///runs/evoheur.db") as archive:
        run = archive.run("r")
        archive.create_run(
            name="old",
            config=run.config,
            seed=1,
            problem=run.problem,
            problem_hash="2:problem.py=0123456789abcdef",
            prompts_hash=run.prompts_hash,
            evoheur_version="0.0.9",
        )
    done = evoheur("resume", "old", "--set", "budget.evaluations=1")
    assert done.code == 1
    assert f"The problem 'bin_packing_online' of run 'old' is not the one of this evoheur {__version__} (" in done.err
    assert "problem.py" in done.err
    assert "Install evoheur 0.0.9" in done.err


def test_prompts_of_an_earlier_evoheur_are_no_hindrance(write_config: Write) -> None:
    """Nobody but us changed them: a run of ours goes on with those of today, and says so."""
    config = write_config(problem="bin_packing_online", generator={"kind": "mutator"}, budget={"evaluations": 0})
    assert evoheur("run", config, "--name", "r", "--quiet").code == 0
    with Archive.open("sqlite:///runs/evoheur.db") as archive:
        run = archive.run("r")
        archive.create_run(
            name="old",
            config=run.config,
            seed=1,
            problem=run.problem,
            problem_hash=run.problem_hash,
            prompts_hash="0123456789abcdef",
            evoheur_version="0.0.9",
        )
    done = evoheur("resume", "old", "--set", "budget.evaluations=1")
    assert done.code == 0, done
    assert "differ from those that run 'old' was started with (by evoheur 0.0.9)" in " ".join(done.err.split())
