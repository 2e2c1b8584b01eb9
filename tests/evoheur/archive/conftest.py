"""A fresh archive in a file of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from tests.evoheur.archive.made_up import candidate, new_run


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'evoheur.db'}"


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    with Archive.open(url, create=True) as opened:
        yield opened


@pytest.fixture
def run(archive: Archive) -> RunRecord:
    """A run with its baseline, whose objective is 4."""
    record = new_run(archive)
    archive.record_baseline(record.id, candidate(0), "hash-0")
    return record
