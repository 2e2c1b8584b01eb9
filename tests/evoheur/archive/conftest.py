"""A fresh archive in a file of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from tests.evoheur.archive.support.made_up import candidate, new_run


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
def archive(url: str, tmp_path: Path, empty_archive: Path) -> Iterator[Archive]:
    shutil.copy(empty_archive, tmp_path / "evoheur.db")
    with Archive.open(url) as opened:
        yield opened


@pytest.fixture
def run(archive: Archive) -> RunRecord:
    """A run with its baseline, whose objective is 4."""
    record = new_run(archive)
    archive.record_baseline(record.id, candidate(0))
    return record
