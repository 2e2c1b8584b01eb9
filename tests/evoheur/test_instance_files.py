"""One reader for the folders of all problems: what is read, what is passed over, what is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.instance_files import InstancesRead, PartlyRead, read_files
from evoheur.problem import Instance


@dataclass(frozen=True, kw_only=True)
class Number(Instance):
    """An instance that is one number."""

    value: int


def numbers(file: Path) -> Iterator[tuple[Number, float | None]]:
    """A file with a number a line; the first is its own reference."""
    for place, line in enumerate(file.read_text().splitlines()):
        if line == "refused":
            raise ConfigError(f"{file}: {line!r} is refused.")
        yield Number(name=f"{file.stem}-{place}", family="f", value=int(line)), float(line) if place == 0 else None


def read(path: Path, *skipped: str) -> InstancesRead[Number]:
    """Two suffixes, smallest number first."""
    return read_files(path, {".num": numbers, ".txt": numbers}, size=lambda number: number.value, skipped=skipped)


def write(folder: Path, **files: str) -> None:
    """Files by name, "_" standing for the dot."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)


def test_a_folder_gives_all_instances_smallest_first_with_references(tmp_path: Path) -> None:
    """Suffixes of any case; folders inside and other files are left alone."""
    write(tmp_path, a_num="5\n3", b_TXT="4", c_sol="no", d_png="no")
    (tmp_path / "inside.num").mkdir()
    found = read(tmp_path)
    assert [(number.name, number.value) for number in found.complete()] == [("a-1", 3), ("b-0", 4), ("a-0", 5)]
    assert found.references == {"a-0": 5.0, "b-0": 4.0}


def test_papers_and_tables_beside_the_instances_are_no_instances(tmp_path: Path) -> None:
    """README, licences and the like by their names, tables of references by what the problem says."""
    write(tmp_path, README_txt="words", LICENSE_txt="words", a_num="5", optima_txt="words")
    (tmp_path / "license-CC-BY.txt").write_text("words")
    assert [number.name for number in read(tmp_path, "optima.txt").complete()] == ["a-0"]


def test_every_bad_file_is_named_and_the_good_ones_are_kept(tmp_path: Path) -> None:
    """One is refused by the reader, one makes it fail."""
    write(tmp_path, a_num="5", b_num="refused", c_num="five", d_num="6")
    found = read(tmp_path)
    assert [number.name for number in found.instances] == ["a-0", "d-0"]
    assert list(found.faults) == [str(tmp_path / "b.num"), str(tmp_path / "c.num")]
    with pytest.raises(PartlyRead) as caught:
        found.complete()
    message = str(caught.value)
    assert message.startswith(f"2 files in {tmp_path} cannot be read")
    assert "b.num: 'refused' is refused." in message
    assert "c.num cannot be read (ValueError: invalid literal" in message
    assert caught.value.read is found


def test_many_bad_files_are_all_named_though_not_all_explained(tmp_path: Path) -> None:
    """A line with a hundred reasons is not read."""
    (tmp_path / "good.num").write_text("1")
    for place in range(30):
        (tmp_path / f"bad-{place}.num").write_text("refused")
    with pytest.raises(PartlyRead) as caught:
        read(tmp_path).complete()
    message = str(caught.value)
    assert message.count("is refused") == 10
    assert all(f"bad-{place}.num" in message for place in range(30))


def test_where_no_file_can_be_read_there_is_nothing_to_go_on_with(tmp_path: Path) -> None:
    """Refused at once, with the reasons."""
    write(tmp_path, a_num="refused", b_num="refused")
    with pytest.raises(ConfigError, match=r"No file in .* can be read: .*a\.num.*b\.num") as caught:
        read(tmp_path)
    assert not isinstance(caught.value, PartlyRead)


def test_a_file_that_is_asked_for_by_name_must_be_good(tmp_path: Path) -> None:
    """Its reader's own error comes out."""
    write(tmp_path, a_num="refused", b_num="five")
    with pytest.raises(ConfigError, match="'refused' is refused"):
        read(tmp_path / "a.num")
    with pytest.raises(ValueError, match="invalid literal"):
        read(tmp_path / "b.num")


def test_two_instances_of_one_name_are_refused_with_their_files(tmp_path: Path) -> None:
    """A name tells instances apart."""
    write(tmp_path, a_num="5", a_txt="6")
    with pytest.raises(ConfigError, match=r"two instances are named 'a-0' in a\.num and a\.txt; give each its own name"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.num", "There is no instance file .* give a .num or .txt file, or a folder of them"),
        ("empty", "The folder .* holds no .num or .txt file"),
        ("a.png", r"ends in '\.png'; give a .num or .txt file"),
    ],
)
def test_a_path_of_no_use_says_what_is_read(tmp_path: Path, name: str, reason: str) -> None:
    """Missing, empty, of another kind."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.png").write_text("")
    with pytest.raises(ConfigError, match=reason):
        read(tmp_path / name)


def test_a_pipe_is_not_waited_for() -> None:
    """A file that is none could hang."""
    with pytest.raises(ConfigError, match="/dev/null is no regular file"):
        read(Path("/dev/null"))
