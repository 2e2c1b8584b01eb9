"""Reading what the course of a run is counted from, in a fraction of the time that its log takes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, Self, TypeAlias

from sqlalchemy import Connection, Select, select

from evoheur.archive import rows
from evoheur.archive.chosen_candidates import CHOSEN, ORIGINALS, Chosen
from evoheur.archive.extent import COURSE
from evoheur.archive.log_counters import LogCounters
from evoheur.archive.log_reading import OF_PART, rescored
from evoheur.archive.records import Told
from evoheur.archive.tables import CandidateRow, CompletionRow, EvaluationRow, InstanceResultRow, RequestRow
from evoheur.candidate import Evaluation, Status
from evoheur.request import Failure, Note, RequestKind, Rescored

__all__ = ["TraceStep", "TracedEvaluation", "trace_steps"]

OutcomeWord: TypeAlias = Literal["candidate", "rescored", "note", "failure"]


class TracedEvaluation(NamedTuple):
    """What is counted of an evaluation on train; see `Evaluation`."""

    status: Status
    objective: float | None
    epoch: int
    behaviour: tuple[float, ...] | None

    @classmethod
    def of(cls, evaluation: Evaluation) -> Self:
        """That of an evaluation."""
        return cls(evaluation.status, evaluation.objective, evaluation.epoch, evaluation.behaviour)


class TraceStep(NamedTuple):
    """An outcome of a run, as far as its course is counted from it.

    Attributes:
        kind: Of the request.
        outcome: What it was.
        attempts: Calls that the reply took; None where there is none.
        evaluations: Made on the way to the reply.
        tokens: Sent and received for the reply.
        number: Of the candidate that was bred or scored again; None without one.
        is_shared: Whether its evaluation is that of an earlier candidate.
        is_twin: Whether that has other code.
        evaluation: Of that candidate; None without one.
    """

    kind: RequestKind
    outcome: OutcomeWord
    attempts: int | None
    evaluations: int
    tokens: int
    number: int | None = None
    is_shared: bool = False
    is_twin: bool = False
    evaluation: TracedEvaluation | None = None

    @classmethod
    def of(cls, told: Told) -> Self:
        """That of an entry of the log."""
        reply = told.asked.completion
        tokens = 0 if reply is None else reply.usage.prompt_tokens + reply.usage.completion_tokens
        attempts, evaluations = (None, 0) if reply is None else (reply.attempts, reply.evaluations)
        kind, outcome = told.asked.kind, told.outcome
        if isinstance(outcome, Note | Failure):
            return cls(kind, "note" if isinstance(outcome, Note) else "failure", attempts, evaluations, tokens)
        word: OutcomeWord = "rescored" if isinstance(outcome, Rescored) else "candidate"
        bred = outcome.candidate if isinstance(outcome, Rescored) else outcome
        evaluation = TracedEvaluation.of(bred.evaluation)
        is_shared = bred.duplicate_of is not None
        return cls(kind, word, attempts, evaluations, tokens, bred.id, is_shared, bred.is_twin, evaluation)


_OUTCOMES = (
    select(
        RequestRow.id,
        RequestRow.operator,
        RequestRow.produces,
        RequestRow.epoch,
        RequestRow.outcome,
        CompletionRow.attempts,
        CompletionRow.evaluations,
        CompletionRow.prompt_tokens,
        CompletionRow.completion_tokens,
        CandidateRow.id,
        CandidateRow.number,
        CandidateRow.duplicate_of,
        CandidateRow.code_hash,
    )
    .select_from(RequestRow)
    .outerjoin(CompletionRow, CompletionRow.request_id == RequestRow.id)
    .outerjoin(CandidateRow, CandidateRow.request_id == RequestRow.id)
    .where(*OF_PART)
    .order_by(RequestRow.told_seq)
)


def _evaluations_of(chosen: Chosen) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """Statements for the evaluations of some candidates on train, and for the costs of those that did not fail."""
    train = *CHOSEN[chosen], EvaluationRow.split == "train"
    of_candidate = CandidateRow.id == EvaluationRow.candidate_id
    evaluations = select(
        EvaluationRow.id, EvaluationRow.candidate_id, EvaluationRow.epoch, EvaluationRow.status, EvaluationRow.objective
    )
    costs = (
        select(InstanceResultRow.evaluation_id, InstanceResultRow.cost)
        .join(EvaluationRow, EvaluationRow.id == InstanceResultRow.evaluation_id)
        .join(CandidateRow, of_candidate)
        .where(*train, EvaluationRow.status == Status.OK.value)
        .order_by(InstanceResultRow.evaluation_id, InstanceResultRow.position)
    )
    return evaluations.join(CandidateRow, of_candidate).where(*train), costs


_IN_RANGE, _OF_ORIGINALS = _evaluations_of("range"), _evaluations_of("originals of range")


def trace_steps(connection: Connection, run_id: int, *, at_once: int = 2000) -> Iterator[TraceStep]:
    """The outcomes of a run, in the order of telling.

    Args:
        connection: In a transaction until the last one is read.
        run_id: Row number of the run.
        at_once: So many are in memory.
    """
    end = LogCounters.read(connection, run_id).sequence
    for first in range(1, end, at_once):
        yield from _steps(connection, {"run": run_id, "first": first, "last": first + at_once - 1})


def _steps(connection: Connection, part: Mapping[str, int]) -> Iterator[TraceStep]:
    outcomes = list(rows.fetched(connection.execute(_OUTCOMES, part)))
    numbers = [outcome[10] for outcome in outcomes if outcome[10] is not None]
    evaluations: dict[tuple[int, int], TracedEvaluation] = {}
    originals: dict[int, tuple[int, str]] = {}
    if numbers:
        chosen = {"run": part["run"], "lowest": min(numbers), "highest": max(numbers)}
        evaluations = _evaluations(connection, _IN_RANGE, chosen)
        originals = {row[1]: (row[0], row[2]) for row in rows.fetched(connection.execute(ORIGINALS, chosen))}
        if originals:
            evaluations |= _evaluations(connection, _OF_ORIGINALS, chosen)
    again = rescored(connection, part, COURSE) if any(outcome[4] == "rescored" for outcome in outcomes) else {}
    for (
        request_id,
        operator,
        produces,
        epoch,
        word,
        attempts,
        tried,
        sent,
        received,
        row_id,
        number,
        original,
        code_hash,
    ) in outcomes:
        kind = rows.kind(operator, produces)
        spent = (attempts, tried or 0, (sent or 0) + (received or 0))
        if word == "candidate":
            scored, scored_hash = originals[number] = (row_id, code_hash) if original is None else originals[original]
            is_twin = scored_hash != code_hash
            yield TraceStep(kind, word, *spent, number, original is not None, is_twin, evaluations[scored, epoch])
        elif word == "rescored":
            known = again[request_id][epoch]
            evaluation = TracedEvaluation.of(known.evaluation)
            yield TraceStep(kind, word, *spent, known.id, known.duplicate_of is not None, known.is_twin, evaluation)
        else:
            yield TraceStep(kind, word, *spent)


def _evaluations(
    connection: Connection, statements: tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]], chosen: Mapping[str, int]
) -> dict[tuple[int, int], TracedEvaluation]:
    """Evaluations by their candidate's row number and their epoch."""
    evaluations, costs = statements
    by_evaluation: dict[int, list[float | None]] = defaultdict(list)
    for evaluation_id, cost in rows.fetched(connection.execute(costs, chosen)):
        by_evaluation[evaluation_id].append(cost)
    found: dict[tuple[int, int], TracedEvaluation] = {}
    for row_id, candidate_id, epoch, status, objective in rows.fetched(connection.execute(evaluations, chosen)):
        behaviour = None
        if status == Status.OK:
            known = [cost for cost in by_evaluation[row_id] if cost is not None]
            behaviour = tuple(known) if len(known) == len(by_evaluation[row_id]) else None
        found[candidate_id, epoch] = TracedEvaluation(Status(status), objective, epoch, behaviour)
    return found
