"""Files and folders of both packing problems."""

import json
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.instance_files import PartlyRead
from evoheur.problem_loading import load_problem
from tests.problems.cvrp.support.made_up import data_folder

PROBLEMS = ("bin_packing_offline", "bin_packing_online")


@pytest.mark.parametrize("name", PROBLEMS)
def test_both_problems_read_every_form(tmp_path: Path, name: str) -> None:
    """Suffixes of any case; a byte-order mark, UTF-16 and tables of references do no harm; the order is the file's."""
    (tmp_path / "a.txt").write_text("\ufeff3\r\n10\r\n6\r\n5\r\n4\r\n", encoding="utf-8")
    (tmp_path / "b.BPP").write_text("capacity 10\n4\n5\n")
    (tmp_path / "c.csv").write_text("size,capacity\n6,10\n", encoding="utf-16")
    (tmp_path / "d.json").write_text("\ufeff" + json.dumps({"C": 10, "w": [1, 2, 3, 4]}), encoding="utf-8")
    (tmp_path / "optima.csv").write_text("name,optimum\na,2\n")
    made = load_problem(name).read_instances(tmp_path)
    assert [(each.name, each.capacity, each.items.tolist()) for each in made] == [
        ("c", 10, [6]),
        ("b", 10, [4, 5]),
        ("a", 10, [6, 5, 4]),
        ("d", 10, [1, 2, 3, 4]),
    ]


@pytest.mark.parametrize("name", PROBLEMS)
def test_bad_files_are_named_and_the_others_are_there(tmp_path: Path, name: str) -> None:
    """All of the bad ones at once, each with its reason."""
    (tmp_path / "good.txt").write_text("1 5 5")
    (tmp_path / "bad.txt").write_text("1 5 6")
    (tmp_path / "worse.json").write_text("{")
    with pytest.raises(PartlyRead) as caught:
        load_problem(name).read_instances(tmp_path)
    assert [instance.name for instance in caught.value.read.instances] == ["good"]
    assert "2 files in" in str(caught.value)
    for said in ("bad.txt: item 0 (line 1) is 6, larger", "worse.json is not JSON"):
        assert said in str(caught.value)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_forms_are_told(name: str) -> None:
    """By `problems show`: every suffix, and how a capacity is said."""
    told = " ".join(load_problem(name).formats)
    for word in (".txt", ".bpp", ".csv", ".json", "capacity 100", "OR-Library", "BPPLIB"):
        assert word in told


def test_no_published_file_is_refused() -> None:
    """All folders of published instances, 227 offline and 40 online; licences and tables beside them are no instances."""
    folder = data_folder("binpacking")
    places = [folder / "orlib", *sorted(path for path in (folder / "bpplib").iterdir() if path.is_dir())]
    assert sum(len(load_problem("bin_packing_offline").read_instances(place)) for place in places) == 227
    assert len(load_problem("bin_packing_online").read_instances(folder / "weibull")) == 40


def test_a_file_of_no_use_says_what_is_read(tmp_path: Path) -> None:
    """Missing, of another suffix, no regular file, a folder without any."""
    problem = load_problem("bin_packing_online")
    for path, reason in (
        (tmp_path / "none.txt", "There is no instance file .* give a .json, .txt, .bpp or .csv file, or a folder"),
        (Path("/dev/null"), "is no regular file"),
        (tmp_path, "holds no .json, .txt, .bpp or .csv file"),
    ):
        with pytest.raises(ConfigError, match=reason):
            problem.read_instances(path)
    (tmp_path / "a.gz").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"ends in '\.gz'"):
        problem.read_instances(tmp_path / "a.gz")
