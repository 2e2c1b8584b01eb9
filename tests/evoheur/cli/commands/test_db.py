"""`db check` and `db upgrade`."""

from pathlib import Path

import pytest

from evoheur.archive.schema_state import check
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, files, refusal


def test_check_of_a_current_archive(finished: History) -> None:
    done = evoheur("db", "check", finished.url)
    assert (done.code, done.err) == (0, "")
    assert "is up to date" in done.out
    document = evoheur("db", "check", finished.url, "--json").document
    assert document["state"] == "current"
    assert document["found"] == document["wanted"]


def test_the_archive_is_named_as_for_every_command(finished: History) -> None:
    assert evoheur("db", "check", "--archive", finished.url).code == 0
    assert "up to date already" in evoheur("db", "upgrade", "--archive", finished.url).out


def test_check_of_what_is_not_there_or_old_exits_2() -> None:
    assert "There is no archive at sqlite:///runs/evoheur.db" in refusal("db", "check")
    Path("old.db").touch()
    done = evoheur("db", "check", "sqlite:///old.db", "--json")
    assert (done.code, done.document["state"]) == (2, "older")
    assert files(Path()) == {"old.db": b""}


def test_upgrade_makes_an_old_archive_current_and_leaves_a_current_one() -> None:
    Path("old.db").touch()
    first = evoheur("db", "upgrade", "sqlite:///old.db")
    assert first.code == 0
    assert "upgraded from schema none" in first.out
    assert check("sqlite:///old.db").kind == "current"
    assert "up to date already" in evoheur("db", "upgrade", "sqlite:///old.db").out


def test_upgrade_of_what_is_not_there() -> None:
    assert "evoheur run" in refusal("db", "upgrade", "sqlite:///missing.db")
    assert files(Path()) == {}


def test_the_url_may_come_from_the_environment(finished: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVOHEUR_ARCHIVE", finished.url)
    assert evoheur("db", "check").code == 0
