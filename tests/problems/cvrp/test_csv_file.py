"""Depot and customers as CSV."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problems.cvrp.files import read_file, read_instances
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.solution import price

PLAIN = "capacity,4\nname,x,y,demand\nhub,0,0,0\na,3,0,2\nb,3,4,2\nc,0,4,1\n"


def read(folder: Path, text: str) -> CvrpInstance:
    """The instance of a file."""
    file = folder / "town.csv"
    file.write_text(text, encoding="utf-8")
    [(made, _)] = read_file(file)
    return made


def test_the_documented_form(tmp_path: Path) -> None:
    """A line for the capacity, a head, the depot, the customers; named after the file, distances without rounding."""
    made = read(tmp_path, PLAIN)
    assert (made.name, made.family, made.metric) == ("town", tmp_path.name, "EUCLIDEAN")
    assert (made.demands.tolist(), made.capacity) == ([0, 2, 2, 1], 4)
    assert price(made, [[1, 2], [3]]) == 3 + 4 + 5 + 4 + 4


@pytest.mark.parametrize(
    "text",
    [
        "capacity;4\nX;Y;Demand\n0;0;0\n3,0;0;2\n3;4,0;2\n0;4;1\n",
        "capacity,4\n0,0,0\n3,0,2\n3,4,2\n0,4,1\n",
        "x,y,demand,capacity\n0,0,0,4\n3,0,2,4\n3,4,2,4\n0,4,1,\n",
        "\ufeffCapacity,4,,\nX Coord,Y Coord,Quantity,ID\n0,0,,d\n3,0,2,a\n3,4,2,b\n0,4,1,c\n",
        "capacity,4\nx,y,demand,depot\n3,0,2,0\n3,4,2,no\n0,0,0,1\n0,4,1,\n",
    ],
)
def test_other_ways_to_say_the_same(tmp_path: Path, text: str) -> None:
    """Semicolons with decimal commas, no head, the capacity in a column, a spreadsheet's mark, the depot elsewhere."""
    made, plain = read(tmp_path, text), read(tmp_path, PLAIN)
    assert made.demands.tolist() == plain.demands.tolist()
    assert made.capacity == plain.capacity
    assert made.coordinates.tolist() == plain.coordinates.tolist()


def test_limits_in_lines_of_their_own(tmp_path: Path) -> None:
    """Route length, service and fleet mean what they mean in CVRPLIB's files; service may also be a column."""
    made = read(tmp_path, f"distance,17\nservice_time,2.5\nvehicles,2\n{PLAIN}")
    assert (made.max_duration, made.max_vehicles) == (17.0, 2)
    assert made.service_times.tolist() == [0.0, 2.5, 2.5, 2.5]
    column = read(tmp_path, "capacity,4\ndistance,17\nx,y,demand,service\n0,0,0,0\n3,0,2,1\n3,4,2,2\n")
    assert column.service_times.tolist() == [0.0, 1.0, 2.0]


def test_kilometres_between_degrees(tmp_path: Path) -> None:
    """A degree of latitude is 111.195 km on a sphere of 6371.0088 km."""
    made = read(tmp_path, "capacity,4\nlat,lon,demand\n50,8,0\n51,8,1\n")
    assert made.distances[0, 1] == pytest.approx(111.195, abs=0.001)


def test_decimals_are_counted_exactly(tmp_path: Path) -> None:
    """In one power of ten."""
    made = read(tmp_path, PLAIN.replace("capacity,4", "capacity,4.25").replace("0,4,1", "0,4,0.1"))
    assert (made.demands.tolist(), made.capacity) == ([0, 200, 200, 10], 425)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("capacity,4\n", "", "what a vehicle carries is nothing; give a first line capacity,100 before the head"),
        ("capacity,4", "capacity,many", "capacity is 'many'; it must be a number"),
        ("name,x,y,demand", "due,x,y,demand", "the column 'due' is not known, and could restrict the solutions"),
        ("name,x,y,demand", "name,x,y,label", "vehicle routing needs demand as well"),
        ("a,3,0,2", "a,3,0,9", r"the demand of node 1 \(line 4\) is 9; it must be within 0\.\.4"),
        ("a,3,0,2", "a,3,0,-1", r"the demand of node 1 \(line 4\) is -1"),
        ("a,3,0,2", "a,3,0,", "line 4: demand is ''; it must be a number"),
        ("hub,0,0,0", "hub,0,0,1", "the depot, node 0 .* has a demand of 1; it must be 0"),
        ("a,3,0,2\nb,3,4,2\nc,0,4,1\n", "", "has 0 customers"),
        ("capacity,4", "capacity,4\nvehicles,0", "vehicles is '0'; it must be a whole number, at least 1"),
        ("capacity,4", "capacity,4\ndistance,9", r"a route to node 2 \(line 6\) and back takes 10, which is more than the limit"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    """And the value."""
    assert old in PLAIN
    with pytest.raises(ConfigError, match=reason):
        read(tmp_path, PLAIN.replace(old, new))


@pytest.mark.parametrize("marks", [("1", "1"), ("0", "0"), ("perhaps", "1")])
def test_there_is_one_depot(tmp_path: Path, marks: tuple[str, str]) -> None:
    """Not two, not none, and not perhaps."""
    with pytest.raises(ConfigError, match=r"marks . depots; there must be one|depot is 'perhaps'"):
        read(tmp_path, f"capacity,4\nx,y,demand,depot\n0,0,0,{marks[0]}\n1,1,0,{marks[1]}\n")


def test_tables_of_references_are_no_instances(tmp_path: Path) -> None:
    """In a folder, beside what they refer to."""
    (tmp_path / "town.csv").write_text(PLAIN)
    (tmp_path / "optima.csv").write_text("name,bks_cost\ntown,20\n")
    read = read_instances(tmp_path)
    assert [made.name for made in read.instances] == ["town"]
    assert read.references == {"town": 20.0}


@given(
    places=st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99), st.integers(0, 9)), min_size=1, max_size=6),
    depot=st.data(),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, int, int]], depot: st.DataObject
) -> None:
    """With the depot anywhere."""
    at = depot.draw(st.integers(0, len(places)))
    rows = [*places[:at], (7, 8, 0), *places[at:]]
    lines = [f"{x},{y},{demand},{int(place == at)}" for place, (x, y, demand) in enumerate(rows)]
    made = read(tmp_path_factory.mktemp("any"), "\n".join(["capacity,9", "x,y,demand,depot", *lines]))
    assert made.coordinates.tolist() == [[7.0, 8.0], *([x, y] for x, y, _ in places)]
    assert made.demands.tolist() == [0, *(demand for _, _, demand in places)]
