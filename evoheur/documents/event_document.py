"""What happens in a run, event by event, as documents: the lines of `--log`.

Prompts and replies are not repeated here: they are in the archive, under the run's name and the request's number.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from evoheur.archive.records import Asked, CandidateRecord, Told
from evoheur.candidate import Candidate, Evaluation, ObjectiveKind
from evoheur.documents.candidate_document import (
    CandidateDocument,
    CompletionDocument,
    candidate_document,
    candidate_name,
    completion_document,
    evaluations_of,
)
from evoheur.documents.document_model import JsonDocument, Moment, Text
from evoheur.documents.evaluation_document import EvaluationDocument, evaluation_document
from evoheur.documents.run_document import RunDocument, run_document, run_with_best, without_passwords
from evoheur.documents.totals_document import TotalsDocument, totals_document
from evoheur.request import Note
from evoheur.run.events import (
    Event,
    InternalError,
    NewBest,
    OutcomeTold,
    Preparing,
    ReplyReceived,
    RequestSent,
    RunStarted,
    RunStopped,
    Throttled,
)

__all__ = ["EventDocument", "EventFields", "event_document"]

_Format: TypeAlias = Literal["event/1"]


class EventFields(JsonDocument):
    """What every event has."""

    format: _Format
    """Kind and version of this document."""
    time: Moment
    """When it was heard of, in UTC, ISO 8601."""


class PreparingDocument(EventFields):
    """Something begins that may take a while and is no evaluation of a candidate."""

    event: Literal["preparing"]
    """Kind of event."""
    step: Text
    """For people, such as "compiling the kernels of tsp_gls"."""


class RunStartedDocument(EventFields):
    """A run starts or is taken up again."""

    event: Literal["run_started"]
    """Kind of event."""
    run: RunDocument
    """The run, with its configuration."""
    level: Text
    """Isolation of the candidates."""
    slots: int
    """Candidates evaluated at the same time."""
    baseline: CandidateDocument
    """The problem's own heuristic, candidate 0."""
    textbook: dict[Text, EvaluationDocument]
    """Textbook rule → its evaluation on train, best first."""
    budget: dict[str, float | None]
    """The stop rules."""
    totals: TotalsDocument
    """What was done before; all zero for a new run."""


class RequestSentDocument(EventFields):
    """The strategy asked, and the request is in the archive."""

    event: Literal["request_sent"]
    """Kind of event."""
    request: int
    """Number of the request within its run."""
    operator: Text
    """What the strategy wants, such as "e2"."""
    fingerprint: str
    """Hash by which a resumed run recognises the request."""
    totals: TotalsDocument
    """So far."""


class ReplyReceivedDocument(EventFields, CompletionDocument):
    """The generator's reply is in the archive."""

    event: Literal["reply_received"]
    """Kind of event."""
    operator: Text
    """What the strategy wanted."""
    totals: TotalsDocument
    """So far."""


class ToldCandidate(JsonDocument):
    """A request brought a heuristic."""

    type: Literal["candidate"]
    """Kind of outcome."""
    candidate: CandidateDocument
    """It, with its evaluation on train."""


class ToldNote(JsonDocument):
    """A request brought text for the strategy."""

    type: Literal["note"]
    """Kind of outcome."""
    text: Text
    """Such as a reflection."""


class ToldFailure(JsonDocument):
    """A request brought nothing to evaluate."""

    type: Literal["failure"]
    """Kind of outcome."""
    stage: Literal["generation", "parsing"]
    """"generation" if no reply came, "parsing" if nothing to evaluate came of it."""
    reason: Text
    """A word to count by."""
    detail: Text
    """What happened, with the value."""
    attempts: int
    """Calls that were made for nothing."""


class OutcomeToldDocument(EventFields):
    """What became of a request is in the archive, and the strategy knows it."""

    event: Literal["outcome_told"]
    """Kind of event."""
    request: int
    """Number of the request within its run."""
    operator: Text
    """What the strategy wanted."""
    fingerprint: str
    """Hash by which a resumed run recognises the request."""
    sequence: int
    """Position among all asks and tells of the run, from 1."""
    outcome: Annotated[ToldCandidate | ToldNote | ToldFailure, Field(discriminator="type")]
    """What came of it."""
    totals: TotalsDocument
    """So far."""


class NewBestDocument(EventFields):
    """A candidate beats all earlier ones on train."""

    event: Literal["new_best"]
    """Kind of event."""
    candidate: str
    """Its name."""
    objective: float | None
    """On train, minimised."""
    objective_kind: ObjectiveKind | None
    """What the objective is."""
    totals: TotalsDocument
    """So far."""


class ThrottledDocument(EventFields):
    """The generator waits before it tries a call again."""

    event: Literal["throttled"]
    """Kind of event."""
    seconds: float
    """How long."""
    reason: Text
    """Why."""


class InternalErrorDocument(EventFields):
    """Code of evoheur's own raised what it should not; that is the outcome of the request now, and the run goes on."""

    event: Literal["internal_error"]
    """Kind of event."""
    request: int
    """Number of the request within its run."""
    error: Text
    """The exception in one line, with the place that raised it."""
    traceback: Text
    """The whole of it."""
    totals: TotalsDocument
    """So far."""


