"""Queries for candidates with their parents and evaluations.

As many for thousands as for one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, Self, TypeAlias

from sqlalchemy import Connection, Select, Subquery, func, select

from evoheur.archive import rows
from evoheur.archive.chosen_candidates import CHOSEN, ORIGINALS, Chosen
from evoheur.archive.extent import WHOLE, Extent
from evoheur.archive.lineage import bred_by_search
from evoheur.archive.records import Asked, CandidateRecord, RunRecord
from evoheur.archive.tables import CandidateParentRow, CandidateRow, EvaluationRow, InstanceResultRow, RequestRow
from evoheur.candidate import AUDIT, Candidate, Evaluation, Status

__all__ = ["RangeOfCandidates", "audited_numbers", "best_numbers", "load", "load_by_epoch"]

Scores: TypeAlias = Mapping[str, Mapping[int, Evaluation]]
"""Split → epoch → evaluation, epochs ascending."""


class _Statements(NamedTuple):
    """What reads the chosen candidates of a run."""

    candidates: Select[*tuple[Any, ...]]
    parents: Select[*tuple[Any, ...]]
    evaluations: Select[*tuple[Any, ...]]
    results: Select[*tuple[Any, ...]]


class _Loaded(NamedTuple):
    """A candidate's row with what other tables have of it."""

    row: tuple[Any, ...]
    number: int
    request_id: int | None
    parents: Sequence[int]
    scores: Scores
    is_twin: bool


def load(
    connection: Connection,
    run: RunRecord,
    asked: Mapping[int, Asked],
    numbers: Sequence[int] | None = None,
    *,
    extent: Extent = WHOLE,
) -> list[CandidateRecord]:
    """Read candidates of a run.

    All by number, or some in the order given. A duplicate comes with its original's evaluations; of those on train the newest counts.

    Args:
        connection: Inside a transaction.
        run: The run.
        asked: Row number → request, of those that the candidates answer.
        numbers: Which ones; None for all. Those that there are not are left out.
        extent: How much of them.
    """
    loaded: dict[int, CandidateRecord] = {}
    for row, number, request_id, parents, scores, is_twin in _named(connection, run.id, numbers, split=None, extent=extent):
        newest = {split: list(by_epoch.values())[-1] for split, by_epoch in scores.items()}
        candidate = rows.candidate(row, parents, newest["train"], is_twin=is_twin)
        request = None if request_id is None else asked.get(request_id)
        loaded[number] = CandidateRecord(run=run.name, candidate=candidate, evaluations=newest, asked=request)
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
    return _by_epoch(_named(connection, run_id, numbers, split="train", extent=extent))


class RangeOfCandidates(NamedTuple):
    """What a range of a run's candidates has beside its own rows, and what it shares with earlier ones.

    Attributes:
        parents: Row number → numbers of the parents, in order; without those that have none.
        worth: Row number and epoch → evaluation on train, those of earlier originals of duplicates among them.
        originals: Number of such an original → its row number, and the hash of its code.
    """

    parents: Mapping[int, Sequence[int]]
    worth: Mapping[tuple[int, int], Evaluation]
    originals: Mapping[int, tuple[int, str]]

    @classmethod
    def read(cls, connection: Connection, run_id: int, lowest: int, highest: int, *, extent: Extent = WHOLE) -> Self:
        """Read it; a range takes a fraction of the time that naming thousands of numbers takes.

        Args:
            connection: Inside a transaction.
            run_id: Row number of the run.
            lowest: The first number.
            highest: The last number.
            extent: How much of them.
        """
        parameters = {"run": run_id, "lowest": lowest, "highest": highest}
        statements = _statements("range", "train", extent)
        worth = _evaluations(connection, statements, parameters, extent)
        originals = {row[1]: (row[0], row[2]) for row in rows.fetched(connection.execute(ORIGINALS, parameters))}
        if originals:
            earlier = _statements("originals of range", "train", extent)
            worth += _evaluations(connection, earlier, parameters, extent)
        by_epoch = {(candidate_id, evaluation.epoch): evaluation for candidate_id, evaluation in worth}
        return cls(_parents(connection, statements, parameters), by_epoch, originals)


def _by_epoch(loaded: Iterable[_Loaded]) -> dict[int, Mapping[int, Candidate]]:
    return {
        number: {epoch: rows.candidate(row, parents, worth, is_twin=is_twin) for epoch, worth in scores["train"].items()}
        for row, number, _, parents, scores, is_twin in loaded
    }


def _named(
    connection: Connection, run_id: int, numbers: Collection[int] | None, *, split: str | None, extent: Extent
) -> Iterator[_Loaded]:
    """Read some candidates, with the originals of duplicates among them; or all."""
    parameters: dict[str, Any] = {"run": run_id}
    if numbers is not None:
        repeated = (CandidateRow.duplicate_of.is_not(None), *CHOSEN["numbers"])
        originals = connection.scalars(
            select(CandidateRow.duplicate_of).where(*repeated), {**parameters, "numbers": list(numbers)}
        )
        parameters["numbers"] = sorted({*numbers, *(number for number in originals if number is not None)})
    statements = _statements("all" if numbers is None else "numbers", split, extent)
    return _loaded(connection, statements, parameters, extent)


