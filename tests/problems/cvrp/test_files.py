"""Reading instances and references from files."""

from pathlib import Path

import numpy as np
import pytest

from evoheur.errors import ConfigError, InstanceWarning
from evoheur.problems.cvrp.files import read_instances

VRP = """NAME : A-n4-k2
COMMENT : three customers on a line
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 4
NODE_COORD_SECTION
1 0 0
2 1.4 0
3 3 0
4 -1 0
DEMAND_SECTION
1 0
2 2
3 2
4 1
DEPOT_SECTION
 1
 -1
EOF
"""
SOLUTION = "Route #1: 1 2\nRoute #2: 3\nCost 8\n"


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    file = tmp_path / "A-n4-k2.vrp"
    file.write_text(VRP)
    return file


def test_a_vrp_file_is_read_with_its_rounding(file: Path) -> None:
    """Distances are rounded to the nearest whole number: 1.4 to 1, 1.6 to 2."""
    [made] = read_instances(file).instances
    assert (made.name, made.family, made.metric, made.capacity) == ("A-n4-k2", "A", "EUC_2D", 4)
    assert made.demands.tolist() == [0, 2, 2, 1]
    assert made.distances[0].tolist() == [0.0, 1.0, 3.0, 1.0]
    assert made.distances[1, 2] == 2.0


def test_nodes_may_be_listed_in_any_order(file: Path) -> None:
    """What a row says belongs to the node whose number it begins with, in each section for itself."""
    [sorted_by_number] = read_instances(file).instances
    shuffled = VRP.replace("1 0 0\n2 1.4 0\n3 3 0\n4 -1 0\n", "3 3 0\n# a comment\n1 0 0\n4 -1 0\n\n2 1.4 0\n")
    shuffled = shuffled.replace("1 0\n2 2\n3 2\n4 1\n", "4 1\n3 2\n2 2\n1 0\n")
    assert shuffled.index("3 3 0") < shuffled.index("1 0 0")
    assert shuffled.index("4 1\n") < shuffled.index("2 2\n")
    file.write_text(shuffled)
    [made] = read_instances(file).instances
    assert (made.coordinates == sorted_by_number.coordinates).all()
    assert (made.demands == sorted_by_number.demands).all()


def test_the_number_of_nodes_need_not_be_stated(file: Path) -> None:
    """The rows say it."""
    file.write_text(VRP.replace("DIMENSION : 4\n", ""))
    assert read_instances(file).instances[0].customers == 3


def test_the_reference_is_priced_from_the_solution_file(file: Path) -> None:
    """1 + 2 + 3 for the first route and 2 for the second are 8, whatever the file says it costs."""
    assert read_instances(file).references == {}
    file.with_suffix(".sol").write_text(SOLUTION.replace("Cost 8", "Cost 1"))
    with pytest.warns(InstanceWarning, match=r"A-n4-k2\.sol says Cost 1, but its routes cost 8 with distances by EUC_2D"):
        assert read_instances(file).references == {"A-n4-k2": 8.0}


def test_a_table_comes_before_a_solution_file(file: Path) -> None:
    """What `optima.csv` lists is not priced again."""
    file.with_suffix(".sol").write_text(SOLUTION)
    (file.parent / "optima.csv").write_text("name,bks_cost\nA-n4-k2,7\nelsewhere,5\n")
    assert read_instances(file.parent).references == {"A-n4-k2": 7.0}


