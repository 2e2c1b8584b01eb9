"""Places in CSV files."""

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problems.routing.csv_table import PLACES, CsvTable, read_table

COLUMNS = {**PLACES, "demand": ("demand",)}
SETTINGS = {"capacity": ("capacity",)}
NUMBERS = st.decimals(-500, 500, places=2)


def table(folder: Path, text: str | bytes) -> CsvTable:
    """What is read of a text."""
    file = folder / "places.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(file, COLUMNS, SETTINGS, bare=("x", "y"))


@given(
    rows=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5),
    heads=st.sampled_from(
        [("x", "y", "name"), ("X", "Y", "City"), ("x-coord", "Y_COORD.", "ID"), (" XCOORD", "ycoord ", "Cust No.")]
    ),
    delimiter=st.sampled_from(",;\t"),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
    decimal_comma=st.booleans(),
)
def test_all_ways_to_write_a_table_say_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[object, object]],
    heads: tuple[str, str, str],
    delimiter: str,
    newline: str,
    encoding: str,
    decimal_comma: bool,
) -> None:
    """Separators, decimal commas where the separator is none, heads in any case, names with the separator in them."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=newline)
    writer.writerow(heads)
    for x, y in rows:
        cells = [str(x), str(y)]
        if decimal_comma and delimiter != ",":
            cells = [cell.replace(".", ",") for cell in cells]
        writer.writerow([*cells, f"Köln{delimiter} Dom"])
    read = table(tmp_path_factory.mktemp("any"), file.getvalue().encode(encoding))
    assert read.points()[0] == "EUCLIDEAN"
    assert read.points()[1].tolist() == [[float(str(x)), float(str(y))] for x, y in rows]


def test_settings_stand_before_the_head(tmp_path: Path) -> None:
    """A line of a spreadsheet has empty cells behind; remarks and empty lines mean nothing."""
    read = table(tmp_path, "# my town\nCapacity,100,,\n\nx,y,demand,\n1,2,3,\n4,5,6\n")
    assert read.settings == {"capacity": "100"}
    assert read.columns == {"x": ["1", "4"], "y": ["2", "5"], "demand": ["3", "6"]}
    assert list(read.lines) == [5, 6]


def test_a_file_without_a_head_has_the_plain_columns(tmp_path: Path) -> None:
    """Two numbers in a line are x and y."""
    assert table(tmp_path, "1,2\n3,4\n").points()[1].tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_longitude_and_latitude_are_kilometres_apart(tmp_path: Path) -> None:
    """Whichever comes first; a degree of latitude is 111.2 km."""
    metric, points = table(tmp_path, "Latitude,Longitude\n50,8\n51,8\n").points()
    assert (metric, points.tolist()) == ("GREAT_CIRCLE", [[8.0, 50.0], [8.0, 51.0]])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds no places; give a line of heads"),
        ("x,y,due\n1,2,3\n", r"line 1: the column 'due' is not known, and could restrict the solutions; known are x, y"),
        ("x,y,X\n1,2,3\n", "line 1: two columns are x"),
        ("x,y\n1\n", "line 2 has 1 cells, but there are 2 columns"),
        ("x,y\n1,2,3\n", "line 2 has 3 cells, but there are 2 columns"),
        ("1,2,3\n4,5,6\n", "line 1 has 3 cells, but there are 2 columns"),
        ("x,y\n1,two\n", "line 2: y is 'two'; it must be a number"),
        ("x,y\n1,nan\n", "line 2: y is 'nan'; it must be a number"),
        ("x,y\n1,1e999\n", "line 2: y is '1e999'; it must be a number"),
        ("x,demand\n1,2\n", "has the columns x, demand; places need x and y"),
        ("x,y,lat\n1,2,3\n", "places need x and y, or longitude and latitude"),
        ("lon,lat\n1,91\n", "a latitude is beyond 90 degrees"),
        ("capacity,1\ncapacity,2\nx,y\n", "line 2: capacity comes twice"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(tmp_path: Path, text: str, reason: str) -> None:
    """And what would be."""
    with pytest.raises(ConfigError, match=reason):
        table(tmp_path, text).points()


@given(
    data=st.binary(max_size=200) | st.text(alphabet="xylatlondemandcapacity,;\t\n\"'0123456789.-#", max_size=200).map(str.encode)
)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Nothing but a refusal is raised."""
    with suppress(ConfigError):
        read = table(tmp_path_factory.mktemp("any"), data)
        assert read.points()[1].shape == (len(read.lines), 2)
