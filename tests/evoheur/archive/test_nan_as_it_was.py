"""Runs of online packing from before NaN won: their configurations say what it meant."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.schema_state import upgrade

BEFORE = Path(__file__).parents[2] / "data" / "archives" / "0006.db"


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        ({"name": "bin_packing_online", "settings": {}}, {"name": "bin_packing_online", "settings": {"nan": "error"}}),
        ({"name": "bin_packing_online", "settings": {"nan": "highest"}}, None),
        ({"name": "bin_packing_offline", "settings": {}}, None),
    ],
)
def test_the_default_of_then_is_written_down(tmp_path: Path, problem: dict[str, Any], expected: dict[str, Any] | None) -> None:
    """Whatever else the configuration holds stays, and runs that chose, or are of another problem, stay as they are."""
    file = Path(shutil.copy(BEFORE, tmp_path / "old.db"))
    config = {"problem": problem, "seed": 3}
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE run SET problem = ?, config = ?", (problem["name"], json.dumps(config)))
    upgrade(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        [(stored,)] = connection.execute("SELECT config FROM run")
    assert json.loads(stored) == {"problem": expected or problem, "seed": 3}
