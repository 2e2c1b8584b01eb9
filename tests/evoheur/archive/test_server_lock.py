"""On a server, too, one process at a time works on a run, and one that lost its connection stores nothing more."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord, Told
from evoheur.errors import ArchiveError
from evoheur.request import Note
from tests.evoheur.archive.support.endless import NAME
from tests.evoheur.archive.support.made_up import candidate, new_run, step
from tests.support.postgres_server import PostgresServer

ROOT = Path(__file__).parents[3]


@pytest.fixture
def own_url(postgres: PostgresServer) -> Iterator[str]:
    """Address of a new database with a run."""
    url = postgres.new_database()
    with Archive.open(url, create=True) as archive:
        run = new_run(archive, NAME)
        archive.record_baseline(run.id, candidate(0))
    yield url
    postgres.drop(url)


def terminate(postgres: PostgresServer, url: str, whose: str) -> None:
    """Cut connections to a database, as a server's operator can."""
    database = url.split("@/")[1].partition("?")[0]
    postgres.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND application_name {whose}"
    )


def test_of_processes_that_take_up_one_run_at_once_one_works_and_the_others_are_refused(own_url: str) -> None:
    """None of them, and nobody who reads the log, finds it contradictory."""
    command = [sys.executable, "-m", "tests.evoheur.archive.support.endless", own_url]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        deadline = time.monotonic() + 240
        while sum(process.poll() is None for process in processes) > 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        alive = [process for process in processes if process.poll() is None]
        [holder] = alive
        assert holder.stdout is not None
        assert holder.stdout.readline() == "2\n"
    finally:
        for process in processes:
            process.kill()
    refusals = [process.communicate()[1] for process in processes if process is not holder]
    assert all(f"Run 'endless' is being worked on by process {holder.pid} on " in refusal for refusal in refusals)
    holder.communicate()
    with Archive.open(own_url) as archive, archive.hold(NAME):
        log = archive.log(1)
    assert [entry.sequence for entry in log] == list(range(1, len(log) + 1))
    assert len([entry for entry in log if isinstance(entry, Told)]) >= 1


def test_who_lost_the_lock_stores_nothing_more(postgres: PostgresServer, own_url: str) -> None:
    seconds = iter(range(0, 1000, 2))
    with Archive.open(own_url, monotonic=lambda: float(next(seconds))) as archive:
        run = archive.run(NAME)
        with archive.hold(NAME):
            archive.begin_session(run.id)
            step(archive, run, Note(text="held"))
            terminate(postgres, own_url, "LIKE 'evoheur: process %'")
            with pytest.raises(ArchiveError, match=r"The lock of run 'endless' on postgresql.* is lost.*Nothing more was stored"):
                step(archive, run, Note(text="lost"))
        assert len(archive.log(run.id)) == 2


def test_who_lost_the_connection_stores_nothing_more_even_if_another_could_be_made(
    postgres: PostgresServer, own_url: str
) -> None:
    with Archive.open(own_url) as archive:
        run = archive.run(NAME)
        archive.begin_session(run.id)
        step(archive, run, Note(text="connected"))
        terminate(postgres, own_url, "= ''")
        for _ in range(2):
            with pytest.raises(
                ArchiveError, match=r"(terminating|server closed the) connection.*; the database server cannot be reached"
            ):
                step(archive, run, Note(text="cut"))
        archive.close()
    with Archive.open(own_url) as archive:
        assert len(archive.log(run.id)) == 2


def test_two_runs_of_one_archive_and_the_same_run_of_two_are_held_apart(
    postgres: PostgresServer, own_url: str, server_archive: Archive
) -> None:
    new_run(server_archive, "first")
    new_run(server_archive, "second")
    with server_archive.hold("first"), server_archive.hold("second"), Archive.open(own_url) as other, other.hold(NAME):
        pass


def test_an_archive_in_another_schema_of_the_database_is_another_archive(own_url: str) -> None:
    url = f"{own_url}&options=-csearch_path%3Dsecond"
    with Archive.open(own_url) as first:
        with first._engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA second")
        with Archive.open(url, create=True) as second:
            record: RunRecord = new_run(second, NAME)
            assert record.id == first.run(NAME).id
            with first.hold(NAME), second.hold(NAME):
                step(second, record, Note(text="in the second"))
        assert first.log(record.id) == []
