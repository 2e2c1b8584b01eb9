"""URLs, and what the driver says, in words that tell what to do."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, InterfaceError, InvalidRequestError

from evoheur.archive.archive import Archive
from evoheur.archive.connection import connect, parse_url, sqlite_file, translated
from evoheur.errors import ArchiveError


@pytest.mark.parametrize("url", ["runs/evoheur.db", "", "sqlite:/evoheur.db"])
def test_what_is_no_url_is_answered_with_the_form_of_one(url: str) -> None:
    with pytest.raises(ArchiveError, match=f"'{url}' is no database URL; for a file write sqlite:///path/to/evoheur.db"):
        parse_url(url)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_an_archive_that_nobody_keeps_is_refused(url: str) -> None:
    with pytest.raises(ArchiveError, match="names no file, so nothing would be kept; write sqlite:///path"):
        parse_url(url)


def test_a_file_may_be_relative_absolute_or_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert sqlite_file("sqlite:///runs/evoheur.db") == Path("runs/evoheur.db")
    assert sqlite_file("sqlite:////var/evoheur.db") == Path("/var/evoheur.db")
    assert sqlite_file("sqlite:///~/evoheur.db") == tmp_path / "evoheur.db"


@pytest.mark.parametrize("name", ["with space", "100% sure", "a#b&c=d", "ü"])
def test_a_path_is_taken_literally(tmp_path: Path, name: str) -> None:
    """SQLite is opened by a URI of its own, in which these characters would mean something."""
    file = tmp_path / name / "evoheur.db"
    Archive.open(f"sqlite:///{file}", create=True).close()
    assert file.is_file()
    with Archive.open(f"sqlite:///{file}", read_only=True) as archive:
        assert archive.runs() == []


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("file is not a database", "name another file or move this one away"),
        (
            "database disk image is malformed",
            "restore a copy, or salvage what can be read with `sqlite3 FILE .recover | sqlite3 NEW`",
        ),
        ("unable to open database file", "check that the path names a file in a folder that you may write to"),
        ("attempt to write a readonly database", "change the permissions or copy the archive"),
        ("database is locked", "another process has been writing to it for 30 seconds; wait for it or stop it"),
        ("database or disk is full", "make room on the disk; nothing that was committed is lost"),
        ("disk I/O error", "check its space and health, nothing that was committed is lost"),
        ("connection refused", "the database server cannot be reached; see that it runs"),
        (
            'connection failed: connection to server at "db" failed: FATAL: password authentication failed for user "ada"',
            "check that the database is there and that you may use it",
        ),
        (
            'connection failed: connection to server at "db" failed: FATAL: database "runs" does not exist',
            "check that the database is there and that you may use it",
        ),
    ],
)
def test_driver_errors_get_a_remedy(reason: str, remedy: str) -> None:
    with pytest.raises(ArchiveError) as caught, translated("postgresql://me:secret@host/db"):
        raise DatabaseError("SELECT 1", {}, sqlite3.DatabaseError(reason))
    assert str(caught.value).startswith(f"Cannot use the archive postgresql://me:***@host/db: {reason}; ")
    assert remedy in str(caught.value)


def test_errors_of_sqlalchemy_itself_are_translated_too() -> None:
    with (
        pytest.raises(ArchiveError, match=r"Cannot use the archive sqlite:///x\.db: closed; check that"),
        translated("sqlite:///x.db"),
    ):
        raise InvalidRequestError("closed")
    with pytest.raises(ArchiveError, match="gone; check that"), translated("sqlite:///x.db"):
        raise InterfaceError("SELECT 1", {}, sqlite3.InterfaceError("gone"))


def test_a_writing_transaction_has_the_lock_from_its_beginning(tmp_path: Path) -> None:
    """Two of one process: the second cannot read what the first is about to change."""
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}", "rwc")
    with engine.begin() as connection:
        other = sqlite3.connect(tmp_path / "x.db", timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("BEGIN IMMEDIATE")
        connection.execute(text("CREATE TABLE t (a)"))
    other.execute("BEGIN IMMEDIATE")
    other.close()
    engine.dispose()


def test_a_file_is_never_made_by_opening_it_to_write(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'x.db'}", "rw")
    with pytest.raises(ArchiveError, match="unable to open database file"), translated("sqlite:///x.db"), engine.connect():
        pass
    assert list(tmp_path.iterdir()) == []
