"""Every command that a message suggests finds the archive that the message is about."""

import re
import shlex
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur
from tests.evoheur.cli.support.processes import asked, start
from tests.evoheur.cli.support.scripted import KIND

Write = Callable[..., str]
URL = "sqlite:///runs/evoheur.db?timeout=30"
"""The file that other tests watch, by an address that is not the default one and that a shell would take apart."""
SUGGESTED = re.compile(r"`(evoheur [^`]*)`|^  (evoheur .*)$", re.MULTILINE)
ON_ARCHIVES = {"run", "resume", "best", "runs", "show", "failures", "spend", "evaluate", "export", "compare", "grid"}


def suggested(text: str) -> list[list[str]]:
    """The commands in what was printed, as a shell splits them, which work on an archive."""
    found = [shlex.split(first or second) for first, second in SUGGESTED.findall(text)]
    return [words for words in found if words[1] in ON_ARCHIVES]


def check(text: str, url: str) -> None:
    commands = suggested(text)
    assert commands, text
    for words in commands:
        assert words[-2:] == ["--archive", url], words


@pytest.mark.parametrize("signals", [1, pytest.param(2, marks=pytest.mark.nightly)])
def test_after_an_interruption(write_config: Write, signals: int) -> None:
    generator = {"kind": KIND, "script": ["good"], "seconds": 0.5 if signals == 1 else 600}
    process = start("run", write_config(generator=generator, budget={"evaluations": 50}), "--archive", URL)
    asked(1)
    process.send_signal(signal.SIGINT)
    if signals == 2:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 130
    check(err, URL)
    if signals == 1:
        check(out, URL)


def test_after_a_failure(write_config: Write) -> None:
    config = write_config(generator={"kind": KIND, "script": ["good", "refuse"]})
    failed = evoheur("run", config, "--name", "r", "--archive", "sqlite:///a b.db")
    assert failed.code == 1
    check(failed.err, "sqlite:///a b.db")
    check(failed.out, "sqlite:///a b.db")


def test_an_archive_that_the_file_names_is_repeated_too(write_config: Write) -> None:
    failed = evoheur("run", write_config(generator={"kind": KIND, "script": ["refuse"]}, archive="sqlite:///other.db"))
    check(failed.err, "sqlite:///other.db")


def test_an_archive_of_the_environment_goes_without_saying(write_config: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVOHEUR_ARCHIVE", "sqlite:///other.db")
    failed = evoheur("run", write_config(generator={"kind": KIND, "script": ["refuse"]}), "--name", "r")
    assert "`evoheur resume r`" in failed.err


@pytest.mark.parametrize(
    "words",
    [
        ["resume", "tiny"],
        ["show", "tiny/8"],
        ["show", "nonsense!"],
        ["compare", "nothing-*"],
        ["compare", "empty", "tiny"],
        ["best", "empty"],
        ["grid", "empty"],
        ["run", "small.yaml", "--name", "tiny"],
    ],
)
def test_of_commands_that_look(history: History, write_config: Write, words: list[str]) -> None:
    write_config()
    with Archive.open(history.url) as archive:
        run = archive.run("tiny")
        archive.create_run(
            name="empty",
            config=run.config,
            seed=1,
            problem=run.problem,
            problem_hash=run.problem_hash,
            prompts_hash=run.prompts_hash,
            evoheur_version=run.evoheur_version,
        )
    done = evoheur(*words, "--archive", history.url)
    check(done.out + done.err, history.url)


@pytest.mark.parametrize("words", [["runs"], ["best"], ["show", "1"]])
def test_of_an_archive_without_a_run_and_of_none(words: list[str]) -> None:
    missing = evoheur(*words, "--archive", "sqlite:///new.db")
    check(missing.err, "sqlite:///new.db")
    Archive.open("sqlite:///new.db", create=True).close()
    empty = evoheur(*words, "--archive", "sqlite:///new.db")
    check(empty.out + empty.err, "sqlite:///new.db")
    assert Path("new.db").exists()


def test_a_sweep_that_was_stopped_names_it(write_config: Write) -> None:
    config = write_config(generator={"kind": KIND, "script": ["good", "refuse"]})
    failed = evoheur("sweep", config, "--strategies", "eoh", "--seeds", "1", "--archive", "sqlite:///a b.db")
    assert failed.code == 1
    [again] = [shlex.split(first) for first, _ in SUGGESTED.findall(failed.err)]
    assert again[:3] == ["evoheur", "sweep", config]
    assert again[-2:] == ["--archive", "sqlite:///a b.db"]
