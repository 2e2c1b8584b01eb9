"""Queries for candidates with their parents and evaluations.

As many for thousands as for one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from evoheur.archive import rows
from evoheur.archive.records import Asked, CandidateRecord
from evoheur.archive.tables import CandidateParentRow, CandidateRow, EvaluationRow, InstanceResultRow, RunRow
from evoheur.candidate import Evaluation, InstanceResult, Status

__all__ = ["best_numbers", "first_by_hash", "load"]


def load(
    connection: Connection,
    run_id: int,
    asked: Mapping[int, Asked],
    numbers: Sequence[int] | None = None,
    *,
    split: str | None = None,
) -> list[CandidateRecord]:
    """Read candidates of a run.

    All by number, or some in the order given. A duplicate comes with its original's evaluations.

    Args:
        connection: Inside a transaction.
        run_id: Row number of the run.
        asked: Row number → request, of those that the candidates answer.
        numbers: Which ones; None for all. Those that there are not are left out.
        split: Leave out evaluations on other splits; None for all. Train is always needed.
    """
    chosen = _chosen(connection, run_id, numbers)  # with the originals of duplicates among them
    parents = _parents(connection, chosen)
    evaluations = _evaluations(connection, chosen, split)
    columns: list[Any] = [*CandidateRow.__table__.columns, RunRow.name.label("run")]
    query = select(*columns).join(RunRow, RunRow.id == CandidateRow.run_id)
    loaded: dict[int, CandidateRecord] = {}
    for row in connection.execute(query.where(*chosen).order_by(CandidateRow.number)):
        own = evaluations[row.id] if row.duplicate_of is None else loaded[row.duplicate_of].evaluations
        candidate = rows.candidate(row, parents[row.id], own["train"])
        loaded[row.number] = CandidateRecord(run=row.run, candidate=candidate, evaluations=own, asked=asked.get(row.request_id))
    return list(loaded.values()) if numbers is None else [loaded[number] for number in numbers if number in loaded]


def _chosen(connection: Connection, run_id: int, numbers: Collection[int] | None) -> list[ColumnElement[bool]]:
    of_run = CandidateRow.run_id == run_id
    if numbers is None:
        return [of_run]
    named = CandidateRow.number.in_(numbers)
    originals = connection.scalars(select(CandidateRow.duplicate_of).where(of_run, named, CandidateRow.duplicate_of.is_not(None)))
    return [of_run, CandidateRow.number.in_({*numbers, *(number for number in originals if number is not None)})]


def _parents(connection: Connection, chosen: list[ColumnElement[bool]]) -> dict[int, list[int]]:
    """The numbers of candidates' parents, by candidates' row numbers."""
    query = (
        select(CandidateParentRow.candidate_id, CandidateParentRow.parent)
        .join(CandidateRow, CandidateRow.id == CandidateParentRow.candidate_id)
        .where(*chosen)
        .order_by(CandidateParentRow.candidate_id, CandidateParentRow.position)
    )
    parents: dict[int, list[int]] = defaultdict(list)
    for candidate_id, parent in connection.execute(query):
        parents[candidate_id].append(parent)
    return parents


def _evaluations(
    connection: Connection, chosen: list[ColumnElement[bool]], split: str | None
) -> dict[int, dict[str, Evaluation]]:
    """Evaluations by candidates' row numbers and by split."""
    wanted = chosen if split is None else [*chosen, EvaluationRow.split == split]
    found = (
        select(*EvaluationRow.__table__.columns)
        .join(CandidateRow, CandidateRow.id == EvaluationRow.candidate_id)
        .where(*wanted)
        .order_by(EvaluationRow.id)
    )
    parts = (
        select(*InstanceResultRow.__table__.columns)
        .join(EvaluationRow, EvaluationRow.id == InstanceResultRow.evaluation_id)
        .join(CandidateRow, CandidateRow.id == EvaluationRow.candidate_id)
        .where(*wanted)
        .order_by(InstanceResultRow.evaluation_id, InstanceResultRow.position)
    )
    results: dict[int, list[InstanceResult]] = defaultdict(list)
    for row in connection.execute(parts):
        results[row.evaluation_id].append(rows.instance_result(row))
    evaluations: dict[int, dict[str, Evaluation]] = defaultdict(dict)
    for row in connection.execute(found):
        evaluations[row.candidate_id][row.split] = rows.evaluation(row, results[row.id])
    return evaluations


def best_numbers(connection: Connection, run_id: int, count: int) -> list[int]:
    """The numbers of the best candidates on train.

    Best first, older before younger where equal; without the baseline. Of candidates that cost the same on every instance only the
    oldest counts: what is not told apart by what it does is one heuristic.
    """
    query = (
        select(CandidateRow.number, InstanceResultRow.cost)
        .join(EvaluationRow, EvaluationRow.candidate_id == CandidateRow.id)
        .join(InstanceResultRow, InstanceResultRow.evaluation_id == EvaluationRow.id)
        .where(CandidateRow.run_id == run_id, CandidateRow.number > 0)
        .where(EvaluationRow.split == "train", EvaluationRow.status == Status.OK.value)
        .order_by(EvaluationRow.objective, CandidateRow.number, InstanceResultRow.position)
    )
    found: dict[tuple[float | None, ...], int] = {}
    for number, costs in groupby(connection.execute(query), key=itemgetter(0)):
        if len(found) == count:
            break
        found.setdefault(tuple(cost for _, cost in costs), number)
    return list(found.values())


def first_by_hash(connection: Connection, run_id: int) -> dict[str, int]:
    """The first candidate of each code, by the code's hash.

    Its number; the first one that was evaluated to its end, if there is one.
    """
    cut_short = EvaluationRow.status == Status.PRUNED.value
    originals = (
        select(CandidateRow.code_hash, CandidateRow.number)
        .join(EvaluationRow, (EvaluationRow.candidate_id == CandidateRow.id) & (EvaluationRow.split == "train"))
        .where(CandidateRow.run_id == run_id)
    )
    found: dict[str, int] = {}
    for code_hash, number in connection.execute(originals.order_by(cut_short, CandidateRow.number)):
        found.setdefault(code_hash, number)
    return found
