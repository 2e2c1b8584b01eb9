"""Frozen objects that leave the archive; ORM rows never do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from evoheur import html_fragments
from evoheur.candidate import Candidate, Evaluation
from evoheur.request import Completion, Message, Outcome, RequestKind

__all__ = [
    "Asked",
    "CandidateRecord",
    "FailureExample",
    "FailureGroup",
    "NewEvent",
    "ProgressStep",
    "RunEvent",
    "RunEventKind",
    "RunRecord",
    "RunStatus",
    "Told",
    "Totals",
]

RunStatus: TypeAlias = Literal["unfinished", "interrupted", "failed", "finished"]
"""unfinished: running now, or killed. interrupted: stopped by its user. failed: stopped by an error. The first three can be resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One discovery run.

    Attributes:
        id: Row number in its database.
        name: Unique in its database.
        created_at: UTC, aware.
        config: The validated configuration as JSON.
        seed: Seeds strategy, offline generator and stochastic frames.
        problem: Name or folder of the problem.
        problem_hash: Hash of the problem's sources.
        prompts_hash: Hash of the prompt templates.
        evoheur_version: Version that created the run.
        status: See `RunStatus`.
        reason: Why it stopped, such as "budget: 2500 evaluations"; while unfinished, empty, or that it was asked to stop.
        note: What its user wrote of it; any text.
        tags: What its user filed it under, sorted; one word each.
    """

    id: int
    name: str
    created_at: datetime
    config: Mapping[str, Any]
    seed: int
    problem: str
    problem_hash: str
    prompts_hash: str
    evoheur_version: str
    status: RunStatus
    reason: str
    note: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as stored.

    Attributes:
        id: Row number in the database.
        number: Count within the run, from 1, in the order of asking.
        sequence: Position among all asks and tells of the run, from 1.
        operator: As in `Request`.
        kind: As in `Request`.
        epoch: As in `Request`.
        fingerprint: As `Request.fingerprint` gave it.
        messages: The rendered prompt.
        completion: The reply, once stored.
    """

    id: int
    number: int
    sequence: int
    operator: str
    fingerprint: str
    messages: tuple[Message, ...]
    completion: Completion | None = None
    kind: RequestKind = RequestKind.MODEL
    epoch: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A stored outcome; which request it answers, when, and what it was."""

    asked: Asked
    sequence: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRecord:
    """A candidate with everything the archive knows of it.

    Attributes:
        run: Name of its run.
        candidate: The candidate; its own evaluation is the one on train, on the newest instances it was scored on.
        evaluations: Split → evaluation, for every split it was scored on (a duplicate shows its original's).
        asked: The request it answers, with prompt and reply; None for the baseline.
    """

    run: str
    candidate: Candidate
    evaluations: Mapping[str, Evaluation]
    asked: Asked | None

    @property
    def is_simplified(self) -> bool:
        """Whether it is what remains of its parent, and nothing that the search bred."""
        return self.asked is not None and self.asked.kind is RequestKind.SIMPLIFICATION

    @property
    def id(self) -> str:
        """The candidate's name for people and scripts; run and number, such as "quickstart-1/17"."""
        return f"{self.run}/{self.candidate.id}"

    def _repr_html_(self) -> str:
        """The candidate in a notebook, with its worth on every split.

        What a model wrote is escaped.
        """
        rows = [
            (split, found.status.value, "-" if found.objective is None else f"{found.objective:.6g}", str(len(found.results)))
            for split, found in self.evaluations.items()
        ]
        return "".join(
            [
                html_fragments.paragraph(f"{self.id} ({self.candidate.bred_by})", strong=True),
                html_fragments.paragraph(self.candidate.thought, emphasis=True),
                html_fragments.table(("split", "status", "objective", "instances"), rows, right=(2, 3)),
                html_fragments.code_block(self.candidate.code),
            ]
        )


RunEventKind: TypeAlias = Literal[
    "session_began",
    "session_ended",
    "outage",
    "outage_over",
    "wait",
    "calls_halved",
    "audit",
    "estimate",
    "fault",
    "advice",
    "stop_asked",
    "policy_fault",
]
"""outage, outage_over: nothing gets through to an endpoint, and something does again. wait: the generator waits before it tries again.
calls_halved: an endpoint gets fewer calls at once. audit: the best was scored on fresh instances. estimate: of what the budget will be
spent on. fault: an exception of evoheur's own. advice: what a user advised. An archive of a later version may have others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that happened to a run beside its log, to be stored.

    Attributes:
        kind: Of event.
        text: For people, a sentence without its time.
        details: For programs, as JSON.
    """

    kind: RunEventKind
    text: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """Something that happened to a run beside its log, as stored.

    Attributes:
        id: Row number in the database, ascending within a run.
        at: When it began, UTC, aware.
        seconds: Wall time of the run by then.
        sequence: Position in the log that had been reached; 0 before the first request.
        kind: A `RunEventKind`, or a word of a later version.
        text: For people, a sentence without its time.
        details: For programs.
    """

    id: int
    at: datetime
    seconds: float
    sequence: int
    kind: str
    text: str
    details: Mapping[str, Any]


class ProgressStep(NamedTuple):
    """A moment at which a run's best improved.

    Attributes:
        evaluations: Evaluations told until then, this one included; counted as in `Totals`.
        objective: The new best on train, minimised.
    """

    evaluations: int
    objective: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureExample:
    """One failed request or candidate.

    Attributes:
        request: Number of the request.
        candidate: Number of the candidate; None if the request yielded none.
        operator: What asked for it.
        detail: What happened, with the value.
    """

    request: int
    candidate: int | None
    operator: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureGroup:
    """Everything in a run that failed for one reason.

    Attributes:
        stage: Where it failed: no reply, no usable code in it, or the code when it was evaluated.
        reason: The failure's reason, or the candidate's status.
        count: How many; a duplicate of a failed candidate counts again.
        examples: The first few.
    """

    stage: Literal["generation", "parsing", "evaluation"]
    reason: str
    count: int
    examples: tuple[FailureExample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The amounts that a run has done and spent.

    Counted from the database. What is tuned beside the search (`RequestKind.TUNING_BESIDE`) counts in the attributes of tunings and in
    `best_objective` only, what is scored again on fresh instances (`RequestKind.RESCORING`) in `rescorings`.

    Attributes:
        requests: Asked so far.
        pending: Asked and not yet told.
        calls: Calls made to the generator, failed ones included.
        evaluations: Candidates evaluated on train, duplicates, screened ones and the baseline not counted; those that a strategy's own
            tuning went through are.
        duplicates: Candidates that shared an earlier evaluation.
        twins: Those of them whose code is another; see `Candidate.is_twin`.
        failures: Reason → count: failed requests by their reason, failed candidates by their status, which "pruned" is none of.
        pruned: Candidates whose evaluation was cut short, since they could not enter the population any more.
        prompt_tokens: Sent.
        completion_tokens: Received.
        cached_tokens: Those of the sent ones that servers read from their caches.
        reasoning_tokens: Those of the received ones that models thought with.
        estimated_tokens: Those sent and received that no server counted.
        cost_usd: Sum of the known prices; None if no reply was priced.
        best_objective: Best on train, minimised, the baseline not counted; None before the first success. Where training instances are
            made afresh, best of those scored on the newest ones.
        since_best: Evaluations told since the best improved; all of them before the first success.
        seconds: Wall time of all sessions of the run, in seconds.
        tunings: Heuristics whose constants were tuned beside the search, those in work included.
        tunings_pending: Those in work.
        tuning_evaluations: Evaluations that the finished ones took.
        rescorings: Heuristics that were scored again on fresh training instances.
    """

    requests: int = 0
    pending: int = 0
    calls: int = 0
    evaluations: int = 0
    duplicates: int = 0
    twins: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)
    pruned: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    estimated_tokens: int = 0
    cost_usd: float | None = None
    best_objective: float | None = None
    since_best: int = 0
    seconds: float = 0.0
    tunings: int = 0
    tunings_pending: int = 0
    tuning_evaluations: int = 0
    rescorings: int = 0

    @property
    def tokens(self) -> int:
        """Tokens sent and received together."""
        return self.prompt_tokens + self.completion_tokens
