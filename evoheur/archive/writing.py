"""Storing of outcomes, candidates and evaluations as rows.

Every function works inside its caller's transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from evoheur.archive.log_counters import LogCounters
from evoheur.archive.prompt_packing import PromptPacker
from evoheur.archive.records import Asked, Told
from evoheur.archive.request_writing import insert_completion, insert_request
from evoheur.archive.row_writing import finite, finite_or_none, insert_row, inserting, parent_rows
from evoheur.archive.rows import FINGERPRINT
from evoheur.archive.tables import (
    CandidateParentRow,
    CandidateRow,
    EvaluationRow,
    InstanceResultRow,
    RequestRow,
    TextbookGapRow,
)
from evoheur.candidate import Candidate, Evaluation, InstanceResult, TextbookGap
from evoheur.errors import ArchiveError
from evoheur.request import Completion, Failure, Note, Outcome, Request, Rescored

__all__ = [
    "insert_candidate",
    "insert_simplification",
    "replace_evaluation",
    "replace_textbook_gaps",
    "tell",
]


# Statements that every request needs are made once: making one takes longer than executing it.

_REQUEST = select(RequestRow.run_id, RequestRow.told_seq).where(RequestRow.id == bindparam("request"))
_TELL = update(RequestRow).where(RequestRow.id == bindparam("request"))


def tell(
    connection: Connection,
    counted: Callable[[Connection, int], LogCounters],
    asked: Asked,
    outcome: Outcome,
    *,
    seconds: float | None = None,
    open_in: int | None = None,
) -> Told:
    """Store an outcome at the next place in the log.

    Args:
        connection: In a transaction.
        counted: Gives the counters of a run.
        asked: The request.
        outcome: What came of it.
        seconds: Wall time of the run by now; None where it is not known.
        open_in: Row number of the run whose only writer knows that the request has no outcome; None where that is to be looked up.

    Raises:
        ArchiveError: The request is not in the database, or has an outcome already.
        ValueError: The outcome cannot be stored as it is.
    """
    run_id = _run_of_open(connection, asked) if open_in is None else open_in
    counters = counted(connection, run_id)
    sequence = counters.sequence
    connection.execute(_TELL, {"request": asked.id, "told_seq": sequence, "told_seconds": seconds, **_outcome_columns(outcome)})
    counters.sequence = sequence + 1
    if isinstance(outcome, Candidate):
        insert_candidate(connection, run_id, counters, outcome, request_id=asked.id)
    elif isinstance(outcome, Rescored):
        _insert_rescored(connection, run_id, outcome.candidate)
    return Told(asked=asked, sequence=sequence, outcome=outcome)


def _run_of_open(connection: Connection, asked: Asked) -> int:
    """The run of a request that has no outcome yet."""
    found = connection.execute(_REQUEST, {"request": asked.id}).one_or_none()
    if found is None:
        raise ArchiveError(f"Request {asked.number} (row {asked.id}) is not in this archive; was it asked in another one?")
    if found.told_seq is not None:
        raise ArchiveError(
            f"Request {asked.number} has had its outcome since step {found.told_seq}; two processes may be working on one run. "
            "Stop one of them."
        )
    return int(found.run_id)


def _outcome_columns(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Candidate():
            return {"outcome": "candidate"}
        case Rescored():
            return {"outcome": "rescored"}
        case Note():
            return {"outcome": "note", "note": outcome.text}
        case Failure():
            return {
                "outcome": "failure",
                "failure_stage": outcome.stage,
                "failure_reason": outcome.reason,
                "failure_detail": outcome.detail,
                "failure_attempts": outcome.attempts,
            }


def insert_candidate(
    connection: Connection, run_id: int, counters: LogCounters, candidate: Candidate, *, request_id: int | None
) -> None:
    """Store a candidate with its parents and its evaluation.

    Without an evaluation if it shares an earlier one.

    Raises:
        ValueError: Its number is not the next one, it has no hash, or it repeats another duplicate.
    """
    if not candidate.code_hash:
        raise ValueError(f"Candidate {candidate.id} needs a code_hash, by which later duplicates of it are found.")
    if candidate.id != counters.candidate:
        raise ValueError(f"Candidate has number {candidate.id}, but the next of its run is {counters.candidate}.")
    row = {
        "run_id": run_id,
        "number": candidate.id,
        "request_id": request_id,
        "operator": candidate.operator,
        "duplicate_of": candidate.duplicate_of,
        "code_hash": candidate.code_hash,
        "thought": candidate.thought,
        "code": candidate.code,
    }
    candidate_id = insert_row(connection, CandidateRow, row)
    counters.candidate += 1
    if candidate.parents:
        connection.execute(inserting(CandidateParentRow), parent_rows("candidate_id", candidate_id, run_id, candidate.parents))
    if candidate.duplicate_of is None:
        if candidate.evaluation.split != "train":
            raise ValueError(
                f"Candidate {candidate.id} comes with its evaluation on {candidate.evaluation.split!r}, not on train."
            )
        _insert_evaluation(connection, candidate_id, candidate.evaluation)
    else:
        _check_original(connection, run_id, candidate.id, candidate.duplicate_of)


def insert_simplification(
    connection: Connection,
    run_id: int,
    counters: LogCounters,
    parent: Candidate,
    remaining: Candidate,
    completion: Completion,
    evaluations: Sequence[Evaluation],
) -> int:
    """Store what remains of a candidate at the next place in the log, and return its number."""
    worth = remaining.evaluation
    asked = insert_request(
        connection, run_id, counters, Request.simplification(parent, epoch=worth.epoch), (), packer=PromptPacker()
    )
    insert_completion(connection, asked.id, completion)
    number, original = counters.candidate, _same_code(connection, run_id, remaining.code_hash, worth)
    tell(connection, lambda _connection, _run: counters, asked, replace(remaining, id=number, duplicate_of=original))
    if original is None:
        chosen = (CandidateRow.run_id == run_id, CandidateRow.number == number)
        candidate_id = connection.scalars(select(CandidateRow.id).where(*chosen)).one()
        for evaluation in evaluations:
            _insert_evaluation(connection, candidate_id, evaluation)
    return number


def _same_code(connection: Connection, run_id: int, code_hash: str, worth: Evaluation) -> int | None:
    """The first candidate with this code that was scored whole on the same training instances; None if there is none."""
    query = (
        select(func.min(CandidateRow.number))
        .join(EvaluationRow, EvaluationRow.candidate_id == CandidateRow.id)
        .where(CandidateRow.run_id == run_id, CandidateRow.code_hash == code_hash, CandidateRow.duplicate_of.is_(None))
        .where(EvaluationRow.split == worth.split, EvaluationRow.epoch == worth.epoch, EvaluationRow.status == worth.status.value)
    )
    return connection.scalar(query)


def _check_original(connection: Connection, run_id: int, number: int, original: int) -> None:
    chain = select(CandidateRow.duplicate_of).where(CandidateRow.run_id == run_id, CandidateRow.number == original)
    if (first := connection.scalar(chain)) is not None:
        raise ValueError(f"Candidate {number} repeats {original}, which itself repeats {first}; name the original, {first}.")


def _insert_rescored(connection: Connection, run_id: int, candidate: Candidate) -> None:
    """Store a candidate's worth on fresh training instances, unless another candidate of the same code has brought it."""
    number = candidate.id if candidate.duplicate_of is None else candidate.duplicate_of
    row = select(CandidateRow.id).where(CandidateRow.run_id == run_id, CandidateRow.number == number)
    candidate_id = connection.scalars(row).one()
    same = (EvaluationRow.split == candidate.evaluation.split, EvaluationRow.epoch == candidate.evaluation.epoch)
    if connection.scalar(select(EvaluationRow.id).where(EvaluationRow.candidate_id == candidate_id, *same)) is None:
        _insert_evaluation(connection, candidate_id, candidate.evaluation)


