"""Conversion of rows into frozen records."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row

from evoheur.archive.records import Asked, RunRecord
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.request import Completion, Failure, Message, Note, RequestKind, Usage

__all__ = ["SharedTexts", "asked", "candidate", "completion", "evaluation", "instance_result", "run", "textual_outcome"]

_NO_NOTES: Mapping[str, str] = MappingProxyType({})
_STATUS = {status.value: status for status in Status}  # a lookup is several times cheaper than Status(word), and logs are long


def run(row: Row[Any]) -> RunRecord:
    """The run in a row of its table."""
    return RunRecord(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        config=dict(row.config),
        seed=row.seed,
        problem=row.problem,
        problem_hash=row.problem_hash,
        prompts_hash=row.prompts_hash,
        evoheur_version=row.evoheur_version,
        status=row.status,
        reason=row.reason,
    )


def asked(row: Row[Any], reply: Completion | None) -> Asked:
    """The request in a row of its table, with completion."""
    return Asked(
        id=row.id,
        number=row.number,
        sequence=row.asked_seq,
        operator=row.operator,
        fingerprint=row.fingerprint,
        messages=tuple(Message(role=message["role"], content=message["content"]) for message in row.messages or ()),
        completion=reply,
        kind=RequestKind.stored(row.operator, row.produces),
        epoch=row.epoch,
    )


def textual_outcome(row: Row[Any]) -> Note | Failure:
    """The outcome of a row of `request` that yielded no candidate."""
    if row.outcome == "note":
        return Note(text=row.note)
    return Failure(
        stage=row.failure_stage,
        reason=row.failure_reason,
        detail=row.failure_detail,
        attempts=row.failure_attempts,
    )


def completion(row: Row[Any]) -> Completion:
    """The completion in a row of its table."""
    return Completion(
        text=row.text,
        model=row.model,
        usage=Usage(prompt_tokens=row.prompt_tokens, completion_tokens=row.completion_tokens, estimated=row.estimated),
        finish=row.finish,
        seconds=row.seconds,
        attempts=row.attempts,
        evaluations=row.evaluations,
        cost_usd=row.cost_usd,
    )


def candidate(row: Row[Any], parents: Sequence[int], worth: Evaluation) -> Candidate:
    """The candidate in a row of its table.

    With its parents in order and its evaluation on train.
    """
    return Candidate(
        id=row.number,
        code=row.code,
        thought=row.thought,
        operator=row.operator,
        parents=tuple(parents),
        evaluation=worth,
        duplicate_of=row.duplicate_of,
        code_hash=row.code_hash,
    )


def evaluation(row: Row[Any], results: Sequence[InstanceResult]) -> Evaluation:
    """The evaluation in a row of its table, with results.

    The results are in order.
    """
    measures: Mapping[str, float] = row.measures
    return Evaluation(
        status=_STATUS[row.status],
        objective=row.objective,
        objective_kind=row.objective_kind,
        aggregate=row.aggregate,
        split=row.split,
        results=tuple(results),
        measures=measures,
        level=row.level,
        detail=row.detail,
        epoch=row.epoch,
    )


class SharedTexts:
    """Words and notes that many results have alike, kept once.

    A run of a hundred thousand candidates has millions of them.
    """

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self._notes: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}

    def word(self, word: str) -> str:
        """The first word that equals this one."""
        return self._words.setdefault(word, word)

    def notes(self, notes: Mapping[str, str] | None) -> Mapping[str, str]:
        """The first notes that equal these; none where they were not read."""
        return self._notes.setdefault(tuple(notes.items()), notes) if notes else _NO_NOTES


def instance_result(row: Row[Any], shared: SharedTexts) -> InstanceResult:
    """The result in a row of `instance_result`."""
    return InstanceResult(
        instance=shared.word(row.instance),
        family=shared.word(row.family),
        status=_STATUS[row.status],
        cost=row.cost,
        reference=row.reference,
        cpu_seconds=row.cpu_seconds,
        detail=row.detail,
        notes=shared.notes(row.notes),
    )