def test_a_broken_solution_file_is_no_reference(file: Path) -> None:
    """It is refused with the reason, because a reference that no routes have would falsify every gap."""
    file.with_suffix(".sol").write_text("Route #1: 1 2 3\nCost 1\n")
    with pytest.raises(ConfigError, match=r"is no solution of A-n4-k2: route 0 carries 5 of 4"):
        read_instances(file)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("TYPE : CVRP", "TYPE : TSP", "is of TYPE TSP"),
        ("EUC_2D", "EXPLICIT", "has no EDGE_WEIGHT_SECTION"),
        ("CAPACITY : 4\n", "", "has no CAPACITY"),
        ("CAPACITY : 4", "CAPACITY : four", r"CAPACITY is 'four'; it must be a number"),
        ("CAPACITY : 4", "CAPACITY : 0", r"the capacity is 0; it must be positive"),
        ("CAPACITY : 4", "CAPACITY : 1", r"the demand of node 2 is 2; it must be within 0\.\.1, what a vehicle carries"),
        ("2 2\n3 2", "2 -1.5\n3 2", r"the demand of node 2 is -1\.5"),
        ("1 0\n2 2", "1 3\n2 2", r"the depot, node 1, has a demand of 3; it must be 0"),
        (" 1\n -1", " 2\n -1", r"the depot, node 2, has a demand of 2"),
        (" 1\n -1", " 1\n 2\n -1", r"has 2 depots \(1 2\); several depots are not handled"),
        (" 1\n -1", " 9\n -1", r"the depot is 9; it must be one of the nodes 1\.\.4"),
        ("4 -1 0\n", "", r"the NODE_COORD_SECTION has 9 numbers; 4 nodes with number, x and y make 12"),
        ("4 -1 0\n", "3 -1 0\n", r"the nodes are not numbered 1 to 4, each once"),
        ("4 1\nDEPOT", "0 1\nDEPOT", r"the nodes are not numbered 1 to 4, each once"),
        ("4 1\nDEPOT", "4.5 1\nDEPOT", r"the nodes are not numbered 1 to 4, each once"),
        ("4 1\nDEPOT", "DEPOT", r"the DEMAND_SECTION has 3 rows and DIMENSION is 4"),
        ("DIMENSION : 4", "DIMENSION : 5", r"has 4 rows and DIMENSION is 5"),
        ("4 -1 0\n", "4 -1\n", "has 11 numbers; 4 nodes with number, x and y make 12"),
        ("2 1.4 0", "2 inf 0", "not finite"),
        (VRP, "nonsense", "is no TSPLIB or CVRPLIB file"),
    ],
)
def test_a_broken_file_is_refused_with_the_reason(file: Path, old: str, new: str, reason: str) -> None:
    """The message names the file and what is wrong in it."""
    assert old in VRP
    file.write_text(VRP.replace(old, new))
    with pytest.raises(ConfigError, match=reason) as caught:
        read_instances(file)
    assert str(file) in str(caught.value)


def test_a_set_is_read_with_capacity_and_references(tmp_path: Path) -> None:
    """The columns are demand, x and y; the table beside the file says what vehicles carry."""
    np.save(tmp_path / "mine.npy", np.array([[[0, 0.5, 0.5], [3, 0.0, 0.5], [9, 0.5, 0.1]]] * 2))
    (tmp_path / "reference.csv").write_text(
        "set,index,customers,capacity,reference_cost\nmine,0,2,50,1.8\nmine,1,2,50,1.9\nother,0,9,7,3\n"
    )
    read = read_instances(tmp_path)
    assert [made.name for made in read.instances] == ["mine-0", "mine-1"]
    assert read.references == {"mine-0": 1.8, "mine-1": 1.9}
    first = read.instances[0]
    assert (first.family, first.capacity, first.demands.tolist()) == ("mine", 50, [0, 3, 9])
    assert first.distances[1, 2] == pytest.approx(np.hypot(0.5, 0.4))


def test_a_set_without_a_capacity_is_refused(tmp_path: Path) -> None:
    """There is no capacity to assume."""
    np.save(tmp_path / "mine.npy", np.zeros((1, 3, 3)))
    with pytest.raises(ConfigError, match=r"does not say what vehicles carry; put a reference\.csv beside it .*: nothing\)"):
        read_instances(tmp_path / "mine.npy")


def test_an_array_of_another_shape_is_refused(tmp_path: Path) -> None:
    """Two columns are coordinates without demands."""
    np.save(tmp_path / "mine.npy", np.zeros((1, 3, 2)))
    with pytest.raises(ConfigError, match=r"no array of shape \(instances, customers \+ 1, 3\)"):
        read_instances(tmp_path / "mine.npy")
    (tmp_path / "text.npy").write_text("1,2,3")
    with pytest.raises(ConfigError, match="cannot be read as an array"):
        read_instances(tmp_path / "text.npy")


def test_a_path_without_instances_is_refused(tmp_path: Path, file: Path) -> None:
    """A missing path, a folder without files, another kind of file, and two instances of one name."""
    with pytest.raises(ConfigError, match="There is no instance file"):
        read_instances(tmp_path / "missing")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ConfigError, match=r"holds no \.vrp, \.csv, \.txt or \.npy file"):
        read_instances(empty)
    (tmp_path / "a.txt").write_text("notes")
    with pytest.raises(ConfigError, match=r"ends in '\.txt' and is of another form; give a \.vrp"):
        read_instances(tmp_path / "a.txt")
    (tmp_path / "copy.vrp").write_text(VRP)
    with pytest.raises(ConfigError, match="two instances are named 'A-n4-k2'"):
        read_instances(tmp_path)


@pytest.mark.filterwarnings("ignore::evoheur.errors.InstanceWarning")
def test_instances_come_smallest_first(tmp_path: Path, file: Path) -> None:
    """Whatever their names: a file without its last customer goes first."""
    smaller = (
        VRP.replace("A-n4-k2", "Z-n3").replace("DIMENSION : 4", "DIMENSION : 3").replace("4 -1 0\n", "").replace("\n4 1\n", "\n")
    )
    (tmp_path / "Z-n3.vrp").write_text(smaller)
    assert [made.name for made in read_instances(tmp_path).instances] == ["Z-n3", "A-n4-k2"]
