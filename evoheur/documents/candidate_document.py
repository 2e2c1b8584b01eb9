"""The document of a candidate, with all that the archive knows of it."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from evoheur.archive.records import Asked, CandidateRecord
from evoheur.candidate import ObjectiveKind, TextbookGap
from evoheur.documents.audit_document import AuditDocument
from evoheur.documents.document_model import JsonDocument, Text
from evoheur.documents.evaluation_document import EvaluationDocument, evaluation_document, gap_of
from evoheur.evaluation.objective import evaluated_family_gaps
from evoheur.problem import SPLITS
from evoheur.request import Message

__all__ = [
    "CandidateDocument",
    "CompletionDocument",
    "MessageDocument",
    "TextbookGapDocument",
    "candidate_document",
    "candidate_name",
    "completion_document",
    "evaluations_of",
    "family_gaps_of",
    "prompt_document",
    "textbook_document",
]


class MessageDocument(JsonDocument):
    """One turn of a prompt."""

    role: Literal["system", "user", "assistant"]
    """Who speaks."""
    content: Text
    """What is said."""


class CompletionDocument(JsonDocument):
    """A request and, if it came, its reply, without their texts."""

    request: int
    """Number of the request within its run."""
    model: Text | None
    """The model as the server names it, or the offline generator's name; null if no reply came, as all that follows."""
    finish: Text | None
    """"stop" if the model ended by itself, "length" if it was cut at the token limit, else the server's word."""
    prompt_tokens: int | None
    """Sent."""
    completion_tokens: int | None
    """Received, reasoning included."""
    cached_tokens: int | None
    """Those of the sent ones that the server read from its cache; 0 where it does not say."""
    reasoning_tokens: int | None
    """Those of the received ones that the model thought with; 0 where the server does not say."""
    estimated: bool | None
    """Whether the server did not count them, so that they are characters / 4."""
    seconds: float | None
    """Wall time from the first call to the reply, waits included."""
    attempts: int | None
    """Calls made, the failed ones included; 0 where no model was asked."""
    cost_usd: float | None
    """Price in US dollars; null where it is not known."""
    price_source: Text | None
    """Where the price is from: a price table with its version, or "configuration"; null where it is not known."""


class TextbookGapDocument(JsonDocument):
    """The best textbook rule on one family."""

    rule: Text
    """Its name."""
    gap: float
    """In percent."""


class CandidateDocument(JsonDocument):
    """A candidate with its history and its worth."""

    format: Literal["candidate/1"]
    """Kind and version of this document."""
    id: str
    """Its name for people and commands: run and number, such as "quickstart-1/17"."""
    number: int
    """Within its run, from 0 (the problem's own heuristic) in the order of telling."""
    operator: Text
    """What bred it, such as "e1"."""
    parents: list[str]
    """Names of the candidates it was bred from."""
    thought: Text
    """The idea in a sentence."""
    code: Text
    """Python source."""
    gaps: dict[str, float | None]
    """Split → gap in percent; null where it was not scored, failed, or has no references."""
    family_gaps: dict[str, dict[Text, float | None]]
    """Split → family → gap in percent, for every split that it was scored on without failing; null without references."""
    objective: float | None
    """On train, minimised; null if it failed."""
    objective_kind: ObjectiveKind | None
    """What the objective is; null where there is none."""
    status: str
    """On train: "ok", or what went wrong."""
    detail: Text
    """Why the status is what it is; empty if "ok"."""
    duplicate_of: str | None
    """Name of the earlier candidate of the same code, whose evaluation it shares."""
    model: Text | None
    """What wrote it; null for the problem's own heuristic."""
    simplified_from: str | None = None
    """Name of the candidate that this is what remains of; null for what was not simplified."""
    simplified_to: str = ""
    """Name of what remains of it; only in the list of a run's best, of those that were simplified."""
    measures: dict[Text, float] = Field(default_factory=dict)
    """Numbers that describe the code and its solutions."""
    lineage: list[str] = Field(default_factory=list)
    """The candidate, its first parent, that one's first parent, and so on."""
    textbook_gaps: dict[str, dict[Text, TextbookGapDocument]] = Field(default_factory=dict)
    """Split → family → the best textbook rule there, as far as the run has stored them."""
    evaluations: dict[str, EvaluationDocument] = Field(default_factory=dict)
    """Split → evaluation, for every split that it was scored on."""
    audit: AuditDocument | None = None
    """What the audit at the end of its run says of it; only where there was one."""
    prompt: list[MessageDocument] | None = None
    """What the model was sent; null for the problem's own heuristic."""
    reply: Text | None = None
    """The reply, whole."""
    completion: CompletionDocument | None = None
    """What is known of the reply."""
    diff: Text = ""
    """What changed from another candidate's code, as `diff -u` writes it."""


