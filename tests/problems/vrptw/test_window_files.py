"""Solomon's form with windows."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.problems.vrptw.timely_routes import timed_price
from evoheur.problems.vrptw.window_files import read_instances, read_windows

TEXT = """R4

VEHICLE
NUMBER     CAPACITY
  1          4

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0         20          0
    1      3          0          2          5          9          1
    2      3          4          2          5         13          2
    3      0          4          1          0         20          1.5
"""


def _file(folder: Path, text: str, name: str = "R4.txt") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_windows_and_service_are_read_and_the_fleet_is_free(tmp_path: Path) -> None:
    made = read_windows(_file(tmp_path, TEXT))
    assert (made.name, made.family, made.capacity, made.max_vehicles, made.max_duration) == ("R4", "R", 4, None, None)
    assert made.service.tolist() == [0.0, 1.0, 2.0, 1.5]
    assert made.ready_times.tolist() == [0.0, 5.0, 5.0, 0.0]
    assert made.due_times.tolist() == [20.0, 9.0, 13.0, 20.0]
    assert timed_price(made, [[1, 2], [3]]) == 3 + 4 + 5 + 4 + 4


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("5          9 ", "1          2 ", r"customer 1 is reached at 3 at the earliest, and its window is from 1 to 2"),
        (
            "5         13          2",
            "5         13          11",
            r"serves customer 2 alone is back at 21, and the depot closes at 20",
        ),
        ("5          9 ", "-5          9 ", r"a window opens at -5; times must be at least 0"),
        ("VEHICLE", "LORRY", "is no file of Solomon's form"),
        ("          1.5", "", "is no file of Solomon's form"),
        ("  1          4", "  1          1", r"the demand of node 1 is 2"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in TEXT
    with pytest.raises(ConfigError, match=reason):
        read_windows(_file(tmp_path, TEXT.replace(old, new, 1)))


def test_a_folder_with_references(tmp_path: Path) -> None:
    """Other texts are passed over; a gap is from what lies beside."""
    _file(tmp_path, TEXT)
    _file(tmp_path, TEXT.replace("R4", "R5"), "R5.txt")
    _file(tmp_path, "About these files.", "about.txt")
    _file(tmp_path, "name,bks_cost\nR4,19.5\n", "optima.csv")
    read = read_instances(tmp_path)
    assert [made.name for made in read.complete()] == ["R4", "R5"]
    assert read.references == {"R4": 19.5}
    problem = load_problem("vrptw_insertion")
    one, other = problem.read_instances(tmp_path)
    assert (problem.reference(one), problem.reference(other)) == (19.5, None)


@given(rows=st.lists(st.tuples(*(st.integers(0, 99) for _ in range(5))), min_size=1, max_size=8))
def test_what_is_written_is_read(rows: list[tuple[int, int, int, int, int]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Number for number, where every window is open until evening."""
    lines = [f"{number} {x} {y} {load} {ready} 900 {service}" for number, (x, y, load, ready, service) in enumerate(rows, 1)]
    text = "X1\nVEHICLE\nNUMBER CAPACITY\n5 99\nCUSTOMER\nCUST NO. X Y DEMAND READY DUE SERVICE\n0 50 50 0 0 999 0\n"
    made = read_windows(_file(tmp_path_factory.mktemp("written"), text + "\n".join(lines) + "\n"))
    assert made.coordinates[1:].tolist() == [[x, y] for x, y, *_ in rows]
    assert made.demands[1:].tolist() == [row[2] for row in rows]
    assert made.ready_times[1:].tolist() == [row[3] for row in rows]
    assert made.service[1:].tolist() == [row[4] for row in rows]
