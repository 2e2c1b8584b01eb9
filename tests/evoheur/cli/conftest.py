"""One small real run that the tests of this folder look at, and copies of it for those that write."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from evoheur.archive.archive import Archive
from tests.evoheur.cli.support.invoking import evoheur
from tests.evoheur.cli.support.processes import end_all
from tests.evoheur.cli.support.scripted import KIND

UNJAILED = {"kind": "process"}
"""A sandbox for heuristics of our own."""


class History(NamedTuple):
    """An archive with one finished run, "tiny", of the 11 replies of `scripted.SCRIPT`.

    Two are prose, so 9 candidates are evaluated, which is the budget: 1 good, 2 worse, 3 raises, 4 three, 5 four, 6 raises, 7 five,
    8 worse (as the other one, so it is listed once), 9 raises. From best to worst: 1, 7, 5, 4, 2.
    """

    path: Path
    problem: str

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands work in a folder of their own and hear of no archive, key or terminal of the developer's; none outlives its test."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    for variable in ("COLUMNS", "EVOHEUR_ARCHIVE", "EVOHEUR_DEBUG", "OPENAI_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    yield
    end_all()


def tiny_settings(scheduling: str, **changes: Any) -> dict[str, Any]:
    """A configuration that runs in a second, without a jail, which would take half of that."""
    return {
        "problem": scheduling,
        "strategy": {"kind": "eoh", "population_size": 3, "parents": 2},
        "generator": {"kind": KIND},
        "evaluation": {"sandbox": UNJAILED, "executor": {"kind": "local", "slots": 1}, "limits": {"memory_mib": 256}},
        "budget": {"evaluations": 9},
        "validation": {"top": 2},
        "in_flight": 1,
        **changes,
    }


@pytest.fixture
def write_config(scheduling: str) -> Callable[..., str]:
    """Writes a configuration into the working folder and returns its name; JSON is YAML."""

    def write(file: str = "small.yaml", **changes: Any) -> str:
        Path(file).write_text(json.dumps(tiny_settings(scheduling, **changes)))
        return file

    return write


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, scheduling: str) -> History:
    """The run, in a jail, for commands that only look."""
    folder = tmp_path_factory.mktemp("history")
    config = folder / "tiny.yaml"
    settings = tiny_settings(scheduling)
    config.write_text(json.dumps({**settings, "evaluation": {**settings["evaluation"], "sandbox": {"kind": "jail"}}}))
    history = History(folder / "evoheur.db", scheduling)
    done = evoheur("run", str(config), "--name", "tiny", "--archive", history.url, "--log", str(folder / "events.jsonl"))
    assert done.code == 0, done
    (folder / "printed.txt").write_text(done.out)
    return history


@pytest.fixture
def history(finished: History, tmp_path: Path) -> History:
    """A copy of the run's archive, for commands that write."""
    with Archive.open(finished.url) as archive:
        archive.runs()  # closing the last connection brings what is in the write-ahead log into the file
    return History(Path(shutil.copy(finished.path, tmp_path / "copy.db")), finished.problem)
