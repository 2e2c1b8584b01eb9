"""Reading knapsack files."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.instance_files import OutsideLimits, PartlyRead
from evoheur.problems.multidimensional_knapsack.files import read_instances
from evoheur.problems.multidimensional_knapsack.problem import MultidimensionalKnapsack
from tests.problems.tsp.support.cities import published_files

TWO = """2
3 2 9.5
5 4.5 1
2 2 1
1 3 0
4 4
2 1 0
7 8
3 4
6
"""


def written(folder: Path, text: str, name: str = "two.txt") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_the_or_library_form(tmp_path: Path) -> None:
    """Two instances, of which one has its best known value; smaller ones come first."""
    problem = MultidimensionalKnapsack()
    second, first = problem.read_instances(written(tmp_path, TWO))
    assert (first.name, second.name, first.family) == ("two-1", "two-2", "two")
    assert first.values.tolist() == [5.0, 4.5, 1.0]
    assert first.weights.tolist() == [[2, 2, 1], [1, 3, 0]]
    assert first.capacities.tolist() == [4, 4]
    assert problem.reference(first) == -9.5
    assert problem.reference(second) == -(7 + 3 * 8 // 4)  # 7 for 3 of 6, and three quarters of 8: the relaxation, rounded down


def test_json_alone_and_in_a_list(tmp_path: Path) -> None:
    one = {"values": [9, 5], "weights": [[2, 3], [4, 1]], "capacities": [4, 4]}
    [alone] = read_instances(written(tmp_path, json.dumps(one), "alone.json")).instances
    assert alone.name == "alone"
    read = read_instances(written(tmp_path, json.dumps([one, {**one, "name": "known", "optimum": 9}]), "more.json"))
    assert [made.name for made in read.instances] == ["more-1", "known"]
    assert read.references == {"known": -9.0}


ONE = {"values": [9, 5], "weights": [[2, 3]], "capacities": [4]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({**ONE, "values": [9, 0]}, "has the value 0; it must be above 0"),
        ({**ONE, "values": [9, "five"]}, "has 'five' among its values"),
        ({**ONE, "values": [9, True]}, "has True among its values"),
        ({**ONE, "values": [9, 10**400]}, "among its values; give finite numbers"),
        ({**ONE, "values": []}, "lists of numbers that are not empty"),
        ({**ONE, "weights": [[2, 3.5]]}, "has the weight 3.5; it must be whole"),
        ({**ONE, "weights": [[2, -3]]}, "has the weight -3"),
        ({**ONE, "weights": [[2, 3], [1]]}, "rows of weights of unlike length"),
        ({**ONE, "weights": [[2, 3], [1, 1]]}, "weights of shape"),
        ({**ONE, "weights": [2, 3]}, "lists of numbers that are not empty"),
        ({**ONE, "capacities": [0]}, "has the capacity 0"),
        ({**ONE, "capacities": [1]}, "no item that fits by itself"),
        ({**ONE, "optimum": -1}, "has the optimum -1"),
        ({"values": [9]}, "entry 1 is"),
        ([[]], "entry 1 is"),
        ("text", "entry 1 is"),
    ],
)
def test_a_broken_json_is_named_with_what_is_wrong(tmp_path: Path, content: object, message: str) -> None:
    file = written(tmp_path, json.dumps(content), "broken.json")
    with pytest.raises(ConfigError, match=message) as raised:
        read_instances(file)
    assert str(file) in str(raised.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ends where the number of instances"),
        ("0", "has 0 as the number of instances"),
        ("1 2.5 1 0", "has 2.5 as the number of items"),
        ("1 2 1 0 7", "ends where a value"),
        ("1 1 1 0 7 3 x", "has 'x' where a capacity"),
        ("1 1 1 0 7 3 6 8", "goes on with '8' after its 1 instances"),
        ("1 1 1 0 nan 3 6", "has nan among its values"),
    ],
)
def test_a_broken_file_is_named_with_the_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_instances(written(tmp_path, text))


def test_no_json_and_no_text_are_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not JSON"):
        read_instances(written(tmp_path, "{", "broken.json"))
    (tmp_path / "image.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="is no text"):
        read_instances(tmp_path / "image.txt")


def test_what_is_too_large_is_left_out_of_a_folder(tmp_path: Path) -> None:
    written(tmp_path, TWO)
    large = written(tmp_path, "1 1000000 2 0", "large.txt")
    with pytest.raises(OutsideLimits, match="2000000 weights"):
        read_instances(large)
    with pytest.raises(PartlyRead, match="was left out"):
        MultidimensionalKnapsack().read_instances(tmp_path)


def test_weights_whose_sum_is_not_exact_are_refused(tmp_path: Path) -> None:
    weights = {**ONE, "weights": [[2**53, 2**53]], "capacities": [2**53]}
    with pytest.raises(OutsideLimits, match="are added exactly"):
        read_instances(written(tmp_path, json.dumps(weights), "heavy.json"))


@given(text=st.text(st.sampled_from("0123456789.-e \n"), max_size=40))
def test_any_text_is_read_or_refused_with_its_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = written(tmp_path_factory.mktemp("any"), text)
    try:
        assert read_instances(file).instances
    except ConfigError as error:
        said = str(error)
    else:
        said = str(file)
    assert str(file) in said


def test_published_files() -> None:
    """On the OR-Library's small files (Petersen 1967) no rule beats a proven optimum, and one reaches it on the first."""
    problem = MultidimensionalKnapsack()
    read = problem.read_instances(published_files("knapsack") / "mknap1.txt")
    costs = {
        made.name: {name: problem.cost(made, rule(made).tolist()) for name, rule in problem.textbook_rules().items()}
        for made in read
    }
    for made in read:
        assert min(costs[made.name].values()) >= problem.reference(made), made.name
    assert costs["mknap1-1"]["mean_density"] == problem.reference(read[0]) == -3800
