"""Users' own instance files."""

import json
from pathlib import Path
from typing import Any

import pytest

from evoheur.errors import ConfigError
from evoheur.problems.bin_packing_online.files import read_streams

GOOD = {"name": "a", "capacity": 10, "items": [3, 10, 1]}


def write(path: Path, instances: Any, **meta: Any) -> Path:
    """Write a file of instances."""
    path.write_text(json.dumps({"meta": meta, "instances": instances}))
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    """Names, family from the meta data, capacity and items come out as they were written; small streams first."""
    more = {"name": "b", "capacity": 7, "items": [7]}
    first, second = read_streams(write(tmp_path / "own.json", [GOOD, more], set="mine"))
    assert (first.name, first.family, first.capacity, first.items.tolist()) == ("b", "mine", 7, [7])
    assert (second.name, second.family, second.capacity, second.items.tolist()) == ("a", "mine", 10, [3, 10, 1])


def test_without_meta_data_the_file_names_the_family(tmp_path: Path) -> None:
    """The stem is used."""
    path = tmp_path / "orders.json"
    path.write_text(json.dumps({"instances": [GOOD]}))
    assert read_streams(path)[0].family == "orders"


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    """Every .json file in it, each a family; other files are left alone."""
    write(tmp_path / "one.json", [GOOD])
    write(tmp_path / "two.json", [{**GOOD, "name": "b"}])
    (tmp_path / "README.txt").write_text("not an instance")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    assert [(stream.family, stream.name) for stream in read_streams(tmp_path)] == [("one", "a"), ("two", "b")]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (3, "instance 0 is 3"),
        ({"name": "a", "items": [1]}, r"instance 0 \('a'\) has no 'capacity'"),
        ({"name": "a", "capacity": 10}, "instance 0 has no 'items'"),
        ({**GOOD, "name": ""}, "the name is ''"),
        ({**GOOD, "name": [4]}, r"the name is \[4\]"),
        ({**GOOD, "capacity": 0}, "the capacity is 0"),
        ({**GOOD, "capacity": 1e10}, "the capacity is 10000000000.0"),
        ({**GOOD, "capacity": True}, "the capacity is True"),
        ({**GOOD, "capacity": 10**9 + 1}, "the capacity is 1000000001"),
        ({**GOOD, "items": []}, r"the items are \[\]"),
        ({**GOOD, "items": "5"}, "the items are '5'"),
        ({**GOOD, "items": [1, 0]}, "item 1 is 0"),
        ({**GOOD, "items": [1, 11]}, r"item 1 is 11, larger than the capacity 10"),
        ({**GOOD, "items": [-1.5]}, "item 0 is -1.5"),
        ({**GOOD, "items": [True]}, "item 0 is True"),
        ({**GOOD, "items": [None]}, "item 0 is None"),
        ({**GOOD, "items": [float("nan")]}, "item 0 is nan"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, entry: Any, reason: str) -> None:
    """The message has the file, the instance and the value."""
    path = write(tmp_path / "own.json", [entry])
    with pytest.raises(ConfigError, match=reason) as caught:
        read_streams(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not JSON"),
        ("[]", r"is \[\]; expected"),
        ("{}", r"is \{\}; expected"),
        ('{"instances": 3}', "another form"),
        ('{"instances": {}}', '"instances" is empty'),
        ('{"meta": [], "instances": [1]}', "another form"),
        ('{"instances": []}', '"instances" is empty'),
        ('{"meta": {"set": 3}, "instances": [1]}', '"set" in "meta" is 3'),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    """The message has the file and what is expected."""
    path = tmp_path / "own.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match=reason) as caught:
        read_streams(path)
    assert str(path) in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """Such as a compressed file."""
    path = tmp_path / "own.json"
    path.write_bytes(b"\x1f\x8b\xff\x00")
    with pytest.raises(ConfigError, match="is no text in UTF-8"):
        read_streams(path)


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    """The message has the path."""
    with pytest.raises(ConfigError, match=r"no instance file .*absent\.json"):
        read_streams(tmp_path / "absent.json")
    with pytest.raises(ConfigError, match=r"holds no \.json, \.txt, \.bpp or \.csv file"):
        read_streams(tmp_path)


def test_two_instances_of_one_name_are_refused(tmp_path: Path) -> None:
    """Also across the files of a folder, since results are told apart by name."""
    write(tmp_path / "one.json", [GOOD])
    write(tmp_path / "two.json", [GOOD])
    with pytest.raises(ConfigError, match="two instances are named 'a'"):
        read_streams(tmp_path)
