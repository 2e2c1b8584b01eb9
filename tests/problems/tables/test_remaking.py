"""From a folder of files to the tables of a document."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.problems.tables.data_sets import DATA_SETS
from evoheur.problems.tables.remaking import blocks, measured

NAMES = [data.name for data in DATA_SETS]
ORLIB = DATA_SETS[NAMES.index("orlib")]
PLACE = "text\n<!-- orlib: written by a program -->\n<!-- end of orlib -->\n"


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    """One instance of class u120, whose optimum of 2 bins is proven."""
    folder = tmp_path / "data" / "binpacking" / "orlib"
    folder.mkdir(parents=True)
    instance = {"name": "u120_00", "capacity": 10, "items": [6, 5, 4]}
    (folder / "u120.json").write_text(json.dumps({"meta": {}, "instances": [instance]}))
    (folder.parent / "optima.csv").write_text("name,best_known,status\nu120_00,2,optimal\n")
    return tmp_path / "data"


def test_the_command_writes_the_tables(root: Path, tmp_path: Path) -> None:
    """As `make textbook-rules` calls it; other text stays."""
    document = tmp_path / "doc.md"
    document.write_text(PLACE)
    command = [sys.executable, "-m", "evoheur.gallery.published_tables", str(root), str(document), "--only", "orlib"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert document.read_text().startswith("text\n")
    assert "| u120 | 1 | 0.00 / 0.00, <0.001 |" in document.read_text()
    assert "Smallest gap over proven optima 0.000 %" in document.read_text()
    assert "`minimum_bin_slack_with_largest` | `gallery:filled_bins` |" in document.read_text()
    assert "*offline, one pass* | *discovered* |" in document.read_text()


def test_the_command_remakes_the_tables_of_some_problems(root: Path, tmp_path: Path) -> None:
    """Those of the others are not measured, so their folders need not be there."""
    document = tmp_path / "doc.md"
    document.write_text(PLACE + PLACE.replace("orlib", "weibull"))
    options = ["--only", "orlib", "weibull", "--problems", "bin_packing_offline"]
    command = [sys.executable, "-m", "evoheur.gallery.published_tables", str(root), str(document), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "| u120 | 1 | 0.00 / 0.00, <0.001 |" in document.read_text()
    assert document.read_text().endswith(PLACE.replace("orlib", "weibull"))


def test_the_command_says_what_is_missing(root: Path, tmp_path: Path) -> None:
    """Before it measures anything, and the document stays as it is."""
    document = tmp_path / "doc.md"
    document.write_text(PLACE)
    command = [sys.executable, "-m", "evoheur.gallery.published_tables", str(root), str(document), "--only", "weibull"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "The document has no place for weibull; add the lines <!-- weibull: written by a program --> and <!-- end of weibull -->.\n"
    )
    assert document.read_text() == PLACE


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """With the folder's name and where to read on."""
    with pytest.raises(ConfigError, match=r"has no folder binpacking/orlib; docs/textbook-rules\.md says where"):
        blocks(tmp_path, [ORLIB])


def test_all_rules_are_measured(root: Path) -> None:
    """Every baseline of the problem, once for every instance."""
    [table] = ORLIB.tables
    assert [each.rule for each in measured(ORLIB, table, root)] == list(load_problem(table.problem).textbook_rules())


def test_what_the_literature_gives_is_of_rules_that_exist() -> None:
    """A rule that was renamed would have no figure to compare."""
    for data in DATA_SETS:
        for table in data.tables:
            assert {check.rule for check in table.checks} <= set(load_problem(table.problem, table.settings).textbook_rules())
