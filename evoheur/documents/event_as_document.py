"""Conversion of events into documents."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

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
    BestAuditedDocument,
    CallsHalvedDocument,
    EventFields,
    ForecastFields,
    FunnelStageDocument,
    InternalErrorDocument,
    NewBestDocument,
    OutageDocument,
    OutcomeToldDocument,
    PreparingDocument,
    RaceDocument,
    ReplyReceivedDocument,
    RequestSentDocument,
    RunStartedDocument,
    RunStoppedDocument,
    SpendingEstimatedDocument,
    ThrottledDocument,
    ToldCandidate,
    ToldFailure,
    ToldNote,
    ToldRescored,
    WaitingDocument,
)
from evoheur.documents.run_document import run_document, run_with_best, without_passwords
from evoheur.documents.totals_document import totals_document
from evoheur.evaluation.audit_verdict import audit_verdict
from evoheur.request import Note, Rescored
from evoheur.run.events import (
    BestAudited,
    CallsHalved,
    Event,
    InternalError,
    NewBest,
    OutageNews,
    OutcomeTold,
    Preparing,
    ReplyReceived,
    RequestSent,
    RunStarted,
    RunStopped,
    SpendingEstimated,
    Throttled,
)
from evoheur.run.spending_forecast import SpendingForecast

__all__ = ["event_document"]

_Counted: TypeAlias = RequestSent | ReplyReceived | NewBest | BestAudited | SpendingEstimated | InternalError


def event_document(event: Event, *, time: str, run: str) -> EventFields:
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
        case Preparing() | Throttled() | OutageNews() | CallsHalved():
            return _waiting(event, common)
    return _with_totals(event, run, {**common, "totals": totals_document(event.totals)})


def _waiting(event: Preparing | Throttled | OutageNews | CallsHalved, common: Mapping[str, Any]) -> EventFields:
    """Something that keeps a run from going on, or slows it down, for a moment or longer."""
    match event:
        case Preparing():
            return PreparingDocument(event="preparing", step=event.step, **common)
        case Throttled():
            return ThrottledDocument(event="throttled", seconds=event.seconds, reason=event.reason, **common)
        case CallsHalved():
            fields: dict[str, Any] = {"endpoint": event.endpoint, "limit": event.limit, "why": event.why}
            return CallsHalvedDocument(event="calls_halved", **fields, **common)
        case OutageNews():
            return _outage(event, common)


def _with_totals(event: _Counted, run: str, common: Mapping[str, Any]) -> EventFields:
    """Something that happened in the course of a run, with what the run had done and spent by then."""
    match event:
        case RequestSent():
            known: dict[str, Any] = {} if event.generation is None else {"generation": event.generation}
            return RequestSentDocument(event="request_sent", **_request(event.asked), **known, **common)
        case ReplyReceived():
            reply = completion_document(event.asked)
            return ReplyReceivedDocument(event="reply_received", operator=event.asked.operator, **dict(reply), **common)
        case NewBest():
            name, evaluation = candidate_name(run, event.candidate.id), event.candidate.evaluation
            kind = evaluation.objective_kind
            return NewBestDocument(
                event="new_best", candidate=name, objective=evaluation.objective, objective_kind=kind, **common
            )
        case BestAudited():
            return BestAuditedDocument(
                event="best_audited", candidate=event.candidate.id, audit=audit_document(event.verdict), **common
            )
        case SpendingEstimated():
            return SpendingEstimatedDocument(event="spending_estimated", forecast=_forecast(event.forecast), **common)
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
        unasked_notes=list(event.unasked_notes),
        **common,
    )


def _stopped(event: RunStopped, common: Mapping[str, Any]) -> RunStoppedDocument:
    known: dict[str, Any] = {} if event.simplified is None else {"simplified": _scored(event.simplified, event.baseline)}
    if event.funnel:
        known["funnel"] = [FunnelStageDocument(**asdict(stage)) for stage in event.funnel]
    if event.race is not None:
        known["race"] = RaceDocument(**asdict(event.race))
    if event.estimate is not None:
        known["estimate"] = _forecast(event.estimate)
    if event.waited is not None:
        known["waited"] = WaitingDocument(**asdict(event.waited))
    return RunStoppedDocument(
        event="run_stopped",
        run=run_with_best(event.run, event.totals, event.chosen),
        totals=totals_document(event.totals),
        best=[_scored(record, event.baseline) for record in event.best],
        baseline=_scored(event.baseline),
        textbook={split: _rules(rules) for split, rules in event.textbook_rules.items()},
        no_audit=event.no_audit,
        **known,
        **common,
    )


def _forecast(forecast: SpendingForecast) -> ForecastFields:
    return ForecastFields(
        limit=forecast.limit,
        requests=forecast.requests,
        prompt_tokens=forecast.prompt_tokens,
        completion_tokens=forecast.completion_tokens,
        cost_usd=forecast.cost_usd,
        replies=forecast.replies,
    )


def _outage(event: OutageNews, common: Mapping[str, Any]) -> OutageDocument:
    return OutageDocument(
        event="outage",
        endpoint=event.endpoint,
        reason=event.reason,
        since=_moment(event.since),
        seconds=event.seconds,
        next_try=event.next_try,
        renewed_at=None if event.renewed_at is None else _moment(event.renewed_at),
        others_answer=event.others_answer,
        **common,
    )


def _moment(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()


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
