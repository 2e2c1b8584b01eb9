"""What one worker has made is there for all others."""

import threading
from pathlib import Path

import pytest

from tests.support.shared_by_workers import shared_folder


def test_it_is_made_once_however_many_want_it(tmp_path: Path) -> None:
    """At the same time, by workers each with a folder of its own in that of all."""
    made: list[Path] = []
    found: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "content").write_text("x")

    def worker(number: int) -> None:
        base = tmp_path / f"popen-gw{number}"
        base.mkdir()
        factory = pytest.TempPathFactory(base, 3, "all", lambda *_words: None, base, _ispytest=True)
        found.append(shared_folder(factory, "thing", make))

    threads = [threading.Thread(target=worker, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert found == [tmp_path / "shared-thing"] * 4
    assert (found[0] / "content").read_text() == "x"


def test_what_failed_half_way_is_made_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    def fails(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("no more room")

    with pytest.raises(OSError, match="no more room"):
        shared_folder(tmp_path_factory, "failing", fails)
    made = shared_folder(tmp_path_factory, "failing", lambda folder: (folder / "whole").touch())
    assert [path.name for path in made.iterdir()] == ["whole"]
