"""Runs of methods that reflect, with a generator that has nothing to say: from the start to what is stored, shown and resumed."""

from pathlib import Path
from typing import Any

import pytest

from evoheur import ConfigError, Observer, Result, discover, open_archive, resume
from evoheur.archive.archive import Archive
from evoheur.request import Note
from evoheur.run.events import Event, RunStarted
from tests.evoheur.cli.conftest import tiny_settings

REEVO = {"kind": "reevo", "initial": 4, "population_size": 3}
MUTATOR = {"kind": "mutator", "max_nodes": 20}


class Starts(Observer):
    """Keeps what is said at the start."""

    def __init__(self) -> None:
        self.heard: list[RunStarted] = []

    def notify(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self.heard.append(event)


def settings(scheduling: str, **changes: Any) -> dict[str, Any]:
    wanted = {"strategy": REEVO, "generator": MUTATOR, "budget": {"evaluations": 14}, "tell_order": "asked", **changes}
    return tiny_settings(scheduling, **wanted)


def notes(result: Result) -> int:
    """How many notes its log has."""
    with open_archive(result.archive) as archive:
        log = archive.log(archive.run(result.run).id)
    return sum(isinstance(getattr(entry, "outcome", None), Note) for entry in log)


def codes(result: Result) -> list[tuple[str, float | None]]:
    with open_archive(result.archive) as archive:
        return [(each.candidate.code, each.candidate.objective) for each in archive.candidates(result.run)]


def test_no_call_goes_into_a_note(scheduling: str, tmp_path: Path) -> None:
    """All calls are for heuristics, and the start says what is not asked for."""
    starts = Starts()
    result = discover(settings(scheduling), archive=tmp_path / "a.db", observers=[starts])
    totals = result.stopped.totals
    assert notes(result) == 0
    assert totals.requests == totals.evaluations + totals.duplicates + sum(totals.failures.values())
    [start] = starts.heard
    assert start.unasked_notes == ("reflect_short", "reflect_long")


def test_notes_can_be_asked_for_all_the_same(scheduling: str, tmp_path: Path) -> None:
    starts = Starts()
    few = settings(scheduling, notes=True, budget={"evaluations": 6})
    assert notes(discover(few, archive=tmp_path / "a.db", observers=[starts])) > 0
    assert [start.unasked_notes for start in starts.heard] == [()]


def test_a_run_extended_equals_one_that_was_as_long_from_the_start(scheduling: str, tmp_path: Path) -> None:
    """What is asked for is fixed by then."""
    whole = discover(settings(scheduling), archive=tmp_path / "whole.db", name="r")
    archive = tmp_path / "first.db"
    discover(settings(scheduling, budget={"evaluations": 9}), archive=archive, name="r")
    with pytest.raises(ConfigError, match="'notes' is fixed once a run has started"):
        resume("r", {"notes": True}, archive=archive)
    assert codes(resume("r", {"budget.evaluations": 14}, archive=archive)) == codes(whole)


def test_a_run_of_an_earlier_evoheur_goes_on_with_its_notes(scheduling: str, tmp_path: Path) -> None:
    """Its configuration says nothing about notes, and its log has them."""
    path = tmp_path / "a.db"
    before = notes(discover(settings(scheduling, budget={"evaluations": 9}, notes=True), archive=path, name="old"))
    with Archive.open(f"sqlite:///{path}") as archive:
        run = archive.run("old")
        archive.update_config(run.id, {key: value for key, value in run.config.items() if key != "notes"})
    whole = discover(settings(scheduling, notes=True), archive=tmp_path / "whole.db", name="old")
    resumed = resume("old", {"budget.evaluations": 14}, archive=path)
    assert codes(resumed) == codes(whole)
    assert notes(resumed) == notes(whole) > before > 0


def test_a_method_without_notes_is_stored_as_ever(scheduling: str, tmp_path: Path) -> None:
    """So that its runs compare with earlier ones."""
    result = discover(settings(scheduling, strategy={"kind": "random"}, budget={"evaluations": 2}), archive=tmp_path / "a.db")
    assert result.config.notes is None
