"""docs/web-view.md: its commands start a view, and its pictures are there."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.docs.support.code_blocks import PAGES, blocks
from tests.evoheur.ui.support.running_view import running_view
from tests.evoheur.ui.support.watched_archive import discover_tiny

PAGE = PAGES["docs/web-view.md"]
COMMANDS = [shlex.split(line, comments=True) for block in blocks(PAGE.read_text()) for line in block.text.splitlines()]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, scheduling: str) -> Path:
    """File of an archive with one finished run."""
    archive = tmp_path_factory.mktemp("watched") / "evoheur.db"
    discover_tiny(archive, scheduling, "tiny")
    return archive


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_of_the_page_starts_a_view_of_the_archive(
    words: list[str], watched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words[:2] == ["evoheur", "ui"]
    (tmp_path / "runs").mkdir()
    shutil.copy(watched, tmp_path / "runs" / "evoheur.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EVOHEUR_ARCHIVE", raising=False)
    with running_view(*words[2:]) as view:
        assert "--port" not in words or view.port == int(words[words.index("--port") + 1])


def test_every_picture_is_there_and_small() -> None:
    pictures = [PAGE.parent / name for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGE.read_text())]
    assert len(pictures) >= 8
    for picture in pictures:
        assert picture.is_file(), picture
        assert picture.stat().st_size < 200_000, picture
