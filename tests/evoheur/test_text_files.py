"""What a user names is read if it is a regular text file of sensible size, and refused in one line if it is not."""

import os
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.text_files import check_readable, exists, read_text


def test_a_text_is_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\n")
    assert read_text(file, what="file") == "a: é\n"


def made(folder: Path, kind: str) -> Path:
    path = folder / kind
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "large":
        with path.open("wb") as file:
            file.truncate(2 << 30)
    elif kind == "latin":
        path.write_bytes(b"a: \xe9\n")
    elif kind == "device":
        return Path("/dev/zero")
    elif kind == "nul":
        return Path("a\0b")
    elif kind == "long":
        return folder / ("x" * 5000)
    return path


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("pipe", "is a named pipe"),
        ("folder", "is a folder"),
        ("device", "'/dev/zero' is a device"),
        ("large", "has 2,048 MiB, more than the 16 MiB"),
        ("latin", "is not UTF-8 (byte 3 is 0xe9)"),
        ("missing", "There is no file"),
        ("nul", "null"),
        ("long", "File name too long"),
    ],
)
def test_what_is_no_text_file_is_refused_at_once(tmp_path: Path, kind: str, says: str) -> None:
    """None of them waits for another process or is read into memory."""
    with pytest.raises(ConfigError) as refused:
        read_text(made(tmp_path, kind), what="file")
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_folder_is_refused_for_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.vrp").write_text("fine")
    check_readable(tmp_path, what="instance file", most_mib=1, folders=True)
    os.mkfifo(tmp_path / "b.vrp")
    with pytest.raises(ConfigError, match=r"b\.vrp' is a named pipe"):
        check_readable(tmp_path, what="instance file", most_mib=1, folders=True)


def test_a_missing_file_is_answered_with_the_remedy() -> None:
    with pytest.raises(ConfigError, match=r"There is no heuristic 'nowhere\.py'; write one\."):
        read_text(Path("nowhere.py"), what="heuristic", remedy="write one")


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_file_is_there_all_the_same(tmp_path: Path, kind: str) -> None:
    assert exists(made(tmp_path, kind))


@pytest.mark.parametrize("kind", ["missing", "nul", "long"])
def test_nothing_is_at_a_path_that_no_file_has(tmp_path: Path, kind: str) -> None:
    assert not exists(made(tmp_path, kind))
