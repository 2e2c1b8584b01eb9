"""Who was bred from whom, without the texts and the instances of candidates: three queries however long the run."""

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import Connection, select

from evoheur.archive.rows import with_names
from evoheur.archive.tables import CandidateParentRow, CandidateRow, EvaluationRow
from evoheur.candidate import ObjectiveKind, Status

__all__ = ["Descent", "descents"]


class Descent(NamedTuple):
    """A candidate with its parents and its worth.

    Attributes:
        number: Within its run.
        operator: What bred it.
        parents: Numbers of its parents, in order.
        objective: On train, on the newest instances it was scored on; None if it failed.
        objective_kind: What the objective is; None exactly where there is none.
        status: On train.
        epoch: Of the training instances.
    """

    number: int
    operator: str
    parents: tuple[int, ...]
    objective: float | None
    objective_kind: ObjectiveKind | None
    status: Status
    epoch: int


def descents(connection: Connection, run_id: int) -> list[Descent]:
    """All candidates of a run by number; a duplicate has its original's worth."""
    of_run = CandidateRow.run_id == run_id
    parents: dict[int, list[int]] = defaultdict(list)
    bred = (
        select(CandidateParentRow.candidate_id, CandidateParentRow.parent)
        .join(CandidateRow, CandidateRow.id == CandidateParentRow.candidate_id)
        .where(of_run)
        .order_by(CandidateParentRow.candidate_id, CandidateParentRow.position)
    )
    for row in with_names(connection.execute(bred)):
        parents[row.candidate_id].append(row.parent)
    scores = (
        select(
            CandidateRow.number, EvaluationRow.status, EvaluationRow.objective, EvaluationRow.objective_kind, EvaluationRow.epoch
        )
        .join(EvaluationRow, EvaluationRow.candidate_id == CandidateRow.id)
        .where(of_run, EvaluationRow.split == "train")
        .order_by(EvaluationRow.epoch, EvaluationRow.id)
    )
    worth = {row.number: row for row in with_names(connection.execute(scores))}
    candidates = select(CandidateRow.id, CandidateRow.number, CandidateRow.operator, CandidateRow.duplicate_of)
    found = []
    for row in with_names(connection.execute(candidates.where(of_run).order_by(CandidateRow.number))):
        score = worth[row.number if row.duplicate_of is None else row.duplicate_of]
        found.append(
            Descent(
                number=row.number,
                operator=row.operator,
                parents=tuple(parents.get(row.id, ())),
                objective=score.objective,
                objective_kind=score.objective_kind,
                status=Status(score.status),
                epoch=score.epoch,
            )
        )
    return found
