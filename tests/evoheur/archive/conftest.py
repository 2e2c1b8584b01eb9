"""A fresh archive: in a file of its own, and on a server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.archive.tables import Base
from tests.evoheur.archive.support.made_up import candidate, new_run
from tests.support.postgres_server import PostgresServer


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'evoheur.db'}"


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """File with the schema and nothing else; copying it is several times quicker than migrating."""
    path = tmp_path_factory.mktemp("empty") / "evoheur.db"
    Archive.open(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture
def file_archive(url: str, tmp_path: Path, empty_archive: Path) -> Iterator[Archive]:
    """For what only files have."""
    shutil.copy(empty_archive, tmp_path / "evoheur.db")
    with Archive.open(url) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared_database(postgres: PostgresServer) -> str:
    """Address of a database with the schema, which one test after the other uses; emptying it is quicker than another one."""
    url = postgres.new_database()
    Archive.open(url, create=True).close()
    return url


@pytest.fixture
def server_archive(shared_database: str) -> Iterator[Archive]:
    """For what only servers have."""
    with Archive.open(shared_database) as opened:
        with opened._engine.begin() as connection:
            tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
            connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")
        yield opened


@pytest.fixture
def own_database(postgres: PostgresServer) -> Iterator[str]:
    """Address of an empty database of the test's own."""
    address = postgres.new_database()
    yield address
    postgres.drop(address)


@pytest.fixture(params=["sqlite", "postgres"])
def fresh_url(request: pytest.FixtureRequest) -> str:
    """Address of an archive that is not there yet."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("url"))
    return str(request.getfixturevalue("own_database"))


@pytest.fixture(params=["sqlite", "postgres"])
def archive(request: pytest.FixtureRequest) -> Archive:
    """One contract for both."""
    opened = request.getfixturevalue({"sqlite": "file_archive", "postgres": "server_archive"}[request.param])
    assert isinstance(opened, Archive)
    return opened


@pytest.fixture
def run(archive: Archive) -> RunRecord:
    """A run with its baseline, whose objective is 4."""
    record = new_run(archive)
    archive.record_baseline(record.id, candidate(0))
    return record
