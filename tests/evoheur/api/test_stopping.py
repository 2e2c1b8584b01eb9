"""Runs that another process stops."""

import time
from pathlib import Path

import pytest

from evoheur.api.archives import open_archive
from evoheur.api.stopping import StopWatch, ask_to_stop
from evoheur.archive.records import RunRecord
from evoheur.errors import ArchiveError
from tests.evoheur.report.test_arms import record
from tests.evoheur.ui.support.watched_archive import discover_tiny, live_run


class Told:
    """An archive that says one thing after the other, or cannot be read."""

    def __init__(self, *said: str | None) -> None:
        self._said = list(said)

    def stop_asked(self, run_id: int) -> str:
        found = self._said.pop(0)
        if found is None:
            raise ArchiveError("The server went away.")
        return found


def left(reason: str) -> RunRecord:
    found = record("r")
    return type(found)(**{name: getattr(found, name) for name in found.__slots__} | {"reason": reason})


def test_what_an_earlier_process_did_not_hear_of_counts_no_more() -> None:
    watch = StopWatch(Told("asked to stop, 1", "", None, "asked to stop, 2"), left("asked to stop, 1"))
    assert [watch() for _ in range(4)] == [False, False, False, True]


@pytest.mark.slow
def test_a_run_in_another_process_ends_in_order_and_can_go_on(tmp_path: Path, scheduling: str) -> None:
    archive = tmp_path / "evoheur.db"
    discover_tiny(archive, scheduling, "first")
    slow = {"kind": "tests.evoheur.cli.support.scripted:ScriptedConfig", "seconds": 0.05}
    with live_run(archive, scheduling, "going", budget={"evaluations": 2000}, generator=slow) as process:
        _wait_for_evaluations(archive, "going", 5)
        assert ask_to_stop("going", archive=archive).status == "unfinished"
        process.wait(timeout=240)
    with open_archive(archive) as opened:
        run = opened.run("going")
        assert (run.status, run.reason) == ("interrupted", "interrupted by the user")
        assert opened.totals(run.id).pending == 0
    with pytest.raises(ArchiveError, match="'going' is interrupted already"):
        ask_to_stop("going", archive=archive)


def _wait_for_evaluations(archive: Path, name: str, least: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with open_archive(archive) as opened:
            found = {run.name: run for run in opened.runs()}
            if name in found and opened.totals(found[name].id).evaluations >= least:
                return
        time.sleep(0.1)
    raise AssertionError(f"run {name} has not come to {least} evaluations")
