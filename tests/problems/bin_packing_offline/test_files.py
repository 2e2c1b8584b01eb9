"""Reading instances and optima from files."""

import json
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problems.bin_packing_offline.files import read_instances


def test_plain_text_is_one_instance(tmp_path: Path) -> None:
    """How many, the capacity, the sizes; the folder names the family. `evoheur.problems.packing` has the other forms."""
    file = tmp_path / "mine.txt"
    file.write_text("3\n10\n6\n5\n4\n")
    [made] = read_instances(file).instances
    assert (made.name, made.family, made.capacity, made.items.tolist()) == ("mine", tmp_path.name, 10, [6, 5, 4])


def test_a_folder_holds_text_and_json_smallest_first(tmp_path: Path) -> None:
    """The form of online bin packing is read too."""
    (tmp_path / "a.txt").write_text("3 10 6 5 4")
    entry = {"name": "b0", "capacity": 8, "items": [8, 1]}
    (tmp_path / "b.json").write_text(json.dumps({"meta": {"set": "b"}, "instances": [entry]}))
    made = read_instances(tmp_path).instances
    assert [(each.name, each.family) for each in made] == [("b0", "b"), ("a", tmp_path.name)]


@pytest.mark.parametrize("above", [0, 1, 2])
def test_optima_lie_beside_the_files_or_above(tmp_path: Path, above: int) -> None:
    """At most two folders."""
    folder = tmp_path / "x" / "y"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("3 10 6 5 4")
    place = (folder, *folder.parents)[above]
    (place / "optima.csv").write_text("name,family,best_known\na,y,2\nz,y,9\n")
    assert read_instances(folder).references == {"a": 2.0}
    assert read_instances(folder / "a.txt").references == {"a": 2.0}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds nothing"),
        ("2 10 6 5 4", r"holds 5 numbers, the first being 2, .* put a first line \"capacity 100\" above it"),
        ("2 10 6 x", "line 1: 'x' is no number"),
        ("2 0 6 5", "the capacity is 0"),
        ("2 10 6 11", r"item 1 \(line 1\) is 11, larger than the capacity 10"),
        ("2 10 6 0", r"item 1 \(line 1\) is 0"),
    ],
)
def test_a_broken_file_is_refused_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    """The message names the file and what is wrong in it."""
    file = tmp_path / "mine.txt"
    file.write_text(text)
    with pytest.raises(ConfigError, match=reason) as caught:
        read_instances(file)
    assert str(file) in str(caught.value)


def test_a_path_without_instances_is_refused(tmp_path: Path) -> None:
    """A missing path, a folder without files, another kind of file, and two instances of one name."""
    with pytest.raises(ConfigError, match="There is no instance file"):
        read_instances(tmp_path / "missing")
    with pytest.raises(ConfigError, match=r"holds no \.json, \.txt, \.bpp or \.csv file"):
        read_instances(tmp_path)
    (tmp_path / "a.vrp").write_text("3 10 6 5 4")
    with pytest.raises(ConfigError, match=r"ends in '\.vrp'"):
        read_instances(tmp_path / "a.vrp")
    (tmp_path / "a.txt").write_text("3 10 6 5 4")
    (tmp_path / "b.json").write_text(json.dumps({"instances": [{"name": "a", "capacity": 8, "items": [8, 1]}]}))
    with pytest.raises(ConfigError, match="two instances are named 'a'"):
        read_instances(tmp_path)


def test_a_table_comes_before_what_a_file_says_of_its_optimum(tmp_path: Path) -> None:
    """The OR-Library's files end the line of an instance with the best known number of bins; its own are too high for four of them."""
    file = tmp_path / "binpack.txt"
    file.write_text("2\n a_0\n10 3 4\n6\n5\n4\n a_1\n10 1 1\n6\n")
    assert read_instances(file).references == {"a_0": 4.0, "a_1": 1.0}
    (tmp_path / "optima.csv").write_text("name,optimum\na_0,2\n")
    assert read_instances(file).references == {"a_0": 2.0, "a_1": 1.0}
    assert read_instances(tmp_path).faults == {}
