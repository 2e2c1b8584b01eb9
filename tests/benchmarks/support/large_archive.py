"""An archive with very many candidates, made in seconds: one run is written, and copied row by row."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from evoheur.archive.archive import Archive
from tests.evoheur.archive.support.made_up import candidate, new_run, step

__all__ = ["large_archive"]

_BY_REQUEST = ("completion", "request_parent")
_BY_CANDIDATE = ("candidate_parent", "evaluation")


def large_archive(path: Path, *, runs: int, candidates: int) -> Path:
    """An archive with runs "run-0", "run-1" … of so many candidates each.

    Args:
        path: Of its file, which is not there yet.
        runs: How many.
        candidates: In each.
    """
    with Archive.open(f"sqlite:///{path}", create=True) as archive:
        run = new_run(archive, "run-0")
        archive.begin_session(run.id)
        archive.record_baseline(run.id, candidate(0, 9.0))
        for number in range(1, candidates + 1):
            step(archive, run, candidate(number, 8.0 - 3.0 * number / candidates, parents=(number // 2,)))
        archive.finish(run.id, "finished", "made up")
    with sqlite3.connect(path) as connection:
        for number in range(1, runs):
            _copy(connection, number)
    return path


def _copy(connection: sqlite3.Connection, number: int) -> None:
    """Copy run 1, with every row number raised by as much as no run has."""
    raised = dict.fromkeys(("id", "request_id", "candidate_id", "evaluation_id", "dictionary_id"), number * 1000000)
    for table in (
        "run",
        "session",
        "run_event",
        "prompt_dictionary",
        "request",
        *_BY_REQUEST,
        "candidate",
        *_BY_CANDIDATE,
        "instance_result",
    ):
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        words = [_raised(table, column, number, raised) for column in columns]
        connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(words)} FROM {table} WHERE {_of_first(table, columns)}"
        )


def _raised(table: str, column: str, number: int, raised: dict[str, int]) -> str:
    if table == "run":
        return {"id": f"id + {number}", "name": f"'run-{number}'"}.get(column, column)
    if column == "run_id":
        return f"run_id + {number}"
    return f"{column} + {raised[column]}" if column in raised else column


def _of_first(table: str, columns: Sequence[str]) -> str:
    if table == "run":
        return "id = 1"
    if "run_id" in columns:
        return "run_id = 1"
    key = next(name for name in ("request_id", "candidate_id", "evaluation_id") if name in columns)
    return f"{key} < 1000000"
