"""Solomon's text form."""

from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problems.cvrp.files import read_file, read_instances
from evoheur.problems.cvrp.solution import price

OPEN = """R4

VEHICLE
NUMBER     CAPACITY
  2          4

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0         20          0
    1      3          0          2          0         20          1
    2      3          4          2          5         13          2
    3      0          4          1          0         20          1.5
"""
"""Customer 2 is 5 away from the depot, so nobody is there before 5, and has to be left by 15 to be home at 20."""


def _file(folder: Path, text: str) -> Path:
    file = folder / "R4.txt"
    file.write_text(text)
    return file


def test_windows_that_restrict_nothing_are_a_limit_of_routes(tmp_path: Path) -> None:
    """The depot closes at 20, and there are two vehicles; distances are not rounded."""
    [(made, _)] = read_file(_file(tmp_path, OPEN))
    assert (made.name, made.family, made.metric, made.capacity) == ("R4", "R", "EUCLIDEAN", 4)
    assert (made.max_duration, made.max_vehicles) == (20.0, 2)
    assert made.service_times.tolist() == [0.0, 1.0, 2.0, 1.5]
    assert price(made, [[1, 2], [3]]) == 3 + 4 + 5 + 4 + 4


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("5         13", "5         12.9", r"customer 2 can be served from 5 to 12\.9 only; without windows"),
        ("5         13", "5.1       13", r"time windows are not handled by this vehicle routing problem, and customer 2"),
        ("  2          4", "  2.5        4", r"the number of vehicles is 2\.5"),
        ("  2          4", "  2", "is no file of Solomon's form"),
        ("          1.5", "", "is no file of Solomon's form"),
        (
            "          2          5         13 ",
            "          9          5         13 ",
            r"the demand of node 2 is 9; it must be within 0\.\.4",
        ),
        (
            "0         20          0\n",
            "0          9          0\n",
            r"a route to node 2 and back takes 12, which is more than the limit of a route, 9",
        ),
    ],
)
def test_windows_that_restrict_and_other_faults_are_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    """With the customer."""
    assert old in OPEN
    with pytest.raises(ConfigError, match=reason):
        read_file(_file(tmp_path, OPEN.replace(old, new)))


def test_other_texts_in_a_folder_are_left_alone(tmp_path: Path) -> None:
    """Notes are no instances, a file of the form is one."""
    _file(tmp_path, OPEN)
    (tmp_path / "notes.txt").write_text("vehicle and customer")
    assert [made.name for made in read_instances(tmp_path).instances] == ["R4"]
