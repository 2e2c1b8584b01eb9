"""Tables of reference costs beside instance files."""

from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problems.routing.recorded_costs import recorded_costs


def test_costs_by_name_and_by_place_in_a_set(tmp_path: Path) -> None:
    """Both forms of table, and a line without a cost."""
    (tmp_path / "optima.csv").write_text("name,n,optimum\nsquare,4,40\nlarge,99,\n")
    (tmp_path / "reference.csv").write_text("set,index,reference_length\nmany,0,1.5\nmany,1,2.5\n")
    assert recorded_costs(tmp_path) == {"square": 40.0, "many-0": 1.5, "many-1": 2.5}


@pytest.mark.parametrize("column", ["optimum", "best_known", "bks_cost", "reference_length", "reference_cost"])
def test_the_words_for_a_cost(tmp_path: Path, column: str) -> None:
    """Each of the usual column names is understood."""
    (tmp_path / "optima.csv").write_text(f"name,{column}\na,7\n")
    assert recorded_costs(tmp_path) == {"a": 7.0}


def test_a_folder_without_tables_has_no_references(tmp_path: Path) -> None:
    """Nothing beside the instances is no mistake; nor is an empty table."""
    assert recorded_costs(tmp_path) == {}
    (tmp_path / "optima.csv").write_text("name,optimum\n")
    assert recorded_costs(tmp_path) == {}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,length\na,7\n", "has the columns name, length; a table of reference costs needs 'name'"),
        ("instance,optimum\na,7\n", "needs 'name' .or 'set' and 'index'."),
        ("name,optimum\na,seven\n", "line 2, optimum: 'seven' is no cost"),
        ("name,optimum\na,7\nb,nan\n", "line 3, optimum: 'nan' is no cost"),
        ("name,optimum\na,-7\n", "line 2, optimum: '-7' is no cost"),
    ],
)
def test_a_table_that_cannot_be_used_is_named(tmp_path: Path, table: str, message: str) -> None:
    """With line, column and value."""
    (tmp_path / "optima.csv").write_text(table)
    with pytest.raises(ConfigError, match=message):
        recorded_costs(tmp_path)
