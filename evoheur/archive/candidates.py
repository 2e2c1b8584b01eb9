"""Queries for candidates with their parents and evaluations.

As many for thousands as for one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Subquery, func, select

from evoheur.archive import rows
from evoheur.archive.extent import WHOLE, Extent
from evoheur.archive.lineage import bred_by_search
from evoheur.archive.records import Asked, CandidateRecord
from evoheur.archive.tables import CandidateParentRow, CandidateRow, EvaluationRow, InstanceResultRow, RequestRow, RunRow
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status

__all__ = ["best_numbers", "load", "load_by_epoch"]

Scores: TypeAlias = Mapping[str, Mapping[int, Evaluation]]
"""Split → epoch → evaluation, epochs ascending."""


class _Loaded(NamedTuple):
    """A candidate's row with what other tables have of it."""

    row: Row[Any]
    parents: Sequence[int]
    scores: Scores


def load(
    connection: Connection,
    run_id: int,
    asked: Mapping[int, Asked],
    numbers: Sequence[int] | None = None,
    *,
    split: str | None = None,
    extent: Extent = WHOLE,
) -> list[CandidateRecord]:
    """Read candidates of a run.

    All by number, or some in the order given. A duplicate comes with its original's evaluations; of those on train the newest counts.

    Args:
        connection: Inside a transaction.
        run_id: Row number of the run.
        asked: Row number → request, of those that the candidates answer.
        numbers: Which ones; None for all. Those that there are not are left out.
        split: Leave out evaluations on other splits; None for all. Train is always needed.
        extent: How much of them.
    """
    loaded: dict[int, CandidateRecord] = {}
    for row, parents, scores in _loaded(connection, run_id, numbers, split=split, extent=extent):
        newest = {name: list(by_epoch.values())[-1] for name, by_epoch in scores.items()}
        candidate = rows.candidate(row, parents, newest["train"])
        loaded[row.number] = CandidateRecord(
            run=row.run, candidate=candidate, evaluations=newest, asked=asked.get(row.request_id)
        )
    return list(loaded.values()) if numbers is None else [loaded[number] for number in numbers if number in loaded]


def load_by_epoch(
    connection: Connection, run_id: int, numbers: Sequence[int] | None = None, *, extent: Extent = WHOLE
) -> dict[int, Mapping[int, Candidate]]:
    """Number → epoch → the candidate with its worth on the training instances of that epoch, epochs ascending.

    Args:
        connection: Inside a transaction.
        run_id: Row number of the run.
        numbers: Which ones; None for all.
        extent: How much of them.
    """
    return {
        row.number: {epoch: rows.candidate(row, parents, evaluation) for epoch, evaluation in scores["train"].items()}
        for row, parents, scores in _loaded(connection, run_id, numbers, split="train", extent=extent)
    }


def _loaded(
    connection: Connection, run_id: int, numbers: Sequence[int] | None, *, split: str | None, extent: Extent
) -> Iterator[_Loaded]:
    chosen = _chosen(connection, run_id, numbers)  # with the originals of duplicates among them
    parents = _parents(connection, chosen)
    evaluations = _evaluations(connection, chosen, split, extent)
    scores: dict[int, Scores] = {}
    columns: list[Any] = [*extent.columns(CandidateRow), RunRow.name.label("run")]
    query = select(*columns).join(RunRow, RunRow.id == CandidateRow.run_id)
    for row in connection.execute(query.where(*chosen).order_by(CandidateRow.number)):
        scores[row.number] = evaluations[row.id] if row.duplicate_of is None else scores[row.duplicate_of]
        yield _Loaded(row, parents[row.id], scores[row.number])


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
    connection: Connection, chosen: list[ColumnElement[bool]], split: str | None, extent: Extent
) -> Mapping[int, Scores]:
    """Evaluations by candidates' row numbers."""
    wanted = chosen if split is None else [*chosen, EvaluationRow.split == split]
    found = (
        select(*extent.columns(EvaluationRow))
        .join(CandidateRow, CandidateRow.id == EvaluationRow.candidate_id)
        .where(*wanted)
        .order_by(EvaluationRow.epoch, EvaluationRow.id)
    )
    parts = (
        select(*extent.columns(InstanceResultRow))
        .join(EvaluationRow, EvaluationRow.id == InstanceResultRow.evaluation_id)
        .join(CandidateRow, CandidateRow.id == EvaluationRow.candidate_id)
        .where(*wanted)
        .order_by(InstanceResultRow.evaluation_id, InstanceResultRow.position)
    )
    results: dict[int, list[InstanceResult]] = defaultdict(list)
    shared = rows.SharedTexts()
    for row in connection.execute(parts) if extent.results else ():
        results[row.evaluation_id].append(rows.instance_result(row, shared))
    evaluations: dict[int, dict[str, dict[int, Evaluation]]] = defaultdict(lambda: defaultdict(dict))
    for row in connection.execute(found):
        evaluations[row.candidate_id][row.split][row.epoch] = rows.evaluation(row, results[row.id])
    return evaluations


def best_numbers(connection: Connection, run_id: int, count: int) -> list[int]:
    """The numbers of the best candidates on train.

    Best first, older before younger where equal; without the baseline. Of candidates that cost the same on every instance only the
    oldest counts: what is not told apart by what it does is one heuristic. Objectives on other training instances do not compare, so
    every candidate counts by those it was scored on last, and those of the newest come first. What is simplified is left out: it is the
    same heuristic once more.
    """
    newest = _newest_epochs(run_id)
    is_newest = (newest.c.candidate_id == EvaluationRow.candidate_id) & (newest.c.epoch == EvaluationRow.epoch)
    query = (
        select(CandidateRow.number, InstanceResultRow.cost)
        .join(RequestRow, RequestRow.id == CandidateRow.request_id)
        .join(EvaluationRow, EvaluationRow.candidate_id == CandidateRow.id)
        .join(newest, is_newest)
        .join(InstanceResultRow, InstanceResultRow.evaluation_id == EvaluationRow.id)
        .where(CandidateRow.run_id == run_id, CandidateRow.number > 0, bred_by_search)
        .where(EvaluationRow.split == "train", EvaluationRow.status == Status.OK.value)
        .order_by(EvaluationRow.epoch.desc(), EvaluationRow.objective, CandidateRow.number, InstanceResultRow.position)
    )
    found: dict[tuple[float | None, ...], int] = {}
    for number, costs in groupby(connection.execute(query), key=itemgetter(0)):
        if len(found) == count:
            break
        found.setdefault(tuple(cost for _, cost in costs), number)
    return list(found.values())


def _newest_epochs(run_id: int) -> Subquery:
    """Row numbers of a run's candidates with the newest epoch that each was scored in."""
    return (
        select(EvaluationRow.candidate_id, func.max(EvaluationRow.epoch).label("epoch"))
        .join(CandidateRow, CandidateRow.id == EvaluationRow.candidate_id)
        .where(CandidateRow.run_id == run_id, EvaluationRow.split == "train")
        .group_by(EvaluationRow.candidate_id)
        .subquery()
    )
