"""Who was bred from whom: the same as the whole records say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.errors import ArchiveError
from tests.evoheur.archive.support.made_up import new_run
from tests.evoheur.archive.support.story import NAME, tell_story


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path}/runs.db", create=True) as opened:
        tell_story(opened)
        yield opened


def test_they_say_what_the_whole_records_say(archive: Archive) -> None:
    """Failures, duplicates, and what was scored again on fresh instances among them."""
    found = archive.descents(NAME)
    records = [record.candidate for record in archive.candidates(NAME)]
    assert [(each.number, each.operator, each.parents) for each in found] == [
        (record.id, record.operator, record.parents) for record in records
    ]
    assert [(each.objective, each.objective_kind, each.status, each.epoch) for each in found] == [
        (record.objective, record.evaluation.objective_kind, record.evaluation.status, record.evaluation.epoch)
        for record in records
    ]


def test_a_run_without_candidates_has_none(archive: Archive) -> None:
    new_run(archive, "empty")
    assert archive.descents("empty") == []
    with pytest.raises(ArchiveError, match="no run 'emtpy'"):
        archive.descents("emtpy")
