"""The documents of a run's events.

They are the lines of `--log`. Prompts and replies are not repeated here: they are in the archive, under the run's name and the
request's number.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from evoheur.candidate import ObjectiveKind
from evoheur.documents.audit_document import AuditDocument
from evoheur.documents.candidate_document import CandidateDocument, CompletionDocument
from evoheur.documents.document_model import JsonDocument, Moment, Text
from evoheur.documents.evaluation_document import EvaluationDocument
from evoheur.documents.run_document import RunDocument
from evoheur.documents.totals_document import TotalsDocument

__all__ = [
    "BestAuditedDocument",
    "CallsHalvedDocument",
    "EventDocument",
    "EventFields",
    "ForecastFields",
    "FunnelStageDocument",
    "InternalErrorDocument",
    "NewBestDocument",
    "OutageDocument",
    "OutcomeToldDocument",
    "PreparingDocument",
    "ReplyReceivedDocument",
    "RequestSentDocument",
    "RunStartedDocument",
    "RunStoppedDocument",
    "SpendingEstimatedDocument",
    "ThrottledDocument",
    "ToldCandidate",
    "ToldFailure",
    "ToldNote",
    "ToldRescored",
    "WaitingDocument",
]

_Format: TypeAlias = Literal["event/1"]


class EventFields(JsonDocument):
    """The fields that every event has."""

    format: _Format
    """Kind and version of this document."""
    time: Moment
    """When it was heard of, in UTC, ISO 8601."""


class PreparingDocument(EventFields):
    """A step begins that may take a while.

    It is no evaluation of a candidate.
    """

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
    """The limits at which the run ends."""
    totals: TotalsDocument
    """What was done before; all zero for a new run."""
    unasked_notes: list[Text]
    """Operators for notes, such as reflections, that are not asked for, since the generator has nothing to say."""


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
    generation: int | None = None
    """That it belongs to, the initial population being 0; only of strategies that have generations."""


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


class ToldRescored(JsonDocument):
    """A known heuristic was scored on fresh training instances."""

    type: Literal["rescored"]
    """Kind of outcome."""
    candidate: CandidateDocument
    """It, with its new evaluation on train."""


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
    """An outcome is in the archive, and the strategy knows it."""

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
    outcome: Annotated[ToldCandidate | ToldRescored | ToldNote | ToldFailure, Field(discriminator="type")]
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


class BestAuditedDocument(EventFields):
    """The best so far on train was scored on fresh instances, while the run goes on."""

    event: Literal["best_audited"]
    """Kind of event."""
    candidate: str
    """Its name."""
    audit: AuditDocument
    """Its lead over the problem's own heuristic on train and on the fresh instances."""
    totals: TotalsDocument
    """So far."""


class ForecastFields(JsonDocument):
    """What a whole budget will be spent on, estimated."""

    limit: Text
    """The setting that will be reached first, such as "budget.evaluations=200"."""
    requests: int
    """To the model."""
    prompt_tokens: int
    """Sent."""
    completion_tokens: int
    """Received."""
    cost_usd: float | None
    """In US dollars; null where the price is not known."""
    replies: int
    """It was measured on."""


class SpendingEstimatedDocument(EventFields):
    """What the whole budget will be spent on was estimated again, from what was measured so far."""

    event: Literal["spending_estimated"]
    """Kind of event."""
    forecast: ForecastFields
    """What will have been spent at the end."""
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


class OutageDocument(EventFields):
    """Nothing gets through to an endpoint, or something does again."""

    event: Literal["outage"]
    """Kind of event."""
    endpoint: Text
    """The model and where it is."""
    reason: Text
    """What the last call met; empty once something got through again."""
    since: Moment
    """When it began, in UTC, ISO 8601."""
    seconds: float
    """How long it has lasted."""
    next_try: float | None
    """Seconds until the next call is tried; null once something got through again."""
    renewed_at: Moment | None
    """When a used-up quota is renewed, in UTC, ISO 8601; null where that is not known, or not the reason."""
    others_answer: bool
    """Whether other models of the run answer meanwhile; else the run is paused."""


class CallsHalvedDocument(EventFields):
    """An endpoint gets half as many calls at once from now on, and one more for each that succeeds."""

    event: Literal["calls_halved"]
    """Kind of event."""
    endpoint: Text
    """The model and where it is."""
    limit: int
    """Calls at once."""
    why: Text
    """What became of one of those that were too many."""


class InternalErrorDocument(EventFields):
    """Evoheur's own code raised an exception.

    That is the outcome of the request now, and the run goes on.
    """

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


class FunnelStageDocument(JsonDocument):
    """One stage of a funnel."""

    instances: int
    """How many it has; the last stage is all training instances."""
    candidates: int
    """How many came to it and worked there."""
    spearman: float | None
    """Rank correlation of their objectives here and in the next stage; null where it is not known."""


class RaceDocument(JsonDocument):
    """What statistical racing saved."""

    candidates: int
    """How many were scored and did not fail, those that were stopped included."""
    stopped: int
    """How many of them were stopped before their last instance."""
    solved: int
    """Instances that all of them solved together."""
    saved: int
    """Instances that were not solved, since a candidate was stopped."""


class WaitingDocument(JsonDocument):
    """Shares of a session's time, 0 to 1, without its end, when nothing more may be asked."""

    calls: float
    """Of the calls that may be under way at the same time, as many were."""
    for_evaluators: float
    """As many were not, because replies waited for evaluators."""
    for_first: float
    """As many were not, because outcomes are told in the order of asking, and the first one was not there."""
    for_outcomes: float
    """As many were not, because the strategy waited for outcomes, as by generations."""
    evaluators_idle: float
    """Of the evaluation slots, as many waited for the model."""


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
    no_audit: Text
    """Why the best were not scored on fresh instances; empty if they were, or if the run did not finish."""
    simplified: CandidateDocument | None = None
    """What remains of the run's best; only where it was simplified."""
    funnel: list[FunnelStageDocument] = Field(default_factory=list)
    """How candidates went through the stages of the funnel; only where there is one."""
    race: RaceDocument | None = None
    """What statistical racing saved; only where there was any."""
    estimate: ForecastFields | None = None
    """The first estimate of what the whole budget would be spent on; only where there was one in this session."""
    waited: WaitingDocument | None = None
    """Who waited for whom in this session; only where a model is asked."""


EventDocument: TypeAlias = Annotated[
    PreparingDocument
    | RunStartedDocument
    | RequestSentDocument
    | ReplyReceivedDocument
    | OutcomeToldDocument
    | NewBestDocument
    | BestAuditedDocument
    | SpendingEstimatedDocument
    | ThrottledDocument
    | OutageDocument
    | CallsHalvedDocument
    | InternalErrorDocument
    | RunStoppedDocument,
    Field(discriminator="event"),
]
"""Any event; the key `event` says which."""