class RunStoppedDocument(EventFields):
    """A session of a run is over."""

    event: Literal["run_stopped"]
    """Kind of event."""
    run: RunDocument
    """The run with its final status and reason."""
    totals: TotalsDocument
    """What it did and spent."""
    best: list[CandidateDocument]
    """The top candidates on train, best first, scored on validation too if the run finished."""
    baseline: CandidateDocument
    """The problem's own heuristic, candidate 0."""
    textbook: dict[str, dict[Text, EvaluationDocument]]
    """Split → textbook rule → its evaluation, best first."""


EventDocument: TypeAlias = Annotated[
    PreparingDocument
    | RunStartedDocument
    | RequestSentDocument
    | ReplyReceivedDocument
    | OutcomeToldDocument
    | NewBestDocument
    | ThrottledDocument
    | InternalErrorDocument
    | RunStoppedDocument,
    Field(discriminator="event"),
]
"""Any event; the key `event` says which."""


def event_document(event: Event, *, time: str, run: str) -> EventFields:  # noqa: PLR0911 - one return per kind of event
    """An event as a document.

    Args:
        event: What happened.
        time: When, in UTC, ISO 8601.
        run: Name of the run, by which candidates are named.
    """
    common: dict[str, Any] = {"format": "event/1", "time": time}
    match event:
        case RunStarted():
            return _started(event, common)
        case RunStopped():
            return _stopped(event, common)
        case OutcomeTold():
            return _told(event, run, common)
        case Preparing():
            return PreparingDocument(event="preparing", step=event.step, **common)
        case Throttled():
            return ThrottledDocument(event="throttled", seconds=event.seconds, reason=event.reason, **common)
    common["totals"] = totals_document(event.totals)
    match event:
        case RequestSent():
            return RequestSentDocument(event="request_sent", **_request(event.asked), **common)
        case ReplyReceived():
            reply = completion_document(event.asked)
            return ReplyReceivedDocument(event="reply_received", operator=event.asked.operator, **dict(reply), **common)
        case NewBest():
            name, evaluation = candidate_name(run, event.candidate.id), event.candidate.evaluation
            kind = evaluation.objective_kind
            return NewBestDocument(
                event="new_best", candidate=name, objective=evaluation.objective, objective_kind=kind, **common
            )
        case InternalError():
            return InternalErrorDocument(
                event="internal_error", request=event.asked.number, error=event.error, traceback=event.traceback, **common
            )


def _started(event: RunStarted, common: Mapping[str, Any]) -> RunStartedDocument:
    kind = event.baseline.evaluation.objective_kind
    return RunStartedDocument(
        event="run_started",
        run=run_document(event.run, event.totals, kind=kind, config=without_passwords(event.run.config)),
        level=event.level,
        slots=event.slots,
        baseline=_scored(_alone(event.baseline, event.run.name)),
        textbook=_rules(event.baselines),
        budget=event.budget.model_dump(mode="json"),
        totals=totals_document(event.totals),
        **common,
    )


def _stopped(event: RunStopped, common: Mapping[str, Any]) -> RunStoppedDocument:
    return RunStoppedDocument(
        event="run_stopped",
        run=run_with_best(event.run, event.totals, next(iter(event.best), None)),
        totals=totals_document(event.totals),
        best=[_scored(record) for record in event.best],
        baseline=_scored(event.baseline),
        textbook={split: _rules(rules) for split, rules in event.baselines.items()},
        **common,
    )


def _told(event: OutcomeTold, run: str, common: Mapping[str, Any]) -> OutcomeToldDocument:
    return OutcomeToldDocument(
        event="outcome_told",
        **_request(event.told.asked),
        sequence=event.told.sequence,
        outcome=_outcome(event.told, run),
        totals=totals_document(event.totals),
        **common,
    )


def _request(asked: Asked) -> dict[str, Any]:
    return {"request": asked.number, "operator": asked.operator, "fingerprint": asked.fingerprint}


def _outcome(told: Told, run: str) -> ToldCandidate | ToldNote | ToldFailure:
    outcome = told.outcome
    if isinstance(outcome, Candidate):
        record = _alone(outcome, run, told.asked)
        evaluations = evaluations_of(record, instances=True)
        return ToldCandidate(type="candidate", candidate=candidate_document(record, evaluations=evaluations))
    if isinstance(outcome, Note):
        return ToldNote(type="note", text=outcome.text)
    return ToldFailure(
        type="failure", stage=outcome.stage, reason=outcome.reason, detail=outcome.detail, attempts=outcome.attempts
    )


def _alone(candidate: Candidate, run: str, asked: Asked | None = None) -> CandidateRecord:
    """A candidate of which nothing is known but its worth on train."""
    return CandidateRecord(run=run, candidate=candidate, evaluations={"train": candidate.evaluation}, asked=asked)


def _scored(record: CandidateRecord) -> CandidateDocument:
    return candidate_document(record, evaluations=evaluations_of(record, instances=False))


def _rules(evaluations: Mapping[str, Evaluation]) -> dict[str, EvaluationDocument]:
    return {rule: evaluation_document(found, instances=False) for rule, found in evaluations.items()}
