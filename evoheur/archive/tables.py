"""The tables of the archive.

Real columns with real keys; JSON only for documents. One writer, so sequence and numbers are derived from what is there. Candidates are
referred to by run and number, which is how people, prompts and strategies name them, and which makes a parent from another run
impossible. Long columns come last in every table: SQLite then counts and groups without reading them.

Statements are written against these models, but rows never become objects of them; `evoheur.archive.records` has what leaves.
"""

from datetime import datetime
from typing import Any, get_args

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from evoheur.archive.columns import AnyText, UtcDateTime, one_of
from evoheur.archive.records import RunStatus
from evoheur.candidate import AUDIT, ObjectiveKind, Status
from evoheur.problem import SPLITS, Aggregate
from evoheur.request import StoredProduct

__all__ = [
    "Base",
    "CandidateParentRow",
    "CandidateRow",
    "CompletionRow",
    "EvaluationRow",
    "InstanceResultRow",
    "PromptDictionaryRow",
    "RequestParentRow",
    "RequestRow",
    "RunEventRow",
    "RunRow",
    "RunTagRow",
    "SessionRow",
    "SolutionRow",
    "TextbookGapRow",
]


class Base(DeclarativeBase):
    """The base of all tables.

    Its naming convention lets a migration refer to every constraint.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        str: AnyText,
        float: Double,
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
    }


class RunRow(Base):
    """One discovery run."""

    __tablename__ = "run"
    __table_args__ = (one_of("status", get_args(RunStatus)),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String, unique=True)
    created_at: Mapped[datetime]
    seed: Mapped[int] = mapped_column(BigInteger)
    problem: Mapped[str]
    problem_hash: Mapped[str]
    prompts_hash: Mapped[str]
    evoheur_version: Mapped[str]
    status: Mapped[str] = mapped_column(String)
    reason: Mapped[str]
    config: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(server_default="")


class RunTagRow(Base):
    """A tag of a run: one word of its user's, by which runs are found again."""

    __tablename__ = "run_tag"
    __table_args__ = (Index(None, "tag"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String, primary_key=True)


class SessionRow(Base):
    """A session of a run.

    From the run's start or a resume to its end, or to the last sign of life before a kill.
    """

    __tablename__ = "session"
    __table_args__ = (Index(None, "run_id"), CheckConstraint("seconds >= 0", name="seconds"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    seconds: Mapped[float]


class RunEventRow(Base):
    """Something that happened to a run beside its log, such as an outage, for people to read later.

    Nothing is replayed from it. Its `after_seq` is the position in the log that had been reached, its `seconds` the wall time of the run.
    """

    __tablename__ = "run_event"
    __table_args__ = (Index(None, "run_id", "id"), CheckConstraint("seconds >= 0", name="seconds"))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    at: Mapped[datetime]
    seconds: Mapped[float]
    after_seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String)
    text: Mapped[str]
    details: Mapped[dict[str, Any]]


class PromptDictionaryRow(Base):
    """Prompts of a run, one after the other, with which later ones of it are compressed.

    Its content is JSON of messages, compressed itself (deflate without a header, RFC 1951).
    """

    __tablename__ = "prompt_dictionary"
    __table_args__ = (Index(None, "run_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    content: Mapped[bytes]


class RequestRow(Base):
    """A request of a strategy, and what became of it.

    It is unfinished while `told_seq` is NULL. `told_seconds` is the wall time of the run by then, in seconds; NULL in what older versions
    wrote, in imported logs, and of what was simplified after the search.

    Its prompt is a list of messages as JSON, [{"role": …, "content": …}, …], compressed with the dictionary that it names (deflate without
    a header, RFC 1951; in Python, `zlib.decompressobj(-15, dictionary)`); empty where no model is asked. `Archive.replies` and
    `evoheur show --prompt` give its text.
    """

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("run_id", "number"),
        UniqueConstraint("run_id", "asked_seq"),
        UniqueConstraint("run_id", "told_seq"),
        # Covers the counting of outcomes, which the budget does after every tell.
        Index(None, "run_id", "operator", "outcome", "failure_reason", "failure_attempts"),
        Index(None, "dictionary_id"),  # without it, deleting a run looks through all requests for each of its dictionaries
        one_of("produces", get_args(StoredProduct)),
        one_of("outcome", ("candidate", "note", "failure", "rescored")),
        one_of("failure_stage", ("generation", "parsing")),
        CheckConstraint("(told_seq IS NULL) = (outcome IS NULL)", name="told"),
        CheckConstraint("told_seq IS NULL OR told_seq > asked_seq", name="order"),
        CheckConstraint("(coalesce(outcome, '') = 'note') = (note IS NOT NULL)", name="note"),
        *(
            CheckConstraint(f"(coalesce(outcome, '') = 'failure') = ({column} IS NOT NULL)", name=f"{column}_if_failure")
            for column in ("failure_stage", "failure_reason", "failure_attempts", "failure_detail")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int]
    operator: Mapped[str]
    produces: Mapped[str] = mapped_column(String)
    epoch: Mapped[int] = mapped_column(server_default="0")
    asked_seq: Mapped[int]
    told_seq: Mapped[int | None]
    told_seconds: Mapped[float | None]
    fingerprint: Mapped[str] = mapped_column(String)
    outcome: Mapped[str | None] = mapped_column(String)
    failure_stage: Mapped[str | None] = mapped_column(String)
    failure_reason: Mapped[str | None]
    failure_attempts: Mapped[int | None]
    failure_detail: Mapped[str | None]
    note: Mapped[str | None]
    dictionary_id: Mapped[int | None] = mapped_column(ForeignKey("prompt_dictionary.id"))
    prompt: Mapped[bytes]


class RequestParentRow(Base):
    """A candidate that a request's prompt shows; one candidate may be shown twice."""

    __tablename__ = "request_parent"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "parent"], ["candidate.run_id", "candidate.number"]),
        Index(None, "run_id", "parent"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int]
    parent: Mapped[int]


class CompletionRow(Base):
    """The reply to a request; a stored one is never bought again.

    Its price is what `price_source` says of its tokens: a table with its version, or "configuration".
    """

    __tablename__ = "completion"

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), primary_key=True, autoincrement=False)
    model: Mapped[str]
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    cached_tokens: Mapped[int] = mapped_column(server_default="0")
    reasoning_tokens: Mapped[int] = mapped_column(server_default="0")
    estimated: Mapped[bool]
    finish: Mapped[str]
    seconds: Mapped[float]
    attempts: Mapped[int]
    evaluations: Mapped[int] = mapped_column(server_default="0")
    cost_usd: Mapped[float | None]
    price_source: Mapped[str | None]
    text: Mapped[str]


