"""Requests to stop a run that another process works on."""

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.archive.stop_request import STOP_ASKED
from evoheur.errors import ArchiveError


def test_a_request_is_heard_until_the_run_ends(archive: Archive, run: RunRecord) -> None:
    archive.begin_session(run.id)
    assert archive.stop_asked(run.id) == ""
    assert archive.ask_to_stop(run.name).reason == archive.stop_asked(run.id)
    assert archive.stop_asked(run.id).startswith(STOP_ASKED)
    archive.finish(run.id, "interrupted", "interrupted by the user")
    assert archive.stop_asked(run.id) == ""
    assert archive.run(run.name).reason == "interrupted by the user"


def test_the_next_session_hears_nothing_of_it(archive: Archive, run: RunRecord) -> None:
    archive.ask_to_stop(run.name)
    archive.begin_session(run.id)
    assert archive.stop_asked(run.id) == ""


def test_a_run_that_has_ended_cannot_be_stopped(archive: Archive, run: RunRecord) -> None:
    archive.finish(run.id, "finished", "budget of 9 evaluations used")
    with pytest.raises(ArchiveError, match="'quickstart-1' is finished already; there is nothing to stop"):
        archive.ask_to_stop(run.name)
    assert archive.run(run.name).reason == "budget of 9 evaluations used"
