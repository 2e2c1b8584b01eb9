"""Storing and reading the solutions of a candidate that are kept to be drawn.

Every function works inside its caller's transaction.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from evoheur.archive.tables import CandidateRow, SolutionRow
from evoheur.errors import ArchiveError

__all__ = ["evaluated_row", "keep", "kept", "kept_instances"]


def evaluated_row(connection: Connection, run_id: int, number: int) -> int:
    """The row number of a candidate, or of its original where it is a duplicate.

    Raises:
        ArchiveError: The run has no such candidate.
    """
    chosen = (CandidateRow.run_id == run_id, CandidateRow.number == number)
    found = connection.execute(select(CandidateRow.id, CandidateRow.duplicate_of).where(*chosen)).one_or_none()
    if found is None:
        raise ArchiveError(f"Run {run_id} has no candidate {number}; name one that it has.")
    return int(found.id) if found.duplicate_of is None else evaluated_row(connection, run_id, found.duplicate_of)


def keep(connection: Connection, candidate_id: int, split: str, solutions: Mapping[str, Any]) -> None:
    """Store solutions by instance, in place of earlier ones of the same instances."""
    same = (SolutionRow.candidate_id == candidate_id, SolutionRow.split == split, SolutionRow.instance.in_(list(solutions)))
    connection.execute(delete(SolutionRow).where(*same))
    rows = [
        {"candidate_id": candidate_id, "split": split, "instance": instance, "solution": solution}
        for instance, solution in solutions.items()
    ]
    if rows:
        connection.execute(insert(SolutionRow), rows)


def kept_instances(connection: Connection, run_id: int) -> dict[int, dict[str, list[str]]]:
    """Candidate → split → instances whose solutions are kept, in order of numbers and names; without the solutions themselves."""
    columns = (CandidateRow.number, SolutionRow.split, SolutionRow.instance)
    query = select(*columns).join(CandidateRow, CandidateRow.id == SolutionRow.candidate_id).where(CandidateRow.run_id == run_id)
    found: dict[int, dict[str, list[str]]] = {}
    for row in sorted(connection.execute(query).all(), key=lambda row: (row.number, row.split, row.instance)):
        found.setdefault(row.number, {}).setdefault(row.split, []).append(row.instance)
    return found


def kept(connection: Connection, candidate_id: int) -> dict[str, dict[str, Any]]:
    """Split → instance → solution, in order of splits' and instances' names."""
    found: dict[str, dict[str, Any]] = {}
    columns = (SolutionRow.split, SolutionRow.instance, SolutionRow.solution)
    rows = connection.execute(select(*columns).where(SolutionRow.candidate_id == candidate_id)).all()
    for row in sorted(rows, key=lambda row: (row.split, row.instance)):
        found.setdefault(row.split, {})[row.instance] = row.solution
    return found