def candidate_name(run: str, number: int) -> str:
    """A candidate's name: run and number.

    The number alone where the run is not known.
    """
    return f"{run}/{number}" if run else str(number)


def candidate_document(record: CandidateRecord, **asked_for: Any) -> CandidateDocument:
    """A candidate as a document.

    Args:
        record: The candidate.
        asked_for: Keys of `CandidateDocument` that are not always there.
    """
    candidate, evaluation = record.candidate, record.candidate.evaluation
    return CandidateDocument(
        format="candidate/1",
        id=candidate_name(record.run, candidate.id),
        number=candidate.id,
        operator=candidate.operator,
        parents=[candidate_name(record.run, parent) for parent in candidate.parents],
        thought=candidate.thought,
        code=candidate.code,
        gaps={split: gap_of(record.evaluations.get(split)) for split in SPLITS},
        family_gaps=family_gaps_of(record),
        objective=candidate.objective,
        objective_kind=evaluation.objective_kind,
        status=evaluation.status.value,
        detail=evaluation.detail,
        duplicate_of=None if candidate.duplicate_of is None else candidate_name(record.run, candidate.duplicate_of),
        model=record.asked.completion.model if record.asked and record.asked.completion else None,
        simplified_from=candidate_name(record.run, candidate.parents[0]) if record.is_simplified else None,
        **asked_for,
    )


def family_gaps_of(record: CandidateRecord) -> dict[str, dict[str, float | None]]:
    """Split → family → gap in percent, of the splits that a candidate was scored on without failing."""
    found = {split: evaluated_family_gaps(evaluation) for split, evaluation in record.evaluations.items()}
    return {split: gaps for split, gaps in found.items() if gaps}


def textbook_document(gaps: Mapping[str, Mapping[str, TextbookGap]]) -> dict[str, dict[str, TextbookGapDocument]]:
    """Split → family → the best textbook rule, as an archive stores them."""
    return {
        split: {family: TextbookGapDocument(rule=best.rule, gap=best.gap) for family, best in found.items()}
        for split, found in gaps.items()
    }


def evaluations_of(record: CandidateRecord, *, instances: bool) -> dict[str, EvaluationDocument]:
    """Evaluations by split, with or without instances."""
    return {split: evaluation_document(found, instances=instances) for split, found in record.evaluations.items()}


def prompt_document(messages: tuple[Message, ...]) -> list[MessageDocument]:
    """A prompt, turn by turn."""
    return [MessageDocument(role=message.role, content=message.content) for message in messages]


def completion_document(asked: Asked) -> CompletionDocument:
    """A request and what is known of its reply."""
    reply = asked.completion
    return CompletionDocument(
        request=asked.number,
        model=None if reply is None else reply.model,
        finish=None if reply is None else reply.finish,
        prompt_tokens=None if reply is None else reply.usage.prompt_tokens,
        completion_tokens=None if reply is None else reply.usage.completion_tokens,
        cached_tokens=None if reply is None else reply.usage.cached_tokens,
        reasoning_tokens=None if reply is None else reply.usage.reasoning_tokens,
        estimated=None if reply is None else reply.usage.estimated,
        seconds=None if reply is None else reply.seconds,
        attempts=None if reply is None else reply.attempts,
        cost_usd=None if reply is None else reply.cost_usd,
        price_source=None if reply is None else reply.price_source,
    )
