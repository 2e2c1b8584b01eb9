"""All that a run leaves in an archive, to compare runs by."""

import sqlite3
from pathlib import Path
from typing import Any

from evoheur import open_archive
from evoheur.archive.records import Asked

__all__ = ["prompts", "rows"]

TABLES = (
    """
    SELECT number, operator, produces, epoch, asked_seq, told_seq, fingerprint, outcome, failure_stage, failure_reason, failure_attempts,
    failure_detail, note FROM request WHERE run_id = :run ORDER BY number
    """,
    """
    SELECT r.number, c.model, c.prompt_tokens, c.completion_tokens, c.estimated, c.finish, c.text
    FROM completion c JOIN request r ON r.id = c.request_id WHERE r.run_id = :run ORDER BY r.number
    """,
    """
    SELECT r.number, p.position, p.parent
    FROM request_parent p JOIN request r ON r.id = p.request_id WHERE r.run_id = :run ORDER BY 1, 2
    """,
    """
    SELECT c.number, r.number, c.operator, c.duplicate_of, c.code_hash, c.thought, c.code
    FROM candidate c LEFT JOIN request r ON r.id = c.request_id WHERE c.run_id = :run ORDER BY 1
    """,
    """
    SELECT c.number, e.split, e.epoch, e.status, e.objective, e.objective_kind, e.aggregate, e.level, e.detail, e.measures
    FROM evaluation e JOIN candidate c ON c.id = e.candidate_id WHERE c.run_id = :run ORDER BY 1, 2, 3
    """,
    """
    SELECT c.number, e.split, e.epoch, i.position, i.instance, i.status, i.cost, i.reference, i.detail, i.notes
    FROM instance_result i JOIN evaluation e ON e.id = i.evaluation_id JOIN candidate c ON c.id = e.candidate_id
    WHERE c.run_id = :run ORDER BY 1, 2, 3, 4
    """,
)
"""All that a run leaves, but row numbers, times, prices and tries."""


def rows(database: Path, run: str) -> list[list[tuple[Any, ...]]]:
    """All that a run left."""
    connection = sqlite3.connect(database)
    try:
        [(number,)] = connection.execute("SELECT id FROM run WHERE name = ?", [run])
        return [connection.execute(table, {"run": number}).fetchall() for table in TABLES]
    finally:
        connection.close()


def prompts(database: Path, run: str) -> list[Any]:
    """The prompts of a run, in the order of asking."""
    with open_archive(database) as archive:
        return [entry.messages for entry in archive.log(archive.run(run).id) if isinstance(entry, Asked)]
