"""The migration that gives every stored objective its kind, by the costs and references it was made of."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from evoheur.archive.schema_state import upgrade

BEFORE = Path(__file__).parents[2] / "data" / "archives" / "0002.db"
MEAN, SUMS = 15.0, 100.0 * (71.0 / 60.0 - 1.0)
"""Costs 11 and 60 over references 10 and 50: gaps 10 % and 20 %, and 71 over 60; their mean cost is 35.5."""


@pytest.mark.parametrize(
    ("objective", "results", "kind"),
    [
        (MEAN, [(11.0, 10.0), (60.0, 50.0)], "gap_percent"),
        (SUMS, [(11.0, 10.0), (60.0, 50.0)], "gap_percent"),
        (35.5, [(11.0, 10.0), (60.0, 50.0)], "mean_cost"),
        (35.5, [(11.0, None), (60.0, 50.0)], "mean_cost"),
        (35.5, [(11.0, 0.0), (60.0, 50.0)], "mean_cost"),
        (10.0, [(-90.0, -100.0)], "gap_percent"),
        (50.0, [(2.0, 1.0), (-1.0, -1.0)], "gap_percent"),  # references that cancel out have no ratio of sums
        (0.0, [(50.0, 50.0)], "gap_percent"),
        (4.0, [], "mean_cost"),
    ],
)
def test_a_kind_is_found_by_costs_and_references(
    tmp_path: Path, objective: float, results: Sequence[tuple[float, float | None]], kind: str
) -> None:
    file = Path(shutil.copy(BEFORE, tmp_path / "old.db"))
    with closing(sqlite3.connect(file)) as database, database:
        [number] = database.execute("SELECT id FROM evaluation WHERE status = 'ok' ORDER BY id LIMIT 1").fetchone()
        database.execute("UPDATE evaluation SET objective = ? WHERE id = ?", (objective, number))
        database.execute("DELETE FROM instance_result WHERE evaluation_id = ?", (number,))
        rows = [(number, place, str(place), cost, reference) for place, (cost, reference) in enumerate(results)]
        insert = "INSERT INTO instance_result VALUES (?, ?, ?, 'f', 'ok', ?, ?, 0.0, '', '{}')"
        database.executemany(insert, rows)
    upgrade(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT objective_kind FROM evaluation WHERE id = ?", (number,)).fetchone() == (kind,)
        failed = database.execute("SELECT DISTINCT objective_kind FROM evaluation WHERE objective IS NULL").fetchall()
        assert failed == [(None,)]