def _loaded(
    connection: Connection,
    statements: _Statements,
    parameters: Mapping[str, Any],
    extent: Extent,
) -> Iterator[_Loaded]:
    """Read candidates by number, those that others repeat among them."""
    parents = _parents(connection, statements, parameters)
    evaluations: dict[int, dict[str, dict[int, Evaluation]]] = {}
    for candidate_id, evaluation in _evaluations(connection, statements, parameters, extent):
        evaluations.setdefault(candidate_id, {}).setdefault(evaluation.split, {})[evaluation.epoch] = evaluation
    scores: dict[int, Scores] = {}
    hashes: dict[int, str] = {}
    for row in rows.fetched(connection.execute(statements.candidates, parameters)):
        row_id, _, number, request_id, _, original, code_hash, _, _ = row
        scores[number] = worth = evaluations[row_id] if original is None else scores[original]
        hashes[number] = code_hash
        is_twin = original is not None and hashes[original] != code_hash
        yield _Loaded(row, number, request_id, parents.get(row_id, ()), worth, is_twin)


def _parents(connection: Connection, statements: _Statements, parameters: Mapping[str, Any]) -> dict[int, list[int]]:
    """The numbers of candidates' parents, by candidates' row numbers."""
    parents: dict[int, list[int]] = defaultdict(list)
    for candidate_id, parent in rows.fetched(connection.execute(statements.parents, parameters)):
        parents[candidate_id].append(parent)
    return parents


def _evaluations(
    connection: Connection, statements: _Statements, parameters: Mapping[str, Any], extent: Extent
) -> list[tuple[int, Evaluation]]:
    """Evaluations, each with its candidate's row number, epochs ascending."""
    shared = rows.SharedTexts()
    found = rows.fetched(connection.execute(statements.results, parameters)) if extent.results else ()
    results, fingerprints = rows.instance_results(found, shared)
    return [
        (row[1], rows.evaluation(row, results.get(row[0], ()), fingerprints.get(row[0], ""), shared))
        for row in rows.fetched(connection.execute(statements.evaluations, parameters))
    ]


@cache
def _statements(chosen: Chosen, split: str | None, extent: Extent) -> _Statements:
    """Make the statements, once, since a long run is read in many parts.

    Args:
        chosen: Which candidates of the run.
        split: Leave out evaluations on other splits; None for all. Train is always needed.
        extent: How much of them.
    """
    which = CHOSEN[chosen]
    scored = which if split is None else (*which, EvaluationRow.split == split)
    evaluated = CandidateRow.id == EvaluationRow.candidate_id
    return _Statements(
        candidates=select(*extent.stored(CandidateRow)).where(*which).order_by(CandidateRow.number),
        parents=select(CandidateParentRow.candidate_id, CandidateParentRow.parent)
        .join(CandidateRow, CandidateRow.id == CandidateParentRow.candidate_id)
        .where(*which)
        .order_by(CandidateParentRow.candidate_id, CandidateParentRow.position),
        evaluations=select(*extent.stored(EvaluationRow))
        .join(CandidateRow, evaluated)
        .where(*scored)
        .order_by(EvaluationRow.epoch, EvaluationRow.id),
        results=select(*extent.stored(InstanceResultRow))
        .join(EvaluationRow, EvaluationRow.id == InstanceResultRow.evaluation_id)
        .join(CandidateRow, evaluated)
        .where(*scored)
        .order_by(InstanceResultRow.evaluation_id, InstanceResultRow.position),
    )


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


def audited_numbers(connection: Connection, run_id: int) -> list[int]:
    """The numbers of the candidates that were audited, ascending; without the baseline and what was simplified."""
    query = (
        select(CandidateRow.number)
        .join(RequestRow, RequestRow.id == CandidateRow.request_id)
        .join(EvaluationRow, EvaluationRow.candidate_id == CandidateRow.id)
        .where(CandidateRow.run_id == run_id, CandidateRow.number > 0, bred_by_search, EvaluationRow.split == AUDIT)
        .order_by(CandidateRow.number)
    )
    return list(connection.scalars(query))


def _newest_epochs(run_id: int) -> Subquery:
    """Row numbers of a run's candidates with the newest epoch that each was scored in."""
    return (
        select(EvaluationRow.candidate_id, func.max(EvaluationRow.epoch).label("epoch"))
        .join(CandidateRow, CandidateRow.id == EvaluationRow.candidate_id)
        .where(CandidateRow.run_id == run_id, EvaluationRow.split == "train")
        .group_by(EvaluationRow.candidate_id)
        .subquery()
    )
