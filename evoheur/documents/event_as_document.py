"""Conversion of events into documents."""

from collections.abc import Mapping
from typing import Any

from evoheur.archive.records import Asked, CandidateRecord, Told
from evoheur.candidate import Candidate, Evaluation
from evoheur.documents.audit_document import audit_document
from evoheur.documents.candidate_document import (
    CandidateDocument,
    candidate_document,
    candidate_name,
    completion_document,
    evaluations_of,
)
from evoheur.documents.evaluation_document import EvaluationDocument, evaluation_document
from evoheur.documents.event_document import (
    EventFields,
    InternalErrorDocument,
    NewBestDocument,
    OutcomeToldDocument,
    PreparingDocument,
    ReplyReceivedDocument,
    RequestSentDocument,
    RunStartedDocument,
    RunStoppedDocument,
    ThrottledDocument,
    ToldCandidate,
    ToldFailure,
    ToldNote,
    ToldRescored,
)
from evoheur.documents.run_document import run_document, run_with_best, without_passwords
from evoheur.documents.totals_document import totals_document
from evoheur.evaluation.audit_verdict import audit_verdict
from evoheur.request import Note, Rescored
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

__all__ = ["event_document"]


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
        textbook=_rules(event.textbook_rules),
        budget=event.budget.model_dump(mode="json"),
        totals=totals_document(event.totals),
        **common,
    )


def _stopped(event: RunStopped, common: Mapping[str, Any]) -> RunStoppedDocument:
    return RunStoppedDocument(
        event="run_stopped",
        run=run_with_best(event.run, event.totals, event.chosen),
        totals=totals_document(event.totals),
        best=[_scored(record, event.baseline) for record in event.best],
        baseline=_scored(event.baseline),
        textbook={split: _rules(rules) for split, rules in event.textbook_rules.items()},
        no_audit=event.no_audit,
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


def _outcome(told: Told, run: str) -> ToldCandidate | ToldRescored | ToldNote | ToldFailure:
    outcome = told.outcome
    if isinstance(outcome, Candidate):
        return ToldCandidate(type="candidate", candidate=_told_candidate(outcome, told, run))
    if isinstance(outcome, Rescored):
        return ToldRescored(type="rescored", candidate=_told_candidate(outcome.candidate, told, run))
    if isinstance(outcome, Note):
        return ToldNote(type="note", text=outcome.text)
    return ToldFailure(
        type="failure", stage=outcome.stage, reason=outcome.reason, detail=outcome.detail, attempts=outcome.attempts
    )


def _told_candidate(candidate: Candidate, told: Told, run: str) -> CandidateDocument:
    record = _alone(candidate, run, told.asked)
    return candidate_document(record, evaluations=evaluations_of(record, instances=True))


def _alone(candidate: Candidate, run: str, asked: Asked | None = None) -> CandidateRecord:
    """A candidate with its evaluation on train and nothing else."""
    return CandidateRecord(run=run, candidate=candidate, evaluations={"train": candidate.evaluation}, asked=asked)


def _scored(record: CandidateRecord, own: CandidateRecord | None = None) -> CandidateDocument:
    verdict = None if own is None else audit_verdict(record.evaluations, own.evaluations)
    known = {} if verdict is None else {"audit": audit_document(verdict)}
    return candidate_document(record, evaluations=evaluations_of(record, instances=False), **known)


def _rules(evaluations: Mapping[str, Evaluation]) -> dict[str, EvaluationDocument]:
    return {rule: evaluation_document(found, instances=False) for rule, found in evaluations.items()}