class CandidateRow(Base):
    """A candidate of a run.

    Number 0 is the baseline, which no request asked for. A duplicate has no evaluation of its own.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("run_id", "number"),
        ForeignKeyConstraint(["run_id", "duplicate_of"], ["candidate.run_id", "candidate.number"]),
        Index(None, "run_id", "code_hash"),
        Index(None, "run_id", "duplicate_of"),
        CheckConstraint("(request_id IS NULL) = (number = 0)", name="baseline"),
        CheckConstraint("duplicate_of < number", name="duplicate_of_earlier"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), unique=True)
    operator: Mapped[str]
    duplicate_of: Mapped[int | None]
    code_hash: Mapped[str] = mapped_column(String)
    thought: Mapped[str]
    code: Mapped[str]


class CandidateParentRow(Base):
    """A candidate that another was bred from."""

    __tablename__ = "candidate_parent"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "parent"], ["candidate.run_id", "candidate.number"]),
        Index(None, "run_id", "parent"),
    )

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int]
    parent: Mapped[int]


class EvaluationRow(Base):
    """An evaluation of one candidate on one split, or on the training instances of one epoch.

    Its cpu_seconds is the sum over its instances, for queries by hand.
    """

    __tablename__ = "evaluation"
    __table_args__ = (
        UniqueConstraint("candidate_id", "split", "epoch"),
        one_of("split", (*SPLITS, AUDIT, "custom")),
        one_of("status", Status),
        CheckConstraint("(status = 'ok') = (objective IS NOT NULL)", name="objective_if_ok"),
        one_of("objective_kind", get_args(ObjectiveKind)),
        one_of("aggregate", get_args(Aggregate)),
        CheckConstraint("(objective IS NULL) = (objective_kind IS NULL)", name="objective_kind_if_objective"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    split: Mapped[str] = mapped_column(String)
    epoch: Mapped[int] = mapped_column(server_default="0")
    status: Mapped[str] = mapped_column(String)
    objective: Mapped[float | None]
    objective_kind: Mapped[str | None] = mapped_column(String)
    aggregate: Mapped[str | None] = mapped_column(String)
    cpu_seconds: Mapped[float]
    level: Mapped[str]
    detail: Mapped[str]
    measures: Mapped[dict[str, Any]]


class InstanceResultRow(Base):
    """One candidate on one instance, in the order they ran."""

    __tablename__ = "instance_result"
    __table_args__ = (
        one_of("status", Status),
        CheckConstraint("(status = 'ok') = (cost IS NOT NULL)", name="cost_if_ok"),
    )

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    instance: Mapped[str]
    family: Mapped[str]
    status: Mapped[str] = mapped_column(String)
    cost: Mapped[float | None]
    reference: Mapped[float | None]
    cpu_seconds: Mapped[float]
    detail: Mapped[str]
    notes: Mapped[dict[str, Any]]


class TextbookGapRow(Base):
    """The best textbook rule on one family of a run's instances, with its gap in percent."""

    __tablename__ = "textbook_gap"
    __table_args__ = (one_of("split", SPLITS),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True)
    split: Mapped[str] = mapped_column(String, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[str]
    rule: Mapped[str]
    gap: Mapped[float]


class SolutionRow(Base):
    """A candidate's solution of one instance, kept to be drawn.

    The last one, where instances of one name were made afresh.
    """

    __tablename__ = "solution"
    __table_args__ = (one_of("split", (*SPLITS, AUDIT, "custom")),)

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    split: Mapped[str] = mapped_column(String, primary_key=True)
    instance: Mapped[str] = mapped_column(primary_key=True)
    solution: Mapped[Any] = mapped_column(JSON, nullable=False)
