"""An archive with the story, a run with one of everything, and real runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from tests.evoheur.archive.support.story import tell_story
from tests.support.shared_by_workers import real_run


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """A new archive."""
    with Archive.open(f"sqlite:///{tmp_path}/new.db", create=True) as opened:
        yield opened


@pytest.fixture
def story(archive: Archive) -> Archive:
    """The archive with the story in it."""
    tell_story(archive)
    return archive


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a finished run of 60 evaluations, "real"."""
    return real_run(tmp_path_factory, tmp_path_factory.mktemp("charts"))