def replace_evaluation(connection: Connection, candidate_id: int, evaluation: Evaluation) -> None:
    """Store an evaluation in place of an earlier one.

    The one on the same split, if there is one.
    """
    same = (EvaluationRow.candidate_id == candidate_id, EvaluationRow.split == evaluation.split)
    earlier = connection.scalar(select(EvaluationRow.id).where(*same))
    if earlier is not None:
        connection.execute(delete(InstanceResultRow).where(InstanceResultRow.evaluation_id == earlier))
        connection.execute(delete(EvaluationRow).where(EvaluationRow.id == earlier))
    _insert_evaluation(connection, candidate_id, evaluation)


def _insert_evaluation(connection: Connection, candidate_id: int, evaluation: Evaluation) -> None:
    row = {
        "candidate_id": candidate_id,
        "split": evaluation.split,
        "epoch": evaluation.epoch,
        "status": evaluation.status.value,
        "objective": finite_or_none("Evaluation.objective", evaluation.objective),
        "objective_kind": evaluation.objective_kind,
        "aggregate": evaluation.aggregate,
        "cpu_seconds": finite("Evaluation.cpu_seconds", evaluation.cpu_seconds),
        "level": evaluation.level,
        "detail": evaluation.detail,
        "measures": {name: finite(f"Evaluation.measures[{name!r}]", value) for name, value in evaluation.measures.items()},
    }
    evaluation_id = insert_row(connection, EvaluationRow, row)
    if evaluation.results:
        rows = [_result_row(evaluation_id, position, result) for position, result in enumerate(evaluation.results)]
        rows[0]["notes"].pop(FINGERPRINT, None)  # a guest may note what it likes
        if evaluation.fingerprint:
            rows[0]["notes"][FINGERPRINT] = evaluation.fingerprint
        connection.execute(inserting(InstanceResultRow), rows)


def replace_textbook_gaps(connection: Connection, run_id: int, split: str, gaps: Mapping[str, TextbookGap]) -> None:
    """Store the textbook gaps of a split's families, in place of earlier ones."""
    same = (TextbookGapRow.run_id == run_id, TextbookGapRow.split == split)
    connection.execute(delete(TextbookGapRow).where(*same))
    rows = [
        {"run_id": run_id, "split": split, "position": position, "family": family, "rule": best.rule}
        | {"gap": finite(f"TextbookGap.gap of {family!r}", best.gap)}
        for position, (family, best) in enumerate(gaps.items())
    ]
    if rows:
        connection.execute(inserting(TextbookGapRow), rows)


def _result_row(evaluation_id: int, position: int, result: InstanceResult) -> dict[str, Any]:
    return {
        "evaluation_id": evaluation_id,
        "position": position,
        "instance": result.instance,
        "family": result.family,
        "status": result.status.value,
        "cost": finite_or_none(f"InstanceResult.cost of {result.instance!r}", result.cost),
        "reference": finite_or_none(f"InstanceResult.reference of {result.instance!r}", result.reference),
        "cpu_seconds": finite(f"InstanceResult.cpu_seconds of {result.instance!r}", result.cpu_seconds),
        "detail": result.detail,
        "notes": dict(result.notes),
    }
