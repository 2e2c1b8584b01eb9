"""Runs as a user starts them, in processes of their own, and what they leave in the database."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evoheur.archive.prompt_packing import unpack
from tests.end_to_end.support.warm_interpreter import run_warm

TIMINGS = {"created_at", "started_at", "heartbeat_at", "seconds", "told_seconds", "cpu_seconds"}
"""Columns that tell when and how fast, which no two runs share."""


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The caller's environment without keys, plus `extra`."""
    kept = {key: value for key, value in os.environ.items() if not key.endswith("_API_KEY")}
    return {**kept, "COLUMNS": "160", **(extra or {})}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "evoheur", *words]


def evoheur(
    *words: str, cwd: Path, env: Mapping[str, str] | None = None, timeout: float = 240
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; in a process that is started for it only where the environment needs one."""
    if "PYTHONHASHSEED" not in (env or {}):
        return run_warm(words, cwd=cwd, env=environment(env), timeout=timeout)
    return subprocess.run(
        command(*words), cwd=cwd, env=environment(env), capture_output=True, text=True, timeout=timeout, check=False
    )


def start(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start one command and leave it running, in a session of its own."""
    return subprocess.Popen(
        command(*words),
        cwd=cwd,
        env=environment(env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def configuration(folder: Path, **settings: Any) -> Path:
    """Write a configuration; JSON is YAML."""
    path = folder / "run.yaml"
    path.write_text(json.dumps(settings))
    return path


def query(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask a database that a run may be writing to at this moment."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def query_early(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """As `query`, but nothing if a run has not got as far as making the file or its tables."""
    try:
        return query(database, sql)
    except sqlite3.OperationalError as error:
        if "unable to open" in str(error) or "no such table" in str(error):
            return []
        raise


def rows(
    database: Path, skip: Sequence[str] = ("session", "run_event", "alembic_version", "prompt_dictionary")
) -> dict[str, list[dict[str, Any]]]:
    """Every table but `skip`, row by row in order, without the timing columns.

    Prompts are unpacked: what they are packed with depends on the sessions of a run.
    """
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        dictionaries = {}
        if "prompt_dictionary" in names:
            dictionaries = {
                row["id"]: unpack(row["content"], b"") for row in connection.execute("SELECT * FROM prompt_dictionary")
            }
        return {
            name: [_untimed(row, dictionaries) for row in connection.execute(f"SELECT * FROM {name} ORDER BY rowid")]
            for name in names
            if name not in skip and not name.startswith("sqlite_")
        }
    finally:
        connection.close()


def _untimed(row: sqlite3.Row, dictionaries: Mapping[int, bytes]) -> dict[str, Any]:
    values = {key: row[key] for key in row.keys() if key not in TIMINGS}  # noqa: SIM118 - iterating a Row gives values
    if "dictionary_id" in values:
        number = values.pop("dictionary_id")
        values["prompt"] = values["prompt"] and unpack(values["prompt"], b"" if number is None else dictionaries[number])
    return values
