"""Runs from Python: what comes back, where it is stored, who hears of it; everywhere that Python runs."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from evoheur import (
    ArchiveError,
    ConfigError,
    Event,
    Observer,
    OutcomeTold,
    Result,
    RunStarted,
    RunStopped,
    discover,
    load_config,
    load_problem,
    open_archive,
    resume,
)
from evoheur.api.rehearsal import rehearse
from tests.evoheur.cli.conftest import History, tiny_settings
from tests.evoheur.cli.support.scripted import KIND


class Listening:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[Event] = []

    def notify(self, event: Event) -> None:
        self.heard.append(event)


@pytest.fixture
def settings(scheduling: str) -> dict[str, Any]:
    return tiny_settings(scheduling)


@pytest.fixture(scope="module")
def result(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A run of nine evaluations, from best to worst 1, 7, 5, 4, 2."""
    return discover(tiny_settings(scheduling), archive=tmp_path_factory.mktemp("runs") / "some.db", name="tiny")


def test_a_result_tells_what_was_found(result: Result) -> None:
    assert (result.run, result.status, result.reason) == ("tiny", "finished", "budget of 9 evaluations used")
    assert result.best is not None
    assert result.best.id == "tiny/1"
    assert (result.code, result.objective) == (result.best.candidate.code, result.best.candidate.objective)
    assert "def choose" in str(result.code)
    assert (result.spent.evaluations, result.spent.requests) == (9, 11)
    assert not result.was_finished
    assert not result.unwritten
    assert repr(result).startswith("Result(run 'tiny' finished: budget of 9 evaluations used; best tiny/1 with objective ")


def test_gaps_stand_beside_those_of_the_textbook_rules(result: Result, scheduling: str) -> None:
    """Where the problem aggregates gaps, the objective is the gap."""
    assert set(result.gaps) == {"train", "validation"}
    train = result.gaps["train"]
    assert train.best == pytest.approx(result.objective)
    assert train.start == pytest.approx(result.stopped.baseline.candidate.objective)
    assert set(train.textbook) == set(load_problem(scheduling).textbook_rules())
    assert result.gaps["validation"].best is not None


def test_the_archive_s_own_address_is_stored(result: Result) -> None:
    """Whatever the configuration said."""
    with open_archive(result.archive) as archive:
        run = archive.run("tiny")
        assert run.config["archive"] == archive.url == result.archive
        assert archive.best("tiny", 1)[0].candidate.code == result.code
        assert replace(archive.totals(run.id), seconds=0.0) == replace(result.spent, seconds=0.0)
    again = resume("tiny", {"budget.evaluations": 10}, archive=result.archive)
    with open_archive(result.archive) as archive:
        assert archive.run("tiny").config["archive"] == result.archive
    assert (again.status, again.spent.evaluations, again.was_finished) == ("finished", 10, False)


def test_nothing_is_printed_and_observers_hear(settings: dict[str, Any], capfd: pytest.CaptureFixture[str]) -> None:
    listening = Listening()
    found = discover(settings, {"budget.evaluations": 2}, archive=Path("a.db"), observers=[listening])
    assert found.run == "list_scheduling-1"
    assert capfd.readouterr() == ("", "")
    kinds = [type(event) for event in listening.heard]
    assert kinds.index(RunStarted) < kinds.index(OutcomeTold)
    assert listening.heard[-1] is found.stopped


def test_an_observer_that_is_a_context_manager_is_entered_once_all_is_checked(settings: dict[str, Any]) -> None:
    listening = Listening()
    steps: list[str] = []

    @contextmanager
    def opened() -> Iterator[Observer]:
        steps.append("entered")
        yield listening
        steps.append("left")

    with pytest.raises(ConfigError):
        discover({**settings, "generator": {"kind": "openai", "model": "m"}}, archive=Path("a.db"), observers=[opened()])
    assert (steps, Path("a.db").exists()) == ([], False)
    discover(settings, {"budget.evaluations": 1}, archive=Path("a.db"), observers=[opened()])
    assert steps == ["entered", "left"]
    assert isinstance(listening.heard[-1], RunStopped)


def test_inside_a_running_loop_as_in_a_notebook(settings: dict[str, Any]) -> None:
    """Start, resume, dry run and a second cell, all inside one loop that keeps running."""

    async def cells() -> tuple[Result, Result]:
        rehearsal = rehearse(settings, archive=Path("b.db"))
        assert (rehearsal.instances, rehearsal.operator, rehearsal.start.level) == (4, "i1", "process")
        assert not os.path.exists("b.db")  # noqa: ASYNC240, PTH110
        first = discover(settings, {"budget.evaluations": 2}, archive=Path("b.db"))
        await asyncio.sleep(0)
        return first, resume(first.run, {"budget.evaluations": 3}, archive=Path("b.db"))

    first, second = asyncio.run(cells())
    assert (first.spent.evaluations, second.spent.evaluations, second.spent.calls) == (2, 3, 3)


def test_a_run_that_fails_half_way_says_so_and_can_be_resumed(settings: dict[str, Any]) -> None:
    refusing = {**settings, "generator": {"kind": KIND, "script": ["good", "refuse"]}}
    failed = discover(refusing, archive=Path("a.db"), name="r")
    assert failed.status == "failed"
    assert "HTTP 401" in failed.reason
    assert failed.best is not None
    mended = resume("r", {"generator.script": ["good"], "budget.evaluations": 2}, archive=Path("a.db"))
    assert (mended.status, mended.spent.evaluations) == ("finished", 2)


def test_a_run_with_nothing_to_do_is_told_again(finished: History) -> None:
    again = resume("tiny", archive=finished.url)
    assert (again.was_finished, again.run, again.status) == (True, "tiny", "finished")
    with open_archive(finished.url) as archive:
        assert again.code == archive.best("tiny", 1)[0].candidate.code
    assert again.gaps["train"].best == pytest.approx(again.objective)
    assert None not in again.gaps["validation"].textbook.values()


def test_what_is_wrong_is_refused_before_anything_runs(result: Result, settings: dict[str, Any]) -> None:
    with pytest.raises(ArchiveError, match="There is a run 'tiny' already"):
        discover(load_config(settings), archive=result.archive, name="tiny")
    with pytest.raises(ConfigError, match="name is 'a b'"):
        discover(settings, archive=result.archive, name="a b")
    with pytest.raises(ConfigError, match="is fixed once a run has started"):
        resume("tiny", {"seed": 5}, archive=result.archive)
    for observers, message in ((Listening(), "give a list"), ([Listening(), object()], "is no observer")):
        with pytest.raises(ConfigError, match=message):
            discover(settings, archive=Path("new.db"), observers=cast("Any", observers))
        with pytest.raises(ConfigError, match=message):
            resume("tiny", archive=result.archive, observers=cast("Any", observers))
    assert not Path("new.db").exists()
