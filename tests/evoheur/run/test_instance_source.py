"""Splits from a user's own files: read, told apart, and pinned by a hash."""

import json
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.run.instance_source import InstanceSource, fingerprint
from evoheur.run.problem_config import ProblemConfig


def streams(folder: Path, name: str, *items: list[int]) -> str:
    """A file of streams for bins of 10; returns its path."""
    path = folder / f"{name}.json"
    entries = [{"name": f"{name}-{place}", "capacity": 10, "items": sizes} for place, sizes in enumerate(items)]
    path.write_text(json.dumps({"meta": {"set": name}, "instances": entries}))
    return str(path)


def source(**files: object) -> InstanceSource:
    named = ProblemConfig.model_validate({"name": "bin_packing_online", "instances": files})
    return InstanceSource.of(load_problem(named.name), named)


def test_a_named_split_is_read_and_the_others_are_the_problems_own(tmp_path: Path) -> None:
    """A stream of 7 + 7 in bins of 10 needs two bins, which is its reference."""
    found = source(train=streams(tmp_path, "mine", [7, 7]))
    train = found.split("train")
    assert (train.split, [instance.name for instance in train.instances]) == ("train", ["mine-0"])
    assert train.references == {"mine-0": 2.0}
    assert {instance.family for instance in found.split("validation").instances} == {"weibull-5k-c100"}


def test_pinned_instances_are_refused_once_they_are_others(tmp_path: Path) -> None:
    """Same names, other sizes: the message names the split, the file and both hashes."""
    path = streams(tmp_path, "mine", [7, 7], [3, 3, 4])
    pinned = source(train=path).pinned()
    assert fingerprint(pinned.problem, pinned.split("train")) == pinned.files["train"].sha256
    streams(tmp_path, "mine", [7, 7], [3, 4, 3])
    with pytest.raises(ConfigError, match=r"instances of train in .*mine\.json.* start a new run") as caught:
        pinned.split("train")
    assert str(pinned.files["train"].sha256) in str(caught.value)


def test_the_layout_of_a_file_is_no_part_of_its_hash(tmp_path: Path) -> None:
    path = Path(streams(tmp_path, "mine", [7, 7]))
    pinned = source(train=str(path)).pinned()
    path.write_text(json.dumps(json.loads(path.read_text()), indent=4))
    assert pinned.split("train").instances[0].name == "mine-0"


def test_the_reference_is_part_of_the_hash(tmp_path: Path) -> None:
    """A gap is worth nothing against another reference."""
    found = source(train=streams(tmp_path, "mine", [7, 7]))
    train = found.split("train")
    other = type(train)(split=train.split, instances=train.instances, references={"mine-0": 1.0}, encoded=train.encoded)
    assert fingerprint(found.problem, train) != fingerprint(found.problem, other)


def test_what_was_bred_on_is_not_validated_on_under_another_name(tmp_path: Path) -> None:
    shared = [5, 5, 6]
    found = source(train=streams(tmp_path, "mine", [7, 7], shared), validation=streams(tmp_path, "theirs", shared))
    with pytest.raises(ConfigError, match="'theirs-0' of validation is instance 'mine-1' of train again"):
        found.pinned()


def test_without_files_nothing_is_read_or_pinned() -> None:
    """The problem's sources are hashed with the run, and its own instances follow from them."""
    found = source()
    assert found.pinned() is found
    assert found.files == {}
